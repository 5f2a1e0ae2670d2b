package barograph.alerting.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value with named fields: asking for another field is an error, unlike with a map.
///
/// @param type as messages name it
record Struct(String type, Map<String, @Nullable Object> fields) {
  Struct {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  List<@Nullable Object> values() {
    return new ArrayList<>(fields.values());
  }
}
