package barograph.alerting.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Regular expressions as Go's package regexp has them.
final class Regexes {
  private Regexes() {}

  static boolean finds(String regex, String text) {
    return pattern(regex).matcher(text).find();
  }

  static String replaceAll(String regex, String replacement, String text) {
    var matcher = pattern(regex).matcher(text);
    var result = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      result.append(text, from, matcher.start());
      appendReplacement(result, replacement, matcher);
      from = matcher.end();
    }
    return result.append(text, from, text.length()).toString();
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new TemplateException(
          "error parsing regexp: %s: `%s`".formatted(e.getDescription(), e.getPattern()));
    }
  }

  /// Expands `$1`, `$name` and `${name}`; `$$` is a dollar, and an unknown group is empty.
  private static void appendReplacement(StringBuilder result, String replacement, Matcher matcher) {
    int at = 0;
    while (at < replacement.length()) {
      char c = replacement.charAt(at++);
      if (c != '$') {
        result.append(c);
        continue;
      }
      if (at < replacement.length() && replacement.charAt(at) == '$') {
        result.append('$');
        at++;
        continue;
      }
      boolean braces = at < replacement.length() && replacement.charAt(at) == '{';
      int start = braces ? at + 1 : at;
      int end = start;
      while (end < replacement.length()
          && (Character.isLetterOrDigit(replacement.charAt(end))
              || replacement.charAt(end) == '_')) {
        end++;
      }
      boolean closed = !braces || (end < replacement.length() && replacement.charAt(end) == '}');
      if (end == start || !closed) {
        result.append('$');
        continue;
      }
      result.append(group(matcher, replacement.substring(start, end)));
      at = braces ? end + 1 : end;
    }
  }

  private static String group(Matcher matcher, String name) {
    @Nullable String found = null;
    if (name.chars().allMatch(Character::isDigit)) {
      found =
          name.length() < 5 && Integer.parseInt(name) <= matcher.groupCount()
              ? matcher.group(Integer.parseInt(name))
              : null;
    } else if (matcher.pattern().namedGroups().containsKey(name)) {
      found = matcher.group(name);
    }
    return found == null ? "" : found;
  }
}
