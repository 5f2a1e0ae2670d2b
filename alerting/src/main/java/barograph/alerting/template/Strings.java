package barograph.alerting.template;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of strings that can join itself.
final class Strings extends AbstractList<String> implements GoValue {
  private final List<String> strings;

  Strings(List<String> strings) {
    this.strings = List.copyOf(strings);
  }

  @Override
  public String get(int index) {
    return strings.get(index);
  }

  @Override
  public int size() {
    return strings.size();
  }

  @Override
  public @Nullable Object call(String method, Arguments arguments) {
    return method.equals("Join") && arguments.size() == 1
        ? String.join(arguments.text(0), strings)
        : null;
  }

  @Override
  public String printed() {
    return "[" + String.join(" ", strings) + "]";
  }

  @Override
  public String type() {
    return "[]string";
  }
}
