package barograph.query.function;

/// An angle so large that the rounding of π would show: it is multiplied with as many bits of 4/π
/// as can reach the result (Payne and Hanek; K. C. Ng, "Argument Reduction for Huge Arguments: Good
/// to the Last Bit").
final class HugeAngle {
  /// Below, π/4 in three parts is as good.
  static final double LEAST = 0x1p29;

  private static final double EIGHTH = Math.PI / 4;
  private static final int MANTISSA_BITS = 52;
  private static final int BIAS = 1023;
  private static final long HIDDEN_BIT = 1L << MANTISSA_BITS;

  /// The bits of 4/π, the first 64 of them before the point.
  private static final long[] FOUR_BY_PI = {
    0x0000000000000001L, 0x45f306dc9c882a53L, 0xf84eafa3ea69bb81L, 0xb6c52b3278872083L,
    0xfca2c757bd778ac3L, 0x6e48dc74849ba5c0L, 0x0c925dd413a32439L, 0xfc3bd63962534e7dL,
    0xd1046bea5d768909L, 0xd338e04d68befc82L, 0x7323ac7306a673e9L, 0x3908bf177bf25076L,
    0x3ff12fffbc0b301fL, 0xde5e2316b414da3eL, 0xda6cfd9e4f96136eL, 0x9e8c7ecd3cbfd45aL,
    0xea4f758fd7cbe2f6L, 0x7a0e73ef14a525d4L, 0xd7f6bf623f1aba10L, 0xac06608df8f6d757L,
  };

  private HugeAngle() {}

  /// The eighths of a turn in `size` modulo 8, up to the next even number.
  static int eighths(double size) {
    int whole = (int) (high(size) >>> 61);
    return (whole + 1) & 6;
  }

  /// What is left of `size` less its `eighths`, in radians.
  ///
  /// The bits that follow the first 64 behind the point are taken from where the lower half starts,
  /// three too early, as Prometheus takes them: near a multiple of π/4 that is worth a last bit.
  static double remainder(double size) {
    long high = high(size);
    long fraction = (high << 3) | (low(size) >>> 61);
    int zeros = Long.numberOfLeadingZeros(fraction);
    long mantissa = (fraction << zeros << 1) | (low(size) >>> (63 - zeros));
    long exponent = BIAS - 1L - zeros;
    double eighths =
        Double.longBitsToDouble((exponent << MANTISSA_BITS) | (mantissa >>> (64 - MANTISSA_BITS)));
    return (((high >>> 61) & 1) == 0 ? eighths : eighths - 1) * EIGHTH;
  }

  /// The upper half of the product with 4/π modulo 8: its first three bits stand before the point.
  private static long high(double size) {
    long mantissa = mantissa(size);
    int first = firstBit(size);
    long middle = digits(first + 64);
    long carry = Long.compareUnsigned(low(size), middle * mantissa) < 0 ? 1 : 0;
    return digits(first) * mantissa + Math.unsignedMultiplyHigh(middle, mantissa) + carry;
  }

  /// The half behind that.
  private static long low(double size) {
    long mantissa = mantissa(size);
    int first = firstBit(size);
    return digits(first + 64) * mantissa + Math.unsignedMultiplyHigh(digits(first + 128), mantissa);
  }

  private static long mantissa(double size) {
    return (Double.doubleToRawLongBits(size) & (HIDDEN_BIT - 1)) | HIDDEN_BIT;
  }

  /// Which bit of 4/π brings the product to the first of the bits that count.
  private static int firstBit(double size) {
    return Math.getExponent(size) - MANTISSA_BITS + 61;
  }

  /// The 64 bits of 4/π from `first` on.
  private static long digits(int first) {
    int at = first >> 6;
    int shift = first & 63;
    return (FOUR_BY_PI[at] << shift) | (FOUR_BY_PI[at + 1] >>> 1 >>> (63 - shift));
  }
}
