package barograph.query.function;

/// Mathematics where Go and Java disagree or Java has nothing: PromQL's results are Go's.
public final class GoMath {
  private static final double LN2 = 0.6931471805599453;
  private static final double TWO_28 = 1 << 28;
  private static final double TINY = 1.0 / (1 << 28);

  private GoMath() {}

  /// Power, where 1 to anything is 1 and -1 to an infinity is 1.
  public static double pow(double base, double exponent) {
    if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    return Math.pow(base, exponent);
  }

  /// The larger one; an infinity beats NaN.
  public static double max(double a, double b) {
    if (a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(a, b);
  }

  /// The smaller one; an infinity beats NaN.
  public static double min(double a, double b) {
    if (a == Double.NEGATIVE_INFINITY || b == Double.NEGATIVE_INFINITY) {
      return Double.NEGATIVE_INFINITY;
    }
    return Math.min(a, b);
  }

  /// The number without its fraction, as a conversion on amd64 makes it: what does not fit is the
  /// smallest number.
  public static long toLong(double value) {
    return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
  }

  /// The logarithm to base two, exact for powers of two.
  public static double log2(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return Math.log(value);
    }
    int exponent = Math.getExponent(value);
    double fraction;
    if (exponent < Double.MIN_EXPONENT) {
      double scaled = value * 0x1p54;
      exponent = Math.getExponent(scaled) - 54 + 1;
      fraction = Math.scalb(scaled, -(Math.getExponent(scaled) + 1));
    } else {
      exponent++;
      fraction = Math.scalb(value, -exponent);
    }
    if (fraction == 0.5) {
      return exponent - 1;
    }
    return Math.log(fraction) * (1 / LN2) + exponent;
  }

  public static double asinh(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    double x = Math.abs(value);
    double result;
    if (x > TWO_28) {
      result = Math.log(x) + LN2;
    } else if (x > 2) {
      result = Math.log(2 * x + 1 / (Math.sqrt(x * x + 1) + x));
    } else if (x < TINY) {
      result = x;
    } else {
      result = Math.log1p(x + x * x / (1 + Math.sqrt(1 + x * x)));
    }
    return Math.copySign(result, value);
  }

  public static double acosh(double x) {
    if (x < 1 || Double.isNaN(x)) {
      return Double.NaN;
    }
    if (x == 1) {
      return 0;
    }
    if (x >= TWO_28) {
      return Math.log(x) + LN2;
    }
    if (x > 2) {
      return Math.log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
    }
    double t = x - 1;
    return Math.log1p(t + Math.sqrt(2 * t + t * t));
  }

  public static double atanh(double value) {
    if (value < -1 || value > 1 || Double.isNaN(value)) {
      return Double.NaN;
    }
    double x = Math.abs(value);
    double result;
    if (x == 1) {
      result = Double.POSITIVE_INFINITY;
    } else if (x < TINY) {
      result = x;
    } else if (x < 0.5) {
      double t = x + x;
      result = 0.5 * Math.log1p(t + t * x / (1 - x));
    } else {
      result = 0.5 * Math.log1p((x + x) / (1 - x));
    }
    return Math.copySign(result, value);
  }
}
