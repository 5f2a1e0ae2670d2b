package barograph.alerting.template;

import java.nio.charset.StandardCharsets;

/// Says where in a template something went wrong, as Go does.
final class Places {
  private Places() {}

  static TemplateException parseError(String name, String source, int at, String message) {
    return new TemplateException(
        "template: %s:%d: %s".formatted(name, lineOf(source, at), message));
  }

  /// @param words the part of the template that failed
  static TemplateException runError(Definition in, int at, String words, String message) {
    var source = in.source();
    int lineStart = source.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    int column =
        source.substring(Math.min(lineStart, at), at).getBytes(StandardCharsets.UTF_8).length;
    var shown = words.length() > 20 ? words.substring(0, 20) + "..." : words;
    return new TemplateException(
        "template: %s:%d:%d: executing \"%s\" at <%s>: %s"
            .formatted(in.file(), lineOf(source, at), column, in.name(), shown, message));
  }

  private static int lineOf(String source, int at) {
    return 1
        + (int)
            source
                .substring(0, Math.min(at, source.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
  }
}
