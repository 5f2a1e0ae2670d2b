package barograph.alerting.route;

import barograph.storage.model.Matcher;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Matchers as Alertmanager's configuration writes them: `a="b"`, or several as `{a="b", c=~"d"}`.
///
/// There are two ways to write them. What the older one reads ([ClassicMatchers]) means what it
/// always has. Anything else is read in the newer one, where names too may be any text: both stand
/// in quotes, with Go's escapes, or without as long as they hold no white space and none of
/// ``{}!=~,\"'` ``.
public final class MatcherText {
  private static final String RESERVED = "{}!=~,\\\"'`";

  private final String text;
  private int at;

  private MatcherText(String text) {
    this.text = text;
  }

  /// The matchers that `text` spells.
  ///
  /// @throws IllegalArgumentException saying where it is not as expected
  public static List<Matcher> parse(String text) {
    try {
      return ClassicMatchers.parse(text);
    } catch (IllegalArgumentException classic) {
      try {
        return new MatcherText(text).matchers();
      } catch (IllegalArgumentException e) {
        e.addSuppressed(classic);
        throw e;
      }
    }
  }

  /// How a group's key writes matchers: by name, value and kind, whatever their order was.
  static String canonical(List<Matcher> matchers) {
    return matchers.stream()
        .sorted(
            Comparator.comparing(Matcher::name)
                .thenComparing(Matcher::value)
                .thenComparing(Matcher::type))
        .map(matcher -> matcher.name() + matcher.type().symbol() + quote(matcher.value()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quote(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private List<Matcher> matchers() {
    var matchers = new ArrayList<Matcher>();
    skipSpace();
    boolean braces = take('{');
    skipSpace();
    while (at < text.length() && text.charAt(at) != '}') {
      matchers.add(matcher());
      skipSpace();
      if (!take(',')) {
        break;
      }
      skipSpace();
    }
    if (braces && !take('}')) {
      throw error("expected \"}\" or \",\"");
    }
    skipSpace();
    if (at < text.length()) {
      throw error("expected the end");
    }
    return List.copyOf(matchers);
  }

  private Matcher matcher() {
    var name = word("a label name");
    skipSpace();
    var type = operator();
    skipSpace();
    return new Matcher(type, name, word("a value"));
  }

  private Matcher.Type operator() {
    for (var type :
        List.of(
            Matcher.Type.REGEX,
            Matcher.Type.NOT_REGEX,
            Matcher.Type.NOT_EQUAL,
            Matcher.Type.EQUAL)) {
      if (text.startsWith(type.symbol(), at)) {
        at += type.symbol().length();
        return type;
      }
    }
    throw error("expected an operator such as '=', '!=', '=~' or '!~'");
  }

  private String word(String what) {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && RESERVED.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw error("expected " + what);
    }
    return text.substring(start, at);
  }

  /// A string in quotes: escapes may give single bytes of UTF-8, so it is put together of bytes.
  private String quoted() {
    var bytes = new ByteArrayOutputStream();
    at++;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c == '"') {
        return bytes.toString(StandardCharsets.UTF_8);
      }
      if (c == '\\') {
        escape(bytes);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    throw error("expected '\"' to end the string");
  }

  private void escape(ByteArrayOutputStream bytes) {
    char escaped = at < text.length() ? text.charAt(at++) : ' ';
    switch (escaped) {
      case 'a' -> bytes.write(7);
      case 'b' -> bytes.write('\b');
      case 'f' -> bytes.write('\f');
      case 'n' -> bytes.write('\n');
      case 'r' -> bytes.write('\r');
      case 't' -> bytes.write('\t');
      case 'v' -> bytes.write(11);
      case '\\', '"' -> bytes.write(escaped);
      case 'x' -> bytes.write(number(2, 16));
      case 'u' -> codePoint(bytes, number(4, 16));
      case 'U' -> codePoint(bytes, number(8, 16));
      case '0', '1', '2', '3' -> {
        at--;
        bytes.write(number(3, 8));
      }
      default -> throw error("unknown escape \"\\%s\" in a string".formatted(escaped));
    }
  }

  private int number(int digits, int radix) {
    try {
      if (at + digits <= text.length() && Character.digit(text.charAt(at), radix) >= 0) {
        int number = Integer.parseInt(text, at, at + digits, radix);
        at += digits;
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw error("expected %d digits of base %d behind a backslash".formatted(digits, radix));
  }

  private void codePoint(ByteArrayOutputStream bytes, int point) {
    if (!Character.isValidCodePoint(point)
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
      throw error("\\u%x is no character".formatted(point));
    }
    bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException error(String expected) {
    var found = at < text.length() ? "\"" + text.substring(at) + "\"" : "the end";
    return new IllegalArgumentException(
        "bad matcher format: %s: %d: %s, found %s".formatted(text, at + 1, expected, found));
  }
}
