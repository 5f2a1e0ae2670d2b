package barograph.query.value;

import java.math.BigDecimal;
import java.math.MathContext;

/// Writes and reads numbers as Go does, because clients of this field compare the very text.
///
/// All forms write the fewest digits that read back to the same double; they differ in when an
/// exponent appears. NaN and the infinities are `NaN`, `+Inf` and `-Inf`.
public final class NumberText {
  /// From here up Java writes no exponent.
  private static final double JAVA_PLAIN_FROM = 1e-3;

  /// From here up [#general] writes an exponent.
  private static final double GENERAL_PLAIN_BELOW = 1e6;

  private NumberText() {}

  /// Never with an exponent: `1e21` is `1000000000000000000000`.
  public static String shortest(double value) {
    return append(new StringBuilder(24), value, Form.PLAIN).toString();
  }

  /// Always with an exponent of at least two digits: `1.2e+01`.
  public static String exponential(double value) {
    return append(new StringBuilder(24), value, Form.EXPONENT).toString();
  }

  /// As the HTTP API writes a sample: plain, unless it is below 1e-6 or from 1e21 up.
  public static String sample(double value) {
    return appendSample(new StringBuilder(24), value).toString();
  }

  /// Appends what [#sample] says.
  public static StringBuilder appendSample(StringBuilder text, double value) {
    double magnitude = Math.abs(value);
    boolean exponent = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
    return append(text, value, exponent ? Form.EXPONENT : Form.PLAIN);
  }

  /// As Go's `%g` writes it: with an exponent below 1e-4 and from a million up.
  public static String general(double value) {
    return append(new StringBuilder(24), value, Form.GENERAL).toString();
  }

  /// As Go's `%.2g` writes it: two digits, with an exponent below 1e-4 and from a hundred up.
  public static String twoDigits(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
      return general(value);
    }
    var rounded = new BigDecimal(value).round(new MathContext(2)).stripTrailingZeros();
    String digits = rounded.unscaledValue().abs().toString();
    int point = digits.length() - rounded.scale();
    var text = new StringBuilder(value < 0 ? "-" : "");
    boolean scientific = point - 1 < -4 || point - 1 >= 2;
    return (scientific ? scientific(text, digits, point - 1) : plain(text, digits, point))
        .toString();
  }

  /// As OpenMetrics writes the bounds of buckets: like [#general], but whole numbers get `.0`.
  public static String openMetrics(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return general(value);
    }
    String text = general(value);
    return text.indexOf('e') < 0 && text.indexOf('.') < 0 ? text + ".0" : text;
  }

  private enum Form {
    PLAIN,
    EXPONENT,
    GENERAL
  }

  private static StringBuilder append(StringBuilder text, double value, Form form) {
    if (Double.isNaN(value)) {
      return text.append("NaN");
    }
    if (Double.isInfinite(value)) {
      return text.append(value > 0 ? "+Inf" : "-Inf");
    }
    double plainBelow = form == Form.PLAIN ? 1e15 : GENERAL_PLAIN_BELOW;
    if (form != Form.EXPONENT && value == Math.rint(value) && Math.abs(value) < plainBelow) {
      if (value == 0 && Double.doubleToRawLongBits(value) != 0) {
        text.append('-');
      }
      return text.append((long) value);
    }
    double magnitude = Math.abs(value);
    if (form != Form.EXPONENT && magnitude >= JAVA_PLAIN_FROM && magnitude < GENERAL_PLAIN_BELOW) {
      // Java writes a fraction of this size as Go does.
      return text.append(value);
    }
    if (value < 0) {
      text.append('-');
    }
    if (value == 0) {
      return text.append(1 / value < 0 ? "-" : "").append(form == Form.EXPONENT ? "0e+00" : "0");
    }
    String shortest = magnitude < 1e-320 ? smallest(magnitude) : Double.toString(magnitude);
    int mark = shortest.indexOf('E');
    int end = mark < 0 ? shortest.length() : mark;
    int dot = shortest.indexOf('.');
    // Java writes a digit on both sides of the point, needed or not.
    int first = 0;
    while (shortest.charAt(first) == '0' || first == dot) {
      first++;
    }
    int last = end - 1;
    while (shortest.charAt(last) == '0' || last == dot) {
      last--;
    }
    String digits =
        dot > first && dot < last
            ? shortest.substring(first, dot) + shortest.substring(dot + 1, last + 1)
            : shortest.substring(first, last + 1);
    int point =
        (dot > first ? dot - first : dot + 1 - first)
            + (mark < 0 ? 0 : Integer.parseInt(shortest, mark + 1, shortest.length(), 10));
    int exponent = point - 1;
    boolean scientific =
        switch (form) {
          case PLAIN -> false;
          case EXPONENT -> true;
          case GENERAL -> exponent < -4 || exponent >= 6;
        };
    return scientific ? scientific(text, digits, exponent) : plain(text, digits, point);
  }

  /// Java insists on two digits for the smallest subnormals; one that reads back is shorter.
  private static String smallest(double magnitude) {
    String two = Double.toString(magnitude);
    var one = new BigDecimal(two).round(new MathContext(1)).stripTrailingZeros();
    return one.doubleValue() == magnitude
        ? "%s.0E%d".formatted(one.unscaledValue(), -one.scale())
        : two;
  }

  private static StringBuilder scientific(StringBuilder text, String digits, int exponent) {
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      text.append('0');
    }
    return text.append(magnitude);
  }

  private static StringBuilder plain(StringBuilder text, String digits, int point) {
    if (point <= 0) {
      return text.append("0.").repeat('0', -point).append(digits);
    }
    if (point >= digits.length()) {
      return text.append(digits).repeat('0', point - digits.length());
    }
    return text.append(digits, 0, point).append('.').append(digits, point, digits.length());
  }

  /// The number that `text` writes, read as Go's `ParseFloat` reads it: decimal, `Inf`, `+Inf`,
  /// `infinity` and `NaN` in any case, hexadecimal with a `p` exponent.
  ///
  /// @throws NumberFormatException if it is none of these
  public static double parse(String text) {
    if (text.isEmpty()) {
      throw new NumberFormatException("empty number");
    }
    int start = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    boolean negative = text.charAt(0) == '-';
    String body = text.substring(start);
    if (body.equalsIgnoreCase("inf") || body.equalsIgnoreCase("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (text.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (body.isEmpty() || !(body.charAt(0) == '.' || isDigit(body.charAt(0)))) {
      throw new NumberFormatException("not a number: \"%s\"".formatted(text));
    }
    boolean hexadecimal = body.startsWith("0x") || body.startsWith("0X");
    char last = body.charAt(body.length() - 1);
    // Java alone takes a type suffix and surrounding blanks.
    boolean typed = "dDfF".indexOf(last) >= 0 && !hexadecimal;
    boolean suffixed = typed || last <= ' ';
    if (suffixed) {
      throw new NumberFormatException("not a number: \"%s\"".formatted(text));
    }
    return Double.parseDouble(text);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
