package barograph.alerting.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template, expanded as often as one likes, from any number of threads.
///
/// Values in it are what Java has for Go's: [String], [Long], [Double], [Boolean], null, [List],
/// [Map] with sorted names, [Struct], [java.time.Duration], and those that have methods.
public final class Template {
  private final String name;
  private final Map<String, Definition> templates;

  private Template(String name, Map<String, Definition> templates) {
    this.name = name;
    this.templates = templates;
  }

  /// Reads a template.
  ///
  /// @param functions that it may call besides the language's own
  /// @throws TemplateException if it cannot be read
  static Template parse(String name, String source, FunctionTable functions) {
    return parse(name, source, functions, Map.of());
  }

  /// Reads a template.
  ///
  /// @param functions that it may call besides the language's own
  /// @param library templates that it may call; its own of the same name count instead
  /// @throws TemplateException if it cannot be read
  static Template parse(
      String name, String source, FunctionTable functions, Map<String, Definition> library) {
    var all = new HashMap<>(library);
    all.putAll(new TemplateParser(name, source, functions.names()).parse());
    return new Template(name, Map.copyOf(all));
  }

  /// The text that comes of `data`, which the template sees as `.`.
  ///
  /// @throws TemplateException if the template asks for something that is not there
  String expand(@Nullable Object data, FunctionTable functions) {
    return expand(data, functions, new PlainOutput());
  }

  /// What comes of `data`, put into `output`.
  ///
  /// @throws TemplateException if the template asks for something that is not there
  String expand(@Nullable Object data, FunctionTable functions, TemplateOutput output) {
    new TemplateRun(templates, functions, output).expand(name, data);
    return output.finished();
  }
}
