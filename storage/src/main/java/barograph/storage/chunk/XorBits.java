package barograph.storage.chunk;

/// The XOR encoding of Gorilla (Pelkonen et al., VLDB 2015): a value that repeats takes one bit,
/// another the bits in which it differs, in the last window of places or a new one.
final class XorBits {
  private static final int LEADING_BITS = 5;
  private static final int MAX_LEADING = 31;
  private static final int LENGTH_BITS = 6;

  private XorBits() {}

  /// Bytes that [#encode] takes.
  static int size(double[] values, int from, int count) {
    long bits = 64;
    long last = Double.doubleToRawLongBits(values[from]);
    int leading = 0;
    int trailing = 64;
    for (int i = from + 1; i < from + count; i++) {
      long next = Double.doubleToRawLongBits(values[i]);
      long difference = next ^ last;
      last = next;
      if (difference == 0) {
        bits++;
        continue;
      }
      int zerosInFront = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(difference));
      int zerosBehind = Long.numberOfTrailingZeros(difference);
      if (zerosInFront < leading || zerosBehind < trailing) {
        leading = zerosInFront;
        trailing = zerosBehind;
        bits += LEADING_BITS + LENGTH_BITS;
      }
      bits += 2 + 64 - leading - trailing;
    }
    return (int) ((bits + 7) >>> 3);
  }

  static void encode(double[] values, int from, int count, BitWriter bits, ByteSink into) {
    bits.start(into, 64 + (long) count * (2 + LEADING_BITS + LENGTH_BITS + 64));
    long last = Double.doubleToRawLongBits(values[from]);
    bits.put(last, 64);
    int leading = 0;
    int length = 0;
    for (int i = from + 1; i < from + count; i++) {
      long next = Double.doubleToRawLongBits(values[i]);
      long difference = next ^ last;
      last = next;
      if (difference == 0) {
        bits.put(0, 1);
        continue;
      }
      int zerosInFront = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(difference));
      int zerosBehind = Long.numberOfTrailingZeros(difference);
      int trailing = 64 - leading - length;
      if (length > 0 && zerosInFront >= leading && zerosBehind >= trailing) {
        bits.put(0b01, 2);
        bits.put(difference >>> trailing, length);
      } else {
        leading = zerosInFront;
        length = 64 - leading - zerosBehind;
        bits.put(0b11, 2);
        bits.put(leading, LEADING_BITS);
        bits.put(length - 1, LENGTH_BITS);
        bits.put(difference >>> zerosBehind, length);
      }
    }
    bits.finish();
  }

  /// Decodes `count` values and returns where their bits end.
  static int decode(byte[] bytes, int from, int limit, int count, double[] into, int at) {
    long bit = 8L * from;
    long last = Bits.get(bytes, bit, 64);
    bit += 64;
    into[at] = Double.longBitsToDouble(last);
    int trailing = 0;
    int length = 0;
    for (int i = at + 1; i < at + count; i++) {
      if (bit >>> 3 > limit) {
        break;
      }
      int head = (int) Bits.get(bytes, bit, 2 + LEADING_BITS + LENGTH_BITS);
      if ((head & 1) == 0) {
        bit++;
      } else {
        bit += 2;
        if ((head & 2) != 0) {
          int leading = (head >>> 2) & MAX_LEADING;
          length = (head >>> (2 + LEADING_BITS)) + 1;
          trailing = 64 - leading - length;
          bit += LEADING_BITS + LENGTH_BITS;
        }
        if (length == 0 || trailing < 0) {
          throw new CorruptChunkException(
              "xor window of %d bits, %d behind it".formatted(length, trailing));
        }
        last ^= Bits.get(bytes, bit, length) << trailing;
        bit += length;
      }
      into[i] = Double.longBitsToDouble(last);
    }
    int end = (int) ((bit + 7) >>> 3);
    if (end > limit) {
      throw new CorruptChunkException("xor bits run past byte " + limit);
    }
    return end;
  }
}
