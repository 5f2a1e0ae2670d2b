package barograph.server.config;

import barograph.server.config.ServerConfig.Retention;
import barograph.server.config.ServerConfig.Storage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `storage` section: how long and how much is kept, exemplars among it, and how late
/// samples may come.
final class StorageSection {
  /// They are kept in memory, some hundred bytes each.
  private static final int MOST_EXEMPLARS = 10_000_000;

  private StorageSection() {}

  static Storage read(@Nullable YamlNode node) {
    if (node == null) {
      return Storage.UNSAID;
    }
    var map = node.asMap();
    var tsdb = map.get("tsdb");
    var exemplars = map.get("exemplars");
    map.end();
    Storage said = tsdb == null ? Storage.UNSAID : tsdb(tsdb.asMap());
    return new Storage(
        said.retention(),
        said.outOfOrderWindow(),
        exemplars == null ? null : exemplars(exemplars.asMap()));
  }

  private static Storage tsdb(YamlMap map) {
    map.refuse(
        Map.of(
            "stale_series_compaction_threshold", "leave it out",
            "chunk_encoding", "leave it out, chunks are encoded in ways of our own"));
    var window = map.duration("out_of_order_time_window");
    var retention = map.get("retention");
    map.end();
    return new Storage(
        retention == null ? Retention.UNSAID : retention(retention.asMap()), window, null);
  }

  private static @Nullable Integer exemplars(YamlMap map) {
    var most = map.get("max_exemplars");
    map.end();
    if (most == null) {
      return null;
    }
    if (most.asCount() > MOST_EXEMPLARS) {
      throw most.error("expected at most %d exemplars".formatted(MOST_EXEMPLARS));
    }
    return most.asCount();
  }

  private static Retention retention(YamlMap map) {
    map.refuse(Map.of("percentage", "give a size"));
    var time = map.duration("time");
    var size = map.get("size");
    map.end();
    return new Retention(time, size == null ? null : size.asBytes());
  }
}
