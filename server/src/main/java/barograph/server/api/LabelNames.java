package barograph.server.api;

/// Label names in paths: any UTF-8 name may be written in the escaped form that begins with `U__`.
final class LabelNames {
  private static final String PREFIX = "U__";

  private LabelNames() {}

  /// The name that `escaped` stands for; a text that is no escaped name stands for itself.
  static String unescape(String escaped) {
    if (!escaped.startsWith(PREFIX)) {
      return escaped;
    }
    var name = new StringBuilder();
    for (int i = PREFIX.length(); i < escaped.length(); ) {
      char c = escaped.charAt(i);
      if (c != '_') {
        name.append(c);
        i++;
        continue;
      }
      if (escaped.startsWith("__", i)) {
        name.append('_');
        i += 2;
        continue;
      }
      int end = escaped.indexOf('_', i + 1);
      if (end < 0 || end - i - 1 > 6) {
        return escaped;
      }
      try {
        name.appendCodePoint(Integer.parseInt(escaped, i + 1, end, 16));
      } catch (IllegalArgumentException e) {
        return escaped;
      }
      i = end + 1;
    }
    return name.toString();
  }
}
