package barograph.query.ast;

import java.math.BigDecimal;

/// Floating-point numbers in the shortest decimal text that reads back as the same number, in the
/// two shapes that Go gives them.
public final class FloatText {
  private FloatText() {}

  /// Never with an exponent: Go's `'f'`.
  public static String plain(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return shortest(value).toPlainString();
  }

  /// With an exponent from 1e21 on and below 1e-4: Go's `%v`.
  public static String general(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value) || Double.isInfinite(value) || (size >= 1e-4 && size < 1e21)) {
      return plain(value);
    }
    if (size == 0) {
      return plain(value);
    }
    BigDecimal exact = shortest(value);
    String digits = exact.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - exact.scale();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private static BigDecimal shortest(double value) {
    // Java asks for two digits at least, so it writes the smallest number of all as 4.9E-324.
    return Math.abs(value) == Double.MIN_VALUE
        ? new BigDecimal(value < 0 ? "-5E-324" : "5E-324")
        : new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }
}
