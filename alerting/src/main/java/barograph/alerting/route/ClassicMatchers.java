package barograph.alerting.route;

import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Matchers as Alertmanager has always read them, before label names could be any text: a name of
/// ASCII letters, and a value that need not be quoted whatever it holds.
///
/// Braces around are optional, each by itself. In a value `\n`, `\"` and `\\` are escapes, and any
/// other backslash is one.
final class ClassicMatchers {
  private static final Pattern MATCHER =
      Pattern.compile(
          "\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(=~|=|!=|!~)\\s*(.*?)\\s*", Pattern.DOTALL);

  private ClassicMatchers() {}

  /// @throws IllegalArgumentException if the text is none of these
  static List<Matcher> parse(String text) {
    int start = text.startsWith("{") ? 1 : 0;
    int end = text.length() > start && text.endsWith("}") ? text.length() - 1 : text.length();
    return parts(text.substring(start, end)).stream().map(ClassicMatchers::matcher).toList();
  }

  /// What stands between the commas outside of quotes; nothing behind the last one is no part.
  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    boolean quoted = false;
    boolean escaped = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      if (c == '"' && !escaped) {
        quoted = !quoted;
      }
      escaped = c == '\\' && !escaped;
      part.append(c);
    }
    if (!part.toString().isBlank()) {
      parts.add(part.toString());
    }
    return parts;
  }

  private static Matcher matcher(String part) {
    var found = MATCHER.matcher(part);
    if (!found.matches()) {
      throw new IllegalArgumentException("bad matcher format: " + part);
    }
    for (var type : Matcher.Type.values()) {
      if (type.symbol().equals(found.group(2))) {
        return new Matcher(type, found.group(1), value(found.group(3)));
      }
    }
    throw new AssertionError("no operator " + found.group(2));
  }

  private static String value(String raw) {
    boolean quoted = raw.startsWith("\"");
    if (quoted && (raw.length() == 1 || !raw.endsWith("\""))) {
      throw unescaped(raw);
    }
    var body = quoted ? raw.substring(1, raw.length() - 1) : raw;
    var value = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '"') {
        throw unescaped(raw);
      }
      if (c != '\\' || i + 1 == body.length()) {
        if (c == '\\' && quoted) {
          // It escapes the quote that was taken for the last one.
          throw unescaped(raw);
        }
        value.append(c);
        continue;
      }
      char next = body.charAt(++i);
      switch (next) {
        case 'n' -> value.append('\n');
        case '"', '\\' -> value.append(next);
        default -> value.append(c).append(next);
      }
    }
    return value.toString();
  }

  private static IllegalArgumentException unescaped(String raw) {
    return new IllegalArgumentException("matcher value contains unescaped double quote: " + raw);
  }
}
