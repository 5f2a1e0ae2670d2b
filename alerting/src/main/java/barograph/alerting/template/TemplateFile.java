package barograph.alerting.template;

/// A file of templates.
///
/// @param path as messages name it
public record TemplateFile(String path, String text) {}
