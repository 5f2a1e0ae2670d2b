package barograph.storage.head;

import barograph.storage.model.MetricMetadata;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What is known of metrics by their names, within bounds: when there are too many, the one that
/// was told of longest ago goes.
///
/// One writer changes it, any thread reads.
public final class MetadataTable {
  /// Most metrics that are remembered.
  public static final int MOST_METRICS = 1 << 16;

  /// Most characters of a name, a help text or a unit.
  public static final int MOST_CHARACTERS = 1 << 14;

  /// Most characters of all together.
  public static final long MOST_CHARACTERS_TOGETHER = 16L << 20;

  private final Map<String, MetricMetadata> known = new ConcurrentHashMap<>();

  /// The same in the order in which it was told, for the writer.
  private final LinkedHashMap<String, MetricMetadata> order = new LinkedHashMap<>(16, 0.75f, true);

  private long characters;

  /// Takes what is told of a metric. Writer only.
  ///
  /// @return false if that is known already, or too long to be remembered
  public boolean put(String metric, MetricMetadata metadata) {
    MetricMetadata before = order.get(metric);
    if (metadata.equals(before)
        || metric.length() > MOST_CHARACTERS
        || metadata.help().length() > MOST_CHARACTERS
        || metadata.unit().length() > MOST_CHARACTERS) {
      return false;
    }
    order.put(metric, metadata);
    known.put(metric, metadata);
    characters += length(metric, metadata) - (before == null ? 0 : length(metric, before));
    Iterator<Map.Entry<String, MetricMetadata>> eldest = order.entrySet().iterator();
    while (order.size() > MOST_METRICS || characters > MOST_CHARACTERS_TOGETHER) {
      Map.Entry<String, MetricMetadata> gone = eldest.next();
      characters -= length(gone.getKey(), gone.getValue());
      known.remove(gone.getKey());
      eldest.remove();
    }
    return true;
  }

  private static long length(String metric, MetricMetadata metadata) {
    return (long) metric.length() + metadata.help().length() + metadata.unit().length();
  }

  /// What is known, by metric. Any thread.
  public Map<String, MetricMetadata> all() {
    return Map.copyOf(known);
  }
}
