package barograph.server.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Replaces `$NAME` and `${NAME}` in external labels by variables of the environment; `$$` is a
/// dollar sign, and a variable that is not set is empty.
final class Expansion {
  private static final System.Logger LOG = System.getLogger(Expansion.class.getName());

  private Expansion() {}

  static String expand(String text, UnaryOperator<@Nullable String> environment) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        continue;
      }
      char next = text.charAt(i + 1);
      if (next == '$') {
        out.append('$');
        i++;
        continue;
      }
      boolean braced = next == '{';
      int start = braced ? i + 2 : i + 1;
      int end = start;
      while (end < text.length() && isNamePart(text.charAt(end))) {
        end++;
      }
      boolean closed = !braced || (end < text.length() && text.charAt(end) == '}');
      if (end == start || !closed) {
        out.append(c);
        continue;
      }
      out.append(valueOf(text.substring(start, end), environment));
      i = braced ? end : end - 1;
    }
    return out.toString();
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static String valueOf(String name, UnaryOperator<@Nullable String> environment) {
    String value = environment.apply(name);
    if (value == null) {
      LOG.log(
          System.Logger.Level.WARNING,
          "external_labels refer to the environment variable {0}, which is not set",
          name);
      return "";
    }
    return value;
  }
}
