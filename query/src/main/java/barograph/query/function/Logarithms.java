package barograph.query.function;

/// Logarithms and the inverse hyperbolic functions made of them, whose last bits are those of
/// Prometheus on amd64.
///
/// The method is that of FreeBSD's msun (SunPro): the argument is brought to between √½ and √2 by a
/// power of two, and a polynomial in f/(2+f) does for 1+f.
final class Logarithms {
  /// ln 2 as a sum. The first one ends in so many zeros that its product with an exponent is exact.
  static final double LN2_HIGH = 0.6931471803691238;

  static final double LN2_LOW = 1.9082149292705877e-10;

  private static final double LN2 = 0.6931471805599453;
  private static final double BINARY_DIGITS_PER_E = 1.4426950408889634;
  private static final double DECIMAL_DIGITS_PER_E = 0.4342944819032518;
  private static final double HALF_ROOT = 0.7071067811865476;

  private static final double C1 = 0.6666666666666735;
  private static final double C2 = 0.3999999999940942;
  private static final double C3 = 0.2857142874366239;
  private static final double C4 = 0.22222198432149784;
  private static final double C5 = 0.1818357216161805;
  private static final double C6 = 0.15313837699209373;
  private static final double C7 = 0.14798198605116586;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final long ONE = 0x3ff0000000000000L;
  private static final long HALF = 0x3fe0000000000000L;
  private static final long ROOT_MANTISSA = 0x0006a09e667f3bcdL;

  private static final double TWO_28 = 0x1p28;
  private static final double TWO_53 = 0x1p53;

  private Logarithms() {}

  /// The natural logarithm. A subnormal number is taken for a normal one of the least exponent, as
  /// Prometheus takes it, which is off by up to 5 %.
  static double ln(double x) {
    if (!(x > 0)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    long bits = Double.doubleToRawLongBits(x);
    double fraction = Double.longBitsToDouble((bits & MANTISSA) | HALF);
    int exponent = (int) (bits >>> MANTISSA_BITS) - 1022;
    if (fraction <= HALF_ROOT) {
      fraction *= 2;
      exponent--;
    }
    double f = fraction - 1;
    double s = f / (2 + f);
    double s2 = s * s;
    double s4 = s2 * s2;
    double odd = s2 * (C1 + s4 * (C3 + s4 * (C5 + s4 * C7)));
    double even = s4 * (C2 + s4 * (C4 + s4 * C6));
    double half = 0.5 * f * f;
    return exponent * LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * LN2_LOW)) - f);
  }

  /// The natural logarithm of `1 + x`.
  static double log1p(double x) {
    if (!(x > -1)) {
      return x == -1 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    double size = Math.abs(x);
    if (size < 0x1p-29) {
      return size < 0x1p-54 ? x : x - x * x * 0.5;
    }
    if (x > -0.2928932188134525 && x < 0.41421356237309503) {
      return ofNearOne(x);
    }
    double sum = size < TWO_53 ? 1 + x : x;
    int exponent = Math.getExponent(sum);
    double lost = 0;
    if (size < TWO_53) {
      lost = (exponent > 0 ? 1 - (sum - x) : x - (sum - 1)) / sum;
    }
    long mantissa = Double.doubleToRawLongBits(sum) & MANTISSA;
    boolean upper = mantissa >= ROOT_MANTISSA;
    double f = Double.longBitsToDouble(mantissa | (upper ? HALF : ONE)) - 1;
    if (upper) {
      exponent++;
    }
    if (exponent == 0) {
      return ofNearOne(f);
    }
    double low = exponent * LN2_LOW + lost;
    if (f == 0) {
      return exponent * LN2_HIGH + low;
    }
    double half = 0.5 * f * f;
    if (upper ? mantissa >= MANTISSA - 2 : mantissa == 0) {
      double third = half * (1 - 0.6666666666666666 * f);
      return exponent * LN2_HIGH - ((third - low) - f);
    }
    double s = f / (2 + f);
    return exponent * LN2_HIGH - ((half - (s * (half + series(s)) + low)) - f);
  }

  /// The logarithm to base two, exact for powers of two.
  static double log2(double x) {
    if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
      return ln(x);
    }
    int shift = x < Double.MIN_NORMAL ? MANTISSA_BITS + 1 : 0;
    long bits = Double.doubleToRawLongBits(shift == 0 ? x : x * 0x1p53);
    int exponent = (int) (bits >>> MANTISSA_BITS) - 1022 - shift;
    if ((bits & MANTISSA) == 0) {
      return exponent - 1;
    }
    double fraction = Double.longBitsToDouble((bits & MANTISSA) | HALF);
    return ln(fraction) * BINARY_DIGITS_PER_E + exponent;
  }

  static double log10(double x) {
    return ln(x) * DECIMAL_DIGITS_PER_E;
  }

  static double asinh(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    double x = Math.abs(value);
    double result;
    if (x > TWO_28) {
      result = ln(x) + LN2;
    } else if (x > 2) {
      result = ln(2 * x + 1 / (Math.sqrt(x * x + 1) + x));
    } else if (x < 0x1p-28) {
      result = x;
    } else {
      result = log1p(x + x * x / (1 + Math.sqrt(1 + x * x)));
    }
    return Math.copySign(result, value);
  }

  static double acosh(double x) {
    if (x < 1 || Double.isNaN(x)) {
      return Double.NaN;
    }
    if (x == 1) {
      return 0;
    }
    if (x >= TWO_28) {
      return ln(x) + LN2;
    }
    if (x > 2) {
      return ln(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
    }
    double t = x - 1;
    return log1p(t + Math.sqrt(2 * t + t * t));
  }

  static double atanh(double value) {
    if (value < -1 || value > 1 || Double.isNaN(value)) {
      return Double.NaN;
    }
    double x = Math.abs(value);
    double result;
    if (x == 1) {
      result = Double.POSITIVE_INFINITY;
    } else if (x < 0x1p-28) {
      result = x;
    } else if (x < 0.5) {
      double t = x + x;
      result = 0.5 * log1p(t + t * x / (1 - x));
    } else {
      result = 0.5 * log1p((x + x) / (1 - x));
    }
    return Math.copySign(result, value);
  }

  /// The logarithm of `1 + f`, where that lies between √½ and √2.
  private static double ofNearOne(double f) {
    double half = 0.5 * f * f;
    double s = f / (2 + f);
    return f - (half - s * (half + series(s)));
  }

  private static double series(double s) {
    double z = s * s;
    return z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * (C6 + z * C7))))));
  }
}
