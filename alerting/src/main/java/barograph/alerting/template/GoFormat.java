package barograph.alerting.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints values as Go's package fmt does.
final class GoFormat {
  /// From this power of ten on, the shortest form has an exponent.
  private static final int SHORTEST_LIMIT = 6;

  private static final int MAX_WIDTH = 1_000_000;

  private GoFormat() {}

  /// `%v`
  static String plain(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case String text -> text;
      case GoValue own -> own.printed();
      case Double number -> general(number, -1);
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> plain(entry.getKey()) + ":" + plain(entry.getValue()))
              .collect(Collectors.joining(" ", "map[", "]"));
      case Collection<?> list ->
          list.stream().map(GoFormat::plain).collect(Collectors.joining(" ", "[", "]"));
      case Struct struct ->
          struct.values().stream().map(GoFormat::plain).collect(Collectors.joining(" ", "{", "}"));
      case Duration duration -> duration(duration);
      default -> value.toString();
    };
  }

  /// As `fmt.Sprint`: a space between two values neither of which is a string.
  static String print(List<@Nullable Object> values) {
    var text = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0 && !(values.get(i) instanceof String) && !(values.get(i - 1) instanceof String)) {
        text.append(' ');
      }
      text.append(plain(values.get(i)));
    }
    return text.toString();
  }

  /// As `fmt.Sprintf`, with what it says of verbs that do not fit.
  static String printf(String format, List<@Nullable Object> values) {
    var text = new StringBuilder();
    int next = 0;
    int at = 0;
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        text.append(format, at, format.length());
        break;
      }
      text.append(format, at, percent);
      var verb = new Verb(format, percent + 1);
      next = verb.takeStars(values, next);
      at = verb.end;
      if (verb.letter == 0) {
        text.append("%!(NOVERB)");
      } else if (verb.letter == '%') {
        text.append('%');
      } else if (next >= values.size()) {
        text.append("%!").append(verb.letter).append("(MISSING)");
      } else {
        text.append(verb.apply(values.get(next++)));
      }
    }
    if (next < values.size()) {
      text.append(
          values.subList(next, values.size()).stream()
              .map(value -> value == null ? "<nil>" : Values.typeOf(value) + "=" + plain(value))
              .collect(Collectors.joining(", ", "%!(EXTRA ", ")")));
    }
    return text.toString();
  }

  /// A verb with its flags, width and precision.
  private static final class Verb {
    private final String flags;
    private int width = -1;
    private int precision = -1;
    private final boolean starWidth;
    private final boolean starPrecision;
    private final char letter;
    private final int end;

    Verb(String format, int start) {
      int at = start;
      while (at < format.length() && "+-# 0".indexOf(format.charAt(at)) >= 0) {
        at++;
      }
      flags = format.substring(start, at);
      starWidth = at < format.length() && format.charAt(at) == '*';
      int from = at;
      at = starWidth ? at + 1 : digits(format, at);
      width = starWidth || at == from ? -1 : number(format, from, at);
      boolean dot = at < format.length() && format.charAt(at) == '.';
      at += dot ? 1 : 0;
      starPrecision = dot && at < format.length() && format.charAt(at) == '*';
      from = at;
      if (dot) {
        at = starPrecision ? at + 1 : digits(format, at);
        precision = at == from ? 0 : starPrecision ? -1 : number(format, from, at);
      }
      letter = at < format.length() ? format.charAt(at) : 0;
      end = Math.min(at + 1, format.length());
    }

    private static int digits(String format, int from) {
      int at = from;
      while (at < format.length() && Character.isDigit(format.charAt(at))) {
        at++;
      }
      return at;
    }

    private static int number(String format, int from, int to) {
      return to - from > 7
          ? MAX_WIDTH
          : Math.min(MAX_WIDTH, Integer.parseInt(format, from, to, 10));
    }

    /// Takes width and precision from the arguments where the format has a star.
    int takeStars(List<@Nullable Object> values, int first) {
      int next = first;
      if (starWidth && next < values.size() && values.get(next++) instanceof Long given) {
        width = (int) Math.min(MAX_WIDTH, given);
      }
      if (starPrecision && next < values.size() && values.get(next++) instanceof Long given) {
        precision = (int) Math.min(MAX_WIDTH, given);
      }
      return next;
    }

    String apply(@Nullable Object value) {
      var text =
          switch (letter) {
            case 'v' -> value instanceof Double number ? real(number, 'g') : plain(value);
            case 'T' -> Values.typeOf(value);
            case 's' -> string(value);
            case 'q' -> quoted(value);
            case 't' -> value instanceof Boolean ? plain(value) : null;
            case 'd' -> value instanceof Long number ? signed(Long.toString(number)) : null;
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                value instanceof Double number ? real(number, letter) : null;
            case 'x', 'X' -> hex(value);
            case 'o' -> value instanceof Long number ? Long.toString(number, 8) : null;
            case 'b' -> value instanceof Long number ? Long.toString(number, 2) : null;
            case 'c' -> value instanceof Long number ? Character.toString(number.intValue()) : null;
            case 'U' -> value instanceof Long number ? "U+%04X".formatted(number) : null;
            default -> null;
          };
      return text == null ? misfit(value) : padded(text, value);
    }

    private String misfit(@Nullable Object value) {
      return value == null
          ? "%!" + letter + "(<nil>)"
          : "%!" + letter + "(" + Values.typeOf(value) + "=" + plain(value) + ")";
    }

    private @Nullable String string(@Nullable Object value) {
      var text =
          switch (value) {
            case String itself -> itself;
            case SafeText safe -> safe.text();
            case GoValue own -> own.printed();
            case Map<?, ?> map -> plain(map);
            case Collection<?> list -> plain(list);
            case Duration duration -> plain(duration);
            case null, default -> null;
          };
      if (text != null && precision >= 0 && precision < text.codePointCount(0, text.length())) {
        return text.substring(0, text.offsetByCodePoints(0, precision));
      }
      return text;
    }

    private @Nullable String quoted(@Nullable Object value) {
      return switch (value) {
        case String text -> GoFormat.quoted(text);
        case Long number -> "'" + Character.toString(number.intValue()) + "'";
        case null, default -> null;
      };
    }

    private @Nullable String hex(@Nullable Object value) {
      var text =
          switch (value) {
            case Long number -> Long.toString(number, 16);
            case String string -> {
              var digits = new StringBuilder();
              for (byte b : string.getBytes(StandardCharsets.UTF_8)) {
                digits.append("%02x".formatted(b));
              }
              yield digits.toString();
            }
            case null, default -> null;
          };
      return text == null || letter == 'x' ? text : text.toUpperCase(Locale.ROOT);
    }

    private String real(double value, char form) {
      var text =
          switch (Character.toLowerCase(form)) {
            case 'e' -> exponent(value, precision < 0 ? 6 : precision);
            case 'f' -> fixed(value, precision < 0 ? 6 : precision);
            default -> general(value, precision);
          };
      return signed(Character.isUpperCase(form) ? text.toUpperCase(Locale.ROOT) : text);
    }

    private String signed(String number) {
      if (number.startsWith("-") || number.startsWith("+")) {
        return number.startsWith("+") && flags.indexOf('+') < 0 && !number.equals("+Inf")
            ? number.substring(1)
            : number;
      }
      return flags.indexOf('+') >= 0
          ? "+" + number
          : flags.indexOf(' ') >= 0 ? " " + number : number;
    }

    private String padded(String text, @Nullable Object value) {
      int missing = width - text.codePointCount(0, text.length());
      if (missing <= 0) {
        return text;
      }
      if (flags.indexOf('-') >= 0) {
        return text + " ".repeat(missing);
      }
      boolean number = value instanceof Long || (value instanceof Double d && Double.isFinite(d));
      if (flags.indexOf('0') >= 0 && number) {
        int sign = "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
        return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
      }
      return " ".repeat(missing) + text;
    }
  }

  /// `%f` with `digits` behind the point.
  static String fixed(double value, int digits) {
    var special = special(value);
    if (special != null) {
      return special;
    }
    var text = new BigDecimal(Math.abs(value)).setScale(digits, RoundingMode.HALF_EVEN);
    return sign(value) + text.toPlainString();
  }

  /// `%e` with `digits` behind the point.
  static String exponent(double value, int digits) {
    var special = special(value);
    if (special != null) {
      return special;
    }
    if (value == 0) {
      return sign(value) + (digits == 0 ? "0" : "0." + "0".repeat(digits)) + "e+00";
    }
    var rounded =
        new BigDecimal(Math.abs(value)).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    return sign(value) + exponent(rounded, digits);
  }

  /// `%g`, with the fewest digits that tell the value apart if `digits` is negative.
  static String general(double value, int digits) {
    var special = special(value);
    if (special != null) {
      return special;
    }
    if (value == 0) {
      return sign(value) + "0";
    }
    int precision = digits == 0 ? 1 : digits;
    var decimal =
        (precision < 0
                ? new BigDecimal(Double.toString(Math.abs(value)))
                : new BigDecimal(Math.abs(value))
                    .round(new MathContext(precision, RoundingMode.HALF_EVEN)))
            .stripTrailingZeros();
    int power = decimal.precision() - decimal.scale() - 1;
    int limit = precision < 0 ? SHORTEST_LIMIT : precision;
    if (precision >= 0 && limit > decimal.precision() && decimal.precision() > power) {
      limit = decimal.precision();
    }
    return sign(value)
        + (power < -4 || power >= limit
            ? exponent(decimal, decimal.precision() - 1)
            : decimal.toPlainString());
  }

  private static String exponent(BigDecimal positive, int digits) {
    int power = positive.precision() - positive.scale() - 1;
    var all = new StringBuilder(positive.unscaledValue().toString());
    while (all.length() < digits + 1) {
      all.append('0');
    }
    all.setLength(digits + 1);
    if (digits > 0) {
      all.insert(1, '.');
    }
    return all.append(power < 0 ? "e-" : "e+")
        .append(Math.abs(power) < 10 ? "0" : "")
        .append(Math.abs(power))
        .toString();
  }

  private static @Nullable String special(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : null;
  }

  private static String sign(double value) {
    return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
  }

  /// `%q`
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            case '\r' -> quoted.append("\\r");
            case 7 -> quoted.append("\\a");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            case 11 -> quoted.append("\\v");
            default -> {
              if (c < 0x20 || c == 0x7f) {
                quoted.append("\\x%02x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }

  /// As `time.Duration` prints itself: `1h0m30.5s`, `1.5ms`, `0s`.
  private static String duration(Duration duration) {
    long nanos = duration.toNanos();
    var sign = nanos < 0 ? "-" : "";
    long size = Math.abs(nanos);
    if (size == 0) {
      return "0s";
    }
    if (size < 1_000) {
      return sign + size + "ns";
    }
    if (size < 1_000_000) {
      return sign + scaled(size, 3) + "µs";
    }
    if (size < 1_000_000_000) {
      return sign + scaled(size, 6) + "ms";
    }
    long minutes = size / 60_000_000_000L;
    var seconds = scaled(size % 60_000_000_000L, 9) + "s";
    if (minutes == 0) {
      return sign + seconds;
    }
    return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
  }

  private static String scaled(long value, int digits) {
    var decimal = BigDecimal.valueOf(value, digits).stripTrailingZeros();
    return decimal.signum() == 0 ? "0" : decimal.toPlainString();
  }
}
