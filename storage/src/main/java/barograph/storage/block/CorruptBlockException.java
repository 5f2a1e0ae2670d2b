package barograph.storage.block;

/// Part of a block is not what was written, or no version of ours wrote it. The rest of the block,
/// if it opened at all, can still be read.
public final class CorruptBlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;
  private final long length;

  public CorruptBlockException(String message) {
    this(message, 0, 0);
  }

  /// @param offset where the bytes begin that are not what was written
  /// @param length how many they are; 0 if that is not known
  CorruptBlockException(String message, long offset, long length) {
    super(message);
    this.offset = offset;
    this.length = length;
  }

  public CorruptBlockException(String message, Throwable cause) {
    super(message, cause);
    this.offset = 0;
    this.length = 0;
  }

  /// Where the damaged bytes begin.
  long offset() {
    return offset;
  }

  /// How many bytes are damaged; 0 if that is not known.
  long length() {
    return length;
  }
}
