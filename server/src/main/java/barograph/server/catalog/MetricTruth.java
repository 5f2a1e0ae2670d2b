package barograph.server.catalog;

import barograph.server.usage.MetricUsage;
import barograph.storage.model.MetricMetadata;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What is known of metrics where it is kept: what was told of them in the store, how often they
/// were named in the counts.
///
/// Any thread may ask; [#takeChanged] is for one.
final class MetricTruth {
  private final Supplier<Map<String, MetricMetadata>> metadata;
  private final MetricUsage usage;
  private Map<String, MetricMetadata> passedOn = Map.of();

  MetricTruth(Supplier<Map<String, MetricMetadata>> metadata, MetricUsage usage) {
    this.metadata = metadata;
    this.usage = usage;
  }

  /// What is known now.
  Rows now() {
    return new Rows(metadata.get(), usage);
  }

  /// What is known at one time; the counts go on.
  record Rows(Map<String, MetricMetadata> metadata, MetricUsage usage) {
    /// What is known of a metric by its name.
    MetricRow of(String metric) {
      return new MetricRow(metadata.getOrDefault(metric, MetricRow.UNTOLD), usage.byName(metric));
    }

    boolean knows(String metric) {
      return metadata.containsKey(metric) || usage.byName(metric).queries() > 0;
    }
  }

  /// Metrics of which something was told or counted, or that were forgotten, since the last time of
  /// asking; at the first, all of which something is known.
  Set<String> takeChanged() {
    var changed = new HashSet<>(usage.takeNamed());
    Map<String, MetricMetadata> now = metadata.get();
    now.forEach((metric, told) -> {
      if (!told.equals(passedOn.get(metric))) {
        changed.add(metric);
      }
    });
    passedOn.keySet().stream().filter(metric -> !now.containsKey(metric)).forEach(changed::add);
    passedOn = now;
    return changed;
  }
}
