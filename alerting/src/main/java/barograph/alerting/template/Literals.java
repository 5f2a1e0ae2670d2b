package barograph.alerting.template;

import java.util.function.Function;

/// Reads Go's literals.
final class Literals {
  private Literals() {}

  /// The text of a quoted or raw string.
  static String string(String literal, Function<String, TemplateException> error) {
    var inner = literal.substring(1, literal.length() - 1);
    if (literal.charAt(0) == '`') {
      return inner.replace("\r", "");
    }
    var text = new StringBuilder();
    for (int i = 0; i < inner.length(); ) {
      i = unescape(inner, i, text, error);
    }
    return text.toString();
  }

  /// A [Long] or a [Double]; a character is its code point.
  static Object number(String literal, Function<String, TemplateException> error) {
    if (literal.charAt(0) == '\'') {
      var text = new StringBuilder();
      var inner = literal.substring(1, literal.length() - 1);
      if (inner.isEmpty() || unescape(inner, 0, text, error) != inner.length()) {
        throw error.apply("malformed character constant: " + literal);
      }
      return (long) text.codePointAt(0);
    }
    var plain = literal.replace("_", "");
    try {
      return integer(plain);
    } catch (NumberFormatException notWhole) {
      try {
        return Double.parseDouble(checkedFloat(plain));
      } catch (NumberFormatException e) {
        throw error.apply("bad number syntax: \"%s\"".formatted(literal));
      }
    }
  }

  private static Long integer(String text) {
    boolean negative = text.startsWith("-");
    var digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (Character.toLowerCase(digits.charAt(1))) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
          };
      digits =
          digits.substring(radix == 8 && Character.toLowerCase(digits.charAt(1)) != 'o' ? 1 : 2);
    }
    return Long.parseLong(negative ? "-" + digits : digits, radix);
  }

  /// Refuses what only Java takes for a number: a type suffix.
  private static String checkedFloat(String text) {
    char last = text.charAt(text.length() - 1);
    if (!(last >= '0' && last <= '9') && last != '.') {
      throw new NumberFormatException(text);
    }
    return text;
  }

  /// Appends the character at `i` of a quoted text, and gives the index behind it.
  private static int unescape(
      String inner, int i, StringBuilder text, Function<String, TemplateException> error) {
    char c = inner.charAt(i);
    if (c != '\\') {
      text.append(c);
      return i + 1;
    }
    if (i + 1 >= inner.length()) {
      throw error.apply("invalid syntax in \"%s\"".formatted(inner));
    }
    char kind = inner.charAt(i + 1);
    int simple = "abfnrtv\\'\"".indexOf(kind);
    if (simple >= 0) {
      text.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
      return i + 2;
    }
    int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 3;
    boolean octal = kind >= '0' && kind <= '7';
    int from = octal ? i + 1 : i + 2;
    try {
      text.appendCodePoint(Integer.parseInt(inner, from, from + digits, octal ? 8 : 16));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw error.apply("invalid syntax in \"%s\"".formatted(inner));
    }
    return from + digits;
  }
}
