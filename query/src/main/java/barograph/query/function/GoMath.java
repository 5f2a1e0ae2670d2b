package barograph.query.function;

/// Mathematics where Go and Java disagree, be it in a last bit, or Java has nothing: PromQL's
/// results are Go's.
public final class GoMath {
  private GoMath() {}

  /// Power, where 1 to anything is 1 and -1 to an infinity is 1.
  public static double pow(double base, double exponent) {
    return Powers.pow(base, exponent);
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
    return Logarithms.log2(value);
  }

  /// Two to the power of `value`.
  public static double exp2(double value) {
    return Exponentials.exp2(value);
  }

  /// The direction of a point, between -π and π.
  public static double atan2(double y, double x) {
    return Arcs.atan2(y, x);
  }
}
