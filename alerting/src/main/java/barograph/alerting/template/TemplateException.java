package barograph.alerting.template;

/// A template that cannot be read, or that asks for something that its data does not have.
///
/// Its message is what Go's own would be, as far as people see them.
public final class TemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message);
  }
}
