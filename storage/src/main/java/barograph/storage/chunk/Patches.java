package barograph.storage.chunk;

/// The arithmetic of packing in one width with exceptions, on a histogram of bit widths.
final class Patches {
  /// Width byte, and for exceptions their number and how much wider they are.
  private static final int HEADER_BITS = 8;

  private static final int PATCH_HEADER_BITS = 16;

  /// Bits that hold a width.
  private static final int WIDTH_BITS = 7;

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
  ///
  /// @param most the greatest width that there is
  static long cost(int[] widths, int count, int most) {
    return HEADER_BITS + (search(widths, count, most) >>> WIDTH_BITS);
  }

  /// The width in which the whole takes the fewest bits.
  ///
  /// @param most the greatest width that there is
  static int cheapestWidth(int[] widths, int count, int most) {
    return (int) search(widths, count, most) & ((1 << WIDTH_BITS) - 1);
  }

  /// The bits that the numbers take in the cheapest width, and that width below them.
  private static long search(int[] widths, int count, int most) {
    int placeBits = placeBits(count);
    int best = most;
    long bestCost = (long) count * most;
    int patches = 0;
    for (int width = most - 1; width >= 0; width--) {
      patches += widths[width + 1];
      long exceptions = PATCH_HEADER_BITS + (long) patches * (placeBits + most - width);
      if (exceptions >= bestCost) {
        // Narrower still, there are more of them, and each takes more.
        break;
      }
      long cost = (long) count * width + exceptions;
      if (cost < bestCost) {
        bestCost = cost;
        best = width;
      }
    }
    return bestCost << WIDTH_BITS | best;
  }
}
