package barograph.ingest.otlp;

import java.util.LinkedHashMap;
import java.util.Map;

/// The labels that all series of a resource share, and those of its `target_info`.
final class ResourceLabels {
  private static final String SERVICE = "service.name";
  private static final String NAMESPACE = "service.namespace";
  private static final String INSTANCE = "service.instance.id";

  private final NameTranslation names;

  /// `job` and `instance`, as far as the resource tells them.
  private final Map<String, String> identity = new LinkedHashMap<>();

  private final Map<String, String> promoted = new LinkedHashMap<>();
  private final Map<String, String> info = new LinkedHashMap<>();

  ResourceLabels(Map<String, String> attributes, OtlpSettings settings, NameTranslation names) {
    this.names = names;
    String service = attributes.getOrDefault(SERVICE, "");
    String namespace = attributes.getOrDefault(NAMESPACE, "");
    if (!service.isEmpty()) {
      identity.put("job", namespace.isEmpty() ? service : namespace + "/" + service);
    }
    if (attributes.containsKey(INSTANCE)) {
      identity.put("instance", attributes.get(INSTANCE));
    }
    attributes.forEach((name, value) -> {
      boolean identifies = name.equals(SERVICE) || name.equals(NAMESPACE) || name.equals(INSTANCE);
      if (!identifies || settings.keepIdentifying()) {
        add(info, name, value);
      }
      if (settings.promotes(name)) {
        add(promoted, name, value);
      }
    });
  }

  /// Two attributes that are called the same in the end share the label.
  private void add(Map<String, String> labels, String attribute, String value) {
    String name = names.label(attribute);
    if (!name.isEmpty()) {
      labels.merge(name, value, (first, second) -> first + ";" + second);
    }
  }

  /// The labels of a series whose data point has these attributes.
  Map<String, String> of(Map<String, String> scope, Map<String, String> attributes) {
    var labels = new LinkedHashMap<String, String>();
    attributes.forEach((name, value) -> add(labels, name, value));
    promoted.forEach(labels::putIfAbsent);
    scope.forEach(labels::putIfAbsent);
    labels.putAll(identity);
    return labels;
  }

  /// Whether there is something to tell of the resource, and a name to tell it under.
  boolean hasInfo() {
    return !info.isEmpty() && !identity.isEmpty();
  }

  /// The labels of `target_info`.
  Map<String, String> info() {
    var labels = new LinkedHashMap<>(info);
    labels.putAll(identity);
    return labels;
  }
}
