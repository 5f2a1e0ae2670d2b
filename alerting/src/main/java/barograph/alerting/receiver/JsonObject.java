package barograph.alerting.receiver;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object in the making, its fields in the order in which they are put.
final class JsonObject {
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  JsonObject put(String name, @Nullable Object value) {
    fields.put(name, value);
    return this;
  }

  /// Leaves the field out if there is nothing in it.
  JsonObject putAny(String name, @Nullable Object value) {
    boolean nothing =
        switch (value) {
          case null -> true;
          case String text -> text.isEmpty();
          case Boolean bool -> !bool;
          case Collection<?> list -> list.isEmpty();
          case Map<?, ?> map -> map.isEmpty();
          default -> false;
        };
    return nothing ? this : put(name, value);
  }

  Map<String, @Nullable Object> fields() {
    return fields;
  }
}
