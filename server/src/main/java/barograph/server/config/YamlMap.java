package barograph.server.config;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping of a YAML file that is read key by key and finally asked for what nobody read.
///
/// Merge keys (`<<`) are resolved: what stands in the mapping itself wins.
final class YamlMap {
  private final YamlNode at;
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, YamlNode> values = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();

  YamlMap(YamlNode at, MappingNode mapping) {
    this.at = at;
    put(mapping, false);
  }

  private void put(MappingNode mapping, boolean merged) {
    if (mapping.isRecursive()) {
      throw at.errorAt(mapping, "a mapping refers to itself");
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw at.errorAt(entry.getKeyNode(), "a key must be a string");
      }
      String name = key.getValue();
      if (name.equals("<<")) {
        continue;
      }
      boolean there = values.containsKey(name);
      if (there && !merged) {
        throw at.errorAt(key, "key \"%s\" comes twice".formatted(name));
      }
      if (!there) {
        keys.put(name, key);
        values.put(name, at.child(name, entry.getValueNode()));
      }
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode key && key.getValue().equals("<<")) {
        merge(entry.getValueNode());
      }
    }
  }

  private void merge(Node from) {
    switch (from) {
      case MappingNode mapping -> put(mapping, true);
      case SequenceNode several -> several.getValue().forEach(this::merge);
      default -> throw at.errorAt(from, "<< expects a mapping");
    }
  }

  /// The value of `key`, or null if it is absent or empty.
  @Nullable YamlNode get(String key) {
    known.add(key);
    @Nullable YamlNode value = values.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /// Whether `key` is there, be it with an empty value.
  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  YamlNode need(String key) {
    @Nullable YamlNode value = get(key);
    if (value == null) {
      throw at.error("missing key \"%s\"".formatted(key));
    }
    return value;
  }

  String string(String key, String otherwise) {
    @Nullable YamlNode value = get(key);
    return value == null ? otherwise : value.asString();
  }

  boolean bool(String key, boolean otherwise) {
    @Nullable YamlNode value = get(key);
    return value == null ? otherwise : value.asBoolean();
  }

  int count(String key, int otherwise) {
    @Nullable YamlNode value = get(key);
    return value == null ? otherwise : value.asCount();
  }

  double number(String key, double otherwise) {
    @Nullable YamlNode value = get(key);
    return value == null ? otherwise : value.asNumber();
  }

  long bytes(String key, long otherwise) {
    @Nullable YamlNode value = get(key);
    return value == null ? otherwise : value.asBytes();
  }

  @Nullable Duration duration(String key) {
    @Nullable YamlNode value = get(key);
    return value == null ? null : value.asDuration();
  }

  Duration duration(String key, Duration otherwise) {
    @Nullable Duration value = duration(key);
    return value == null ? otherwise : value;
  }

  /// A duration in Go's own form; one below 0 counts as none.
  Duration goDuration(String key, Duration otherwise) {
    @Nullable YamlNode value = get(key);
    if (value == null) {
      return otherwise;
    }
    var duration = value.asGoDuration();
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  List<YamlNode> list(String key) {
    @Nullable YamlNode value = get(key);
    return value == null ? List.of() : value.asList();
  }

  Map<String, String> stringMap(String key) {
    @Nullable YamlNode value = get(key);
    return value == null ? Map.of() : value.asStringMap();
  }

  /// Every key with its value as a string.
  Map<String, String> strings() {
    var map = new LinkedHashMap<String, String>();
    values.forEach((name, value) -> map.put(name, value.asString()));
    return map;
  }

  /// Every key with its value, which may be null.
  Map<String, YamlNode> entries() {
    return Collections.unmodifiableMap(values);
  }

  Set<String> names() {
    return values.keySet();
  }

  /// Refuses keys that Prometheus or Alertmanager knows and this version does not serve, each with
  /// what to do instead; an absent or empty one passes.
  void refuse(Map<String, String> unserved) {
    unserved.forEach((key, instead) -> {
      if (get(key) != null) {
        throw at.errorAt(keys.get(key), "\"%s\" is not supported yet; %s".formatted(key, instead));
      }
    });
  }

  /// Refuses every key that nobody has asked for.
  void end() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        @Nullable String near = nearest(name);
        throw at.errorAt(
            keys.get(name),
            near == null
                ? "unknown key \"%s\"".formatted(name)
                : "unknown key \"%s\"; did you mean \"%s\"?".formatted(name, near));
      }
    }
  }

  /// What `make` makes; what it finds wrong is reported at this mapping.
  <T> T checked(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw at.error(String.valueOf(e.getMessage()));
    }
  }

  /// The error that something about this mapping is wrong.
  ConfigException error(String problem) {
    return at.error(problem);
  }

  private @Nullable String nearest(String name) {
    @Nullable String best = null;
    int bestDistance = Math.max(2, name.length() / 4) + 1;
    for (String candidate : new TreeSet<>(known)) {
      int distance = editDistance(name, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static int editDistance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(swap, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
