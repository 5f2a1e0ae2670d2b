package barograph.ingest.unpack;

/// A body that cannot be unpacked, or is too large to be.
public final class UnpackException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean tooLarge;

  private UnpackException(boolean tooLarge, String message) {
    super(message);
    this.tooLarge = tooLarge;
  }

  static UnpackException corrupt(String message) {
    return new UnpackException(false, message);
  }

  static UnpackException tooLarge(long bytes, int limit) {
    return new UnpackException(
        true,
        "request of %d bytes after decompression is larger than the limit of %d"
            .formatted(bytes, limit));
  }

  static UnpackException tooLarge(int limit) {
    return new UnpackException(
        true,
        "request of more than %d bytes after decompression, which is the limit".formatted(limit));
  }

  /// Whether the body is larger than the limit, rather than broken.
  public boolean tooLarge() {
    return tooLarge;
  }
}
