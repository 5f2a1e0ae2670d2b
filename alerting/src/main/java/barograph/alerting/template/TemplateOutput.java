package barograph.alerting.template;

import org.jspecify.annotations.Nullable;

/// Where a template's text and values go.
sealed interface TemplateOutput permits PlainOutput, HtmlOutput {

  /// What stands in the template itself.
  void literal(String text);

  /// What an action gives.
  void value(@Nullable Object value);

  /// How many characters there are so far.
  int length();

  /// All of it.
  String finished();
}
