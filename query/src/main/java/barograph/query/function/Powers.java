package barograph.query.function;

/// Powers, whose last bits are those of Prometheus on amd64: one factor for each binary digit of
/// the exponent's whole part, and an exponential for its fraction.
///
/// What comes of zeros, infinities and NaN is IEEE 754's `pow`, which is not Java's: 1 to anything
/// is 1, and so is -1 to an infinity.
final class Powers {
  private static final double TWO_53 = 0x1p53;
  private static final double TWO_63 = 0x1p63;

  /// Powers of two below this one are far from the ends of the normal numbers.
  private static final int SAFE = 1000;

  /// Beyond this power of two a result has left the doubles, in whichever direction it went.
  private static final int FAR = 1 << 12;

  private Powers() {}

  static double pow(double base, double exponent) {
    if (exponent == 0 || base == 1) {
      return 1;
    }
    if (exponent == 1) {
      return base;
    }
    if (Double.isNaN(base) || Double.isNaN(exponent)) {
      return Double.NaN;
    }
    if (base == 0) {
      return ofZero(base, exponent);
    }
    double size = Math.abs(exponent);
    if (Double.isInfinite(exponent)) {
      return limit(base, exponent);
    }
    if (Double.isInfinite(base)) {
      return ofZero(1 / base, -exponent);
    }
    if (size == 0.5) {
      return exponent > 0 ? Math.sqrt(base) : 1 / Math.sqrt(base);
    }
    double whole = Math.floor(size);
    double fraction = size - whole;
    if (fraction != 0 && base < 0) {
      return Double.NaN;
    }
    if (whole >= TWO_63) {
      return limit(base, exponent);
    }
    double start = 1;
    if (fraction != 0) {
      if (fraction > 0.5) {
        fraction--;
        whole++;
      }
      start = Exponentials.exp(fraction * Logarithms.ln(base));
    }
    long times = (long) whole;
    double largestPower = (Math.abs(Math.getExponent(base)) + 1) * (whole + 1);
    if (largestPower < SAFE) {
      double product = multiplied(start, base, times);
      return exponent < 0 ? 1 / product : product;
    }
    return multipliedFar(start, base, times, exponent < 0);
  }

  /// `start * base^times`, where nothing on the way leaves the normal numbers.
  private static double multiplied(double start, double base, long times) {
    double product = start;
    double square = base;
    for (long left = times; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        product *= square;
      }
      square *= square;
    }
    return product;
  }

  /// `start * base^times`, or one by that: the same products of fractions, whose powers of two are
  /// counted apart.
  private static double multipliedFar(double start, double base, long times, boolean inverse) {
    int shift = Math.abs(base) < Double.MIN_NORMAL ? 53 : 0;
    double normal = Exponentials.scaled(base, shift);
    int power = Math.getExponent(normal) + 1;
    double square = Exponentials.scaled(normal, -power);
    power -= shift;
    double product = start;
    int productPower = 0;
    for (long left = times; left != 0; left >>>= 1) {
      if (power < -FAR || power > FAR) {
        productPower += power;
        break;
      }
      if ((left & 1) != 0) {
        product *= square;
        productPower += power;
      }
      square *= square;
      power <<= 1;
      if (square < 0.5) {
        square += square;
        power--;
      }
    }
    return inverse
        ? Exponentials.scaled(1 / product, -productPower)
        : Exponentials.scaled(product, productPower);
  }

  /// A power of a zero; the sign is kept by odd exponents.
  private static double ofZero(double zero, double exponent) {
    double size = exponent > 0 ? 0 : Double.POSITIVE_INFINITY;
    return isOdd(exponent) ? Math.copySign(size, zero) : size;
  }

  /// What powers tend to with exponents of one sign.
  private static double limit(double base, double exponent) {
    if (base == -1) {
      return 1;
    }
    return (Math.abs(base) < 1) == (exponent > 0) ? 0 : Double.POSITIVE_INFINITY;
  }

  private static boolean isOdd(double value) {
    return Math.abs(value) < TWO_53 && (long) value == value && ((long) value & 1) != 0;
  }
}
