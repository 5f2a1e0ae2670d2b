package barograph.storage.chunk;

/// The arithmetic of packing in one width with exceptions, on a histogram of bit widths.
final class Patches {
  /// Width byte, and for exceptions their number and how much wider they are.
  private static final int HEADER_BITS = 8;

  private static final int PATCH_HEADER_BITS = 16;

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

  /// Bits for the whole in the cheapest width.
  static long cost(int[] widths, int count) {
    return HEADER_BITS + costAt(widths, count, cheapestWidth(widths, count));
  }

  static int cheapestWidth(int[] widths, int count) {
    int most = mostWidth(widths);
    int placeBits = placeBits(count);
    int best = most;
    long bestCost = (long) count * most;
    int patches = 0;
    for (int width = most - 1; width >= 0; width--) {
      patches += widths[width + 1];
      long cost =
          (long) count * width + PATCH_HEADER_BITS + (long) patches * (placeBits + most - width);
      if (cost < bestCost) {
        bestCost = cost;
        best = width;
      }
    }
    return best;
  }

  private static long costAt(int[] widths, int count, int width) {
    int most = mostWidth(widths);
    int patches = 0;
    for (int wide = width + 1; wide <= most; wide++) {
      patches += widths[wide];
    }
    long plain = (long) count * width;
    return patches == 0
        ? plain
        : plain + PATCH_HEADER_BITS + (long) patches * (placeBits(count) + most - width);
  }
}
