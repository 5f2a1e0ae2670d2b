package barograph.ingest.gateway;

/// A push that cannot be taken; the message is for its sender.
final class BadPushException extends Exception {
  private static final long serialVersionUID = 1L;

  BadPushException(String message) {
    super(message);
  }
}
