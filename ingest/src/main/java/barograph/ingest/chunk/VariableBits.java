package barograph.ingest.chunk;

import barograph.ingest.wire.MalformedMessageException;

/// Whole numbers in as many bits as they need, in steps: as many ones as the step's number, a zero,
/// and then the number. Zero is a single zero.
final class VariableBits {
  /// Bits of each step but the first, which has none.
  private static final int[] WIDTHS = {3, 6, 9, 12, 18, 25, 56, 64};

  private VariableBits() {}

  static void write(BitWriter out, long value) {
    if (value == 0) {
      out.bit(0);
      return;
    }
    int step = 0;
    while (!fits(value, WIDTHS[step])) {
      step++;
    }
    put(out, value, step);
  }

  static void writeUnsigned(BitWriter out, long value) {
    if (value == 0) {
      out.bit(0);
      return;
    }
    int step = 0;
    while (Long.SIZE - Long.numberOfLeadingZeros(value) > WIDTHS[step]) {
      step++;
    }
    put(out, value, step);
  }

  private static void put(BitWriter out, long value, int step) {
    boolean last = step == WIDTHS.length - 1;
    out.bits(last ? 0xff : (1 << (step + 2)) - 2, last ? 8 : step + 2);
    out.bits(value, WIDTHS[step]);
  }

  /// Whether `value` is one of the `2^width` numbers that the width stands for: half of them and
  /// one more above zero.
  static boolean fits(long value, int width) {
    return width == Long.SIZE
        || (-((1L << (width - 1)) - 1) <= value && value <= 1L << (width - 1));
  }

  /// What `width` bits that [#fits] stand for.
  static long signed(long bits, int width) {
    return width < Long.SIZE && bits > 1L << (width - 1) ? bits - (1L << width) : bits;
  }

  static long read(BitReader in) throws MalformedMessageException {
    int width = width(in);
    return width == 0 ? 0 : signed(in.bits(width), width);
  }

  static long readUnsigned(BitReader in) throws MalformedMessageException {
    int width = width(in);
    return width == 0 ? 0 : in.bits(width);
  }

  private static int width(BitReader in) throws MalformedMessageException {
    int ones = 0;
    while (ones < WIDTHS.length && in.bit() == 1) {
      ones++;
    }
    return ones == 0 ? 0 : WIDTHS[ones - 1];
  }
}
