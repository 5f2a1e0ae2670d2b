package barograph.alerting.template;

import barograph.storage.model.Labels;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Names and values as templates of notifications see them: labels or annotations.
final class LabelMap extends AbstractMap<String, String> implements GoValue {
  private static final String FIRST = "alertname";

  private final TreeMap<String, String> entries = new TreeMap<>(Labels.UTF8_ORDER);

  LabelMap(Map<String, String> entries) {
    this.entries.putAll(entries);
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return entries.entrySet();
  }

  @Override
  public @Nullable Object call(String method, Arguments arguments) {
    return switch (method) {
      case "SortedPairs" -> pairs();
      case "Names" -> pairs().names();
      case "Values" -> pairs().values();
      case "Remove" -> arguments.size() == 1 ? without(arguments.list(0)) : null;
      default -> null;
    };
  }

  private LabelMap without(List<?> names) {
    var rest = new LinkedHashMap<String, String>(entries);
    names.forEach(rest::remove);
    return new LabelMap(rest);
  }

  /// By name, but the alert's name comes first.
  private Pairs pairs() {
    var pairs = new ArrayList<Struct>();
    var first = entries.get(FIRST);
    if (first != null) {
      pairs.add(Pairs.pair(FIRST, first));
    }
    entries.forEach((name, value) -> {
      if (!name.equals(FIRST)) {
        pairs.add(Pairs.pair(name, value));
      }
    });
    return new Pairs(pairs);
  }

  @Override
  public String printed() {
    return pairs().printed();
  }

  @Override
  public String type() {
    return "template.KV";
  }
}
