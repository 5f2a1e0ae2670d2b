package barograph.storage.chunk;

/// Kinds of values that decimals cannot express and that come one at a time.
final class Specials {
  static final int STALE = 0;
  static final int NAN = 1;
  static final int INFINITY = 2;

  /// Followed by the 64 bits.
  static final int OTHER = 3;

  private static final long STALE_BITS = 0x7ff0000000000002L;
  private static final long NAN_BITS = 0x7ff8000000000001L;
  private static final long INFINITY_BITS = 0x7ff0000000000000L;

  private Specials() {}

  static boolean isSpecial(double value) {
    return !(Math.abs(value) <= Double.MAX_VALUE);
  }

  /// How many of the values are.
  static int count(double[] values, int from, int count) {
    long ordinary = 0;
    for (int i = from; i < from + count; i++) {
      long rest = ~Double.doubleToRawLongBits(values[i]) & INFINITY_BITS;
      // The sign of either it or its negative, without a branch, so that several are done at once.
      ordinary += (rest | -rest) >>> 63;
    }
    return count - (int) ordinary;
  }

  static int kind(long bits) {
    return bits == STALE_BITS
        ? STALE
        : bits == NAN_BITS ? NAN : bits == INFINITY_BITS ? INFINITY : OTHER;
  }

  /// The bits of a kind but [#OTHER].
  static long bits(int kind) {
    return kind == STALE ? STALE_BITS : kind == NAN ? NAN_BITS : INFINITY_BITS;
  }
}
