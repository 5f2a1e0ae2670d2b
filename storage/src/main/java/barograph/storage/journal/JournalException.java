package barograph.storage.journal;

/// A record is not safe, or is not known to be: the disk is full or failing, too much waits, or the
/// journal is closed.
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalException(String message) {
    super(message);
  }

  JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
