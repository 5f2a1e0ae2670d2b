package barograph.alerting.template;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template can do with any value: ask for its truth, its type, a field or a method.
final class Values {
  private Values() {}

  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case SafeText safe -> !safe.text().isEmpty();
      case Collection<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Duration duration -> !duration.isZero();
      default -> true;
    };
  }

  /// The type as Go names it.
  static String typeOf(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case Boolean _ -> "bool";
      case Long _ -> "int";
      case Double _ -> "float64";
      case String _ -> "string";
      case GoValue named -> named.type();
      case Collection<?> _ -> "[]interface {}";
      case Map<?, ?> _ -> "map[string]string";
      case Struct struct -> struct.type();
      case SafeText safe -> safe.type();
      case Duration _ -> "time.Duration";
      default -> value.getClass().getSimpleName();
    };
  }

  /// `value.name`: a method without arguments, a map's entry, which is empty if it is missing, or a
  /// struct's field.
  static @Nullable Object field(@Nullable Object value, String name) {
    var given = value instanceof GoValue own ? own.call(name, new Arguments(List.of())) : null;
    if (given != null) {
      return given;
    }
    return switch (value) {
      case null -> throw new TemplateException("nil data; no entry for key \"%s\"".formatted(name));
      case Map<?, ?> map -> {
        var found = map.get(name);
        yield found == null ? "" : found;
      }
      case Struct struct when struct.fields().containsKey(name) -> struct.fields().get(name);
      case Duration _ -> method(value, name, List.of());
      default -> throw noField(value, name);
    };
  }

  static @Nullable Object method(
      @Nullable Object receiver, String name, List<@Nullable Object> arguments) {
    @Nullable Object result =
        switch (receiver) {
          case GoValue own -> own.call(name, new Arguments(arguments));
          case Duration duration when arguments.isEmpty() -> ofDuration(duration, name);
          case null, default -> null;
        };
    if (result != null) {
      return result;
    }
    if (arguments.isEmpty() || receiver instanceof GoValue || receiver instanceof Duration) {
      throw noField(receiver, name);
    }
    throw new TemplateException(
        "%s has arguments but cannot be invoked as function".formatted(name));
  }

  private static TemplateException noField(@Nullable Object value, String name) {
    return new TemplateException(
        "can't evaluate field %s in type %s".formatted(name, typeOf(value)));
  }

  private static @Nullable Object ofDuration(Duration duration, String method) {
    return switch (method) {
      case "Seconds" -> duration.toNanos() / 1e9;
      case "Minutes" -> duration.toNanos() / 6e10;
      case "Hours" -> duration.toNanos() / 3.6e12;
      case "String" -> GoFormat.plain(duration);
      default -> null;
    };
  }
}
