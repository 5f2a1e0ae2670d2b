package barograph.alerting.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The functions that a template may call, by name: the language's own and those added to them.
final class FunctionTable {
  /// A function of a template.
  interface TemplateFunction {

    /// What it gives; [TemplateException] if the arguments are not as it wants them.
    @Nullable Object call(Arguments arguments);
  }

  /// Functions by name, with how many arguments each takes.
  static final class Builder {
    private final Map<String, TemplateFunction> functions = new HashMap<>();

    Builder add(String name, int least, int most, TemplateFunction function) {
      functions.put(
          name,
          arguments -> {
            int given = arguments.size();
            if (given < least || given > most) {
              throw new TemplateException(
                  "wrong number of args for %s: want %s got %d"
                      .formatted(name, most > least ? "at least " + least : least, given));
            }
            return function.call(arguments);
          });
      return this;
    }

    Builder add(String name, int arguments, TemplateFunction function) {
      return add(name, arguments, arguments, function);
    }

    Builder addAll(FunctionTable others) {
      functions.putAll(others.functions);
      return this;
    }

    FunctionTable build() {
      return new FunctionTable(functions);
    }
  }

  private final Map<String, TemplateFunction> functions;

  private FunctionTable(Map<String, TemplateFunction> functions) {
    this.functions = Map.copyOf(functions);
  }

  Set<String> names() {
    return functions.keySet();
  }

  TemplateFunction named(String name) {
    var function = functions.get(name);
    if (function == null) {
      throw new TemplateException("function \"%s\" not defined".formatted(name));
    }
    return function;
  }
}
