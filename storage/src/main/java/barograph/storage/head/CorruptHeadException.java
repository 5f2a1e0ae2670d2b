package barograph.storage.head;

/// A head file or checkpoint is not as it was written; names the file, what was found and what was
/// expected.
public final class CorruptHeadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptHeadException(String message) {
    super(message);
  }
}
