package barograph.ingest.chunk;

import barograph.ingest.wire.MalformedMessageException;

/// A double that is told by what of its bits differs from the one before (Pelkonen and others,
/// "Gorilla", 2015).
final class XorNumber {
  private static final int NOT_YET = 255;
  private static final int MOST_LEADING = 31;

  private long bits;
  private int leading = NOT_YET;
  private int trailing;

  /// Begins with a number that is written whole.
  void begin(double value) {
    bits = Double.doubleToRawLongBits(value);
    leading = NOT_YET;
    trailing = 0;
  }

  double value() {
    return Double.longBitsToDouble(bits);
  }

  void write(BitWriter out, double value) {
    long next = Double.doubleToRawLongBits(value);
    long delta = next ^ bits;
    bits = next;
    if (delta == 0) {
      out.bit(0);
      return;
    }
    out.bit(1);
    int before = Math.min(Long.numberOfLeadingZeros(delta), MOST_LEADING);
    int behind = Long.numberOfTrailingZeros(delta);
    if (leading != NOT_YET && before >= leading && behind >= trailing) {
      out.bit(0);
      out.bits(delta >>> trailing, Long.SIZE - leading - trailing);
      return;
    }
    leading = before;
    trailing = behind;
    int significant = Long.SIZE - before - behind;
    out.bit(1);
    out.bits(before, 5);
    // There is always one, and so 64 of them are told as none.
    out.bits(significant & 63, 6);
    out.bits(delta >>> behind, significant);
  }

  double read(BitReader in) throws MalformedMessageException {
    if (in.bit() == 0) {
      return value();
    }
    if (in.bit() == 1) {
      leading = (int) in.bits(5);
      int significant = (int) in.bits(6);
      significant = significant == 0 ? Long.SIZE : significant;
      if (leading + significant > Long.SIZE) {
        throw new MalformedMessageException(
            "a number in a chunk has %d bits behind %d, expected at most 64 together"
                .formatted(significant, leading));
      }
      trailing = Long.SIZE - leading - significant;
    } else if (leading == NOT_YET) {
      throw new MalformedMessageException("a number in a chunk goes by one that is not there");
    }
    bits ^= in.bits(Long.SIZE - leading - trailing) << trailing;
    return value();
  }
}
