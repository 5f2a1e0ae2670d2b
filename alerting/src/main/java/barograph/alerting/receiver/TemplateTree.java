package barograph.alerting.receiver;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A tree of maps, lists and texts, the texts being templates.
///
/// A text that becomes JSON, a number or a truth value is taken for that and not for a text, so
/// that `{{ .Alerts | toJson }}` is a list.
final class TemplateTree {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final UnaryOperator<String> expand;

  TemplateTree(UnaryOperator<String> expand) {
    this.expand = expand;
  }

  @Nullable Object expanded(@Nullable Object template) {
    return switch (template) {
      case String text -> value(expand.apply(text));
      case List<?> list -> list.stream().map(this::expanded).toList();
      case Map<?, ?> map -> {
        var expanded = new TreeMap<String, @Nullable Object>();
        map.forEach((key, value) -> {
          if (key instanceof String name) {
            expanded.put(expand.apply(name), expanded(value));
          }
        });
        yield expanded;
      }
      case null, default -> template;
    };
  }

  private static @Nullable Object value(String text) {
    var trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return text.isEmpty() ? "" : text;
    }
    return switch (trimmed) {
      case "null", "~" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> {
        char first = trimmed.charAt(0);
        boolean perhapsJson = first == '{' || first == '[' || first == '-' || isDigit(first);
        yield perhapsJson ? json(text, trimmed) : text;
      }
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static @Nullable Object json(String text, String trimmed) {
    try {
      var tree = JSON.readValue(trimmed, Object.class);
      return sorted(tree);
    } catch (JacksonException e) {
      return text;
    }
  }

  /// A map's names are written in order, however they were given.
  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var sorted = new TreeMap<String, @Nullable Object>();
        map.forEach((name, item) -> sorted.put(String.valueOf(name), sorted(item)));
        yield sorted;
      }
      case List<?> list -> list.stream().map(TemplateTree::sorted).toList();
      case null, default -> value;
    };
  }
}
