package barograph.server.config;

import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;

/// Reads Alertmanager's matchers: `a="b"`, or several as `{a="b", c=~"d|e"}`.
///
/// An unquoted name or value ends at blanks and at any of `{}!=~,\"'` and the backtick; a quoted
/// one takes backslash escapes.
final class AlertMatchers {
  private static final String ENDS_TOKEN = "{}!=~,\\\"'` \t\n";

  private final String text;
  private int at;

  private AlertMatchers(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException if `text` is no list of matchers
  static List<Matcher> parse(String text) {
    return new AlertMatchers(text).list();
  }

  private List<Matcher> list() {
    var matchers = new ArrayList<Matcher>();
    skipBlanks();
    boolean braced = take("{");
    skipBlanks();
    while (at < text.length() && !text.startsWith("}", at)) {
      matchers.add(matcher());
      skipBlanks();
      if (!take(",")) {
        break;
      }
      skipBlanks();
    }
    if (braced && !take("}")) {
      throw bad("expected \"}\"");
    }
    skipBlanks();
    if (at < text.length()) {
      throw bad("unexpected \"%s\"".formatted(text.substring(at)));
    }
    if (matchers.isEmpty()) {
      throw bad("no matcher");
    }
    return matchers;
  }

  private Matcher matcher() {
    String name = token("label name");
    if (name.isEmpty()) {
      throw bad("empty label name");
    }
    skipBlanks();
    Matcher.Type type =
        take("=~")
            ? Matcher.Type.REGEX
            : take("!~")
                ? Matcher.Type.NOT_REGEX
                : take("!=") ? Matcher.Type.NOT_EQUAL : take("=") ? Matcher.Type.EQUAL : null;
    if (type == null) {
      throw bad("expected one of = != =~ !~ after \"%s\"".formatted(name));
    }
    skipBlanks();
    return new Matcher(type, name, token("value of " + name));
  }

  private String token(String what) {
    if (take("\"")) {
      return quoted();
    }
    int start = at;
    while (at < text.length() && ENDS_TOKEN.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw bad("expected a " + what);
    }
    return text.substring(start, at);
  }

  private String quoted() {
    var value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        switch (escaped) {
          case 'n' -> value.append('\n');
          case 't' -> value.append('\t');
          case '"', '\\' -> value.append(escaped);
          default -> value.append('\\').append(escaped);
        }
      } else {
        value.append(c);
      }
    }
    throw bad("a quote is not closed");
  }

  private boolean take(String token) {
    if (text.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException bad(String problem) {
    return new IllegalArgumentException("bad matcher `%s`: %s".formatted(text, problem));
  }
}
