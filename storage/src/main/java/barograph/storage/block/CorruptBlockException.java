package barograph.storage.block;

/// Part of a block is not what was written, or no version of ours wrote it. The rest of the block,
/// if it opened at all, can still be read.
public final class CorruptBlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptBlockException(String message) {
    super(message);
  }

  public CorruptBlockException(String message, Throwable cause) {
    super(message, cause);
  }
}
