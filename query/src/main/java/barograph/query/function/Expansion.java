package barograph.query.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;

/// The replacement text of `label_replace`, with `$1`, `${name}` and `$$` as Go expands them.
///
/// A `$name` reaches as far as letters, digits and underscores do, so `$1x` means the group called
/// `1x`; groups that do not exist are empty.
public final class Expansion {
  private Expansion() {}

  /// `template` with the groups of `found` put in.
  public static String expand(String template, Matcher found, Pattern pattern) {
    Map<String, Integer> named = pattern.namedGroups();
    var text = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      int dollar = template.indexOf('$', at);
      if (dollar < 0 || dollar == template.length() - 1) {
        return text.append(template, at, template.length()).toString();
      }
      text.append(template, at, dollar);
      if (template.charAt(dollar + 1) == '$') {
        text.append('$');
        at = dollar + 2;
        continue;
      }
      boolean braced = template.charAt(dollar + 1) == '{';
      int start = braced ? dollar + 2 : dollar + 1;
      int end = endOfName(template, start);
      boolean closed = end < template.length() && template.charAt(end) == '}';
      if (end == start || (braced && !closed)) {
        text.append('$');
        at = dollar + 1;
        continue;
      }
      text.append(group(template.substring(start, end), found, named));
      at = braced ? end + 1 : end;
    }
    return text.toString();
  }

  private static int endOfName(String template, int start) {
    int end = start;
    while (end < template.length()
        && (Character.isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private static String group(String name, Matcher found, Map<String, Integer> named) {
    Integer index = named.get(name);
    if (index == null) {
      if (!name.chars().allMatch(c -> c >= '0' && c <= '9') || name.length() > 8) {
        return "";
      }
      index = Integer.parseInt(name);
    }
    if (index > found.groupCount()) {
      return "";
    }
    String value = found.group(index);
    return value == null ? "" : value;
  }
}
