package barograph.storage.chunk;

/// Small arithmetic of packing in one width with exceptions.
final class Patches {
  private Patches() {}

  /// Bits that name a place among `count`.
  static int placeBits(int count) {
    return Math.max(1, Bits.width(count - 1));
  }

  static int mostWidth(int[] widths) {
    int most = 64;
    while (most > 0 && widths[most] == 0) {
      most--;
    }
    return most;
  }
}
