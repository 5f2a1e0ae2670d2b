package barograph.alerting.route;

import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Matchers as Alertmanager's configuration writes them: `a="b"`, or several as `{a="b", c=~"d"}`.
///
/// Names and values may stand in quotes, with Go's escapes, or without as long as they hold no
/// white space and none of ``{}!=~,\"'` ``.
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
    return new MatcherText(text).matchers();
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
    if (matchers.isEmpty() && !braces) {
      throw error("expected a matcher");
    }
    return List.copyOf(matchers);
  }

  private Matcher matcher() {
    var name = word();
    if (name.isEmpty()) {
      throw error("expected a label name");
    }
    skipSpace();
    var type = operator();
    skipSpace();
    return new Matcher(type, name, word());
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

  /// A name or a value; an unquoted one may be empty, as in `a=`.
  private String word() {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && RESERVED.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    var word = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return word.toString();
      }
      if (c != '\\') {
        word.append(c);
        continue;
      }
      char escaped = at < text.length() ? text.charAt(at++) : ' ';
      switch (escaped) {
        case 'n' -> word.append('\n');
        case 't' -> word.append('\t');
        case 'r' -> word.append('\r');
        case '\\', '"' -> word.append(escaped);
        default -> throw error("unknown escape \"\\%s\" in a string".formatted(escaped));
      }
    }
    throw error("expected '\"' to end the string");
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
