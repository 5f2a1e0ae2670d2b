package barograph.alerting.template;

import org.jspecify.annotations.Nullable;

/// Text that nobody interprets: values as they are printed.
final class PlainOutput implements TemplateOutput {
  private final StringBuilder text = new StringBuilder();

  @Override
  public void literal(String more) {
    text.append(more);
  }

  @Override
  public void value(@Nullable Object value) {
    text.append(value == null ? "<no value>" : GoFormat.plain(value));
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public String finished() {
    return text.toString();
  }
}
