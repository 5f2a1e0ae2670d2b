package barograph.alerting.silence;

/// There is no silence of this id, or no longer.
public final class UnknownSilenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownSilenceException() {
    super("silence not found");
  }
}
