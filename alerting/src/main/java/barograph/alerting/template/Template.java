package barograph.alerting.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template, expanded as often as one likes, from any number of threads.
///
/// Values in it are what Java has for Go's: [String], [Long], [Double], [Boolean], null, [List],
/// [Map] with sorted names, [Struct], [java.time.Instant] and [java.time.Duration].
public final class Template {
  private final String name;
  private final String source;
  private final Map<String, List<Node>> templates;

  private Template(String name, String source, Map<String, List<Node>> templates) {
    this.name = name;
    this.source = source;
    this.templates = templates;
  }

  /// Reads a template.
  ///
  /// @param functions that it may call besides the language's own
  /// @throws TemplateException if it cannot be read
  static Template parse(String name, String source, FunctionTable functions) {
    return new Template(name, source, new TemplateParser(name, source, functions.names()).parse());
  }

  /// The text that comes of `data`, which the template sees as `.`.
  ///
  /// @throws TemplateException if the template asks for something that is not there
  String expand(@Nullable Object data, FunctionTable functions) {
    var run = new TemplateRun(name, source, templates, functions);
    return run.expand(data);
  }
}
