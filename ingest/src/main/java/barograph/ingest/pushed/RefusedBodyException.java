package barograph.ingest.pushed;

/// A request of which nothing can be taken, with the status that says so.
public final class RefusedBodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  public RefusedBodyException(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
