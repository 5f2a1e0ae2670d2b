package barograph.alerting.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a function of a template is called with.
record Arguments(List<@Nullable Object> values) {

  int size() {
    return values.size();
  }

  @Nullable Object at(int index) {
    return values.get(index);
  }

  /// The argument, which must be a string.
  String text(int index) {
    return text(at(index));
  }

  static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new WrongTypeException("string", Values.typeOf(value));
  }

  /// The argument, which must be a list as `query` gives it.
  List<?> list(int index) {
    if (at(index) instanceof List<?> list) {
      return list;
    }
    throw new WrongTypeException("template.queryResult", Values.typeOf(at(index)));
  }

  /// The value of `label` in the argument, a sample; empty without it.
  String label(int index, String label) {
    return label(at(index), label);
  }

  static String label(@Nullable Object sample, String label) {
    return Values.field(sample, "Labels") instanceof Map<?, ?> labels
            && labels.get(label) instanceof String value
        ? value
        : "";
  }

  Arguments from(int index) {
    return new Arguments(values.subList(index, values.size()));
  }

  /// All of them as `print` writes them.
  String printed() {
    return GoFormat.print(values);
  }
}
