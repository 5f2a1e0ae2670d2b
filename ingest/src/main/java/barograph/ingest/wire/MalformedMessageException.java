package barograph.ingest.wire;

/// Bytes that are no message of the kind they should be.
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }
}
