package barograph.storage.block;

/// Part of a block is not what was written, or no version of ours wrote it. The rest of the block,
/// if it opened at all, can still be read.
public final class CorruptBlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;
  private final long length;
  private final boolean mended;

  public CorruptBlockException(String message) {
    this(message, 0, 0);
  }

  /// @param offset where the bytes begin that are not what was written
  /// @param length how many they are; 0 if that is not known
  CorruptBlockException(String message, long offset, long length) {
    this(message, offset, length, false);
  }

  private CorruptBlockException(String message, long offset, long length, boolean mended) {
    super(message);
    this.offset = offset;
    this.length = length;
    this.mended = mended;
  }

  /// Bytes that are not what was written, but are known all the same.
  static CorruptBlockException mended(String message, long offset, long length) {
    return new CorruptBlockException(message, offset, length, true);
  }

  public CorruptBlockException(String message, Throwable cause) {
    super(message, cause);
    this.offset = 0;
    this.length = 0;
    this.mended = false;
  }

  /// Whether nothing is lost.
  boolean isMended() {
    return mended;
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
