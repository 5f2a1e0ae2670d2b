package barograph.ingest.exposition;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/// The one way in which a bucket's bound or a quantile is written, whatever the page's way.
public final class NumberLabel {
  private NumberLabel() {}

  /// `value` as OpenMetrics writes a number: the fewest digits that give it back, with `.0` if it
  /// would look like an integer. What is no number stays as it is.
  public static String normalised(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    double number;
    try {
      number = DecimalText.parse(text, 0, text.length);
    } catch (BadPageException e) {
      return value;
    }
    return text(number);
  }

  /// `number` as OpenMetrics writes it.
  public static String text(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    String shortest = shortest(number);
    return shortest.contains(".") || shortest.contains("e") ? shortest : shortest + ".0";
  }

  /// C's `%g` with the fewest digits that are exact: with an exponent when that is below -4 or
  /// above 5.
  private static String shortest(double number) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - decimal.scale() - 1;
    String sign = number < 0 ? "-" : "";
    if (exponent < -4 || exponent > 5) {
      return sign + withExponent(digits, exponent);
    }
    return sign + decimal.toPlainString();
  }

  private static String withExponent(String digits, int exponent) {
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%se%s%02d"
        .formatted(digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
