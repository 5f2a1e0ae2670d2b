package barograph.storage.wal;

/// Bytes of the log are not what they must be; the message says what was found and expected.
final class CorruptLogException extends Exception {
  private static final long serialVersionUID = 1L;

  CorruptLogException(String message) {
    super(message);
  }
}
