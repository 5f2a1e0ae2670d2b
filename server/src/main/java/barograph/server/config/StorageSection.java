package barograph.server.config;

import barograph.server.config.ServerConfig.Retention;
import barograph.server.config.ServerConfig.Storage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `storage` section: how long and how much is kept, and how late samples may come.
final class StorageSection {
  private StorageSection() {}

  static Storage read(@Nullable YamlNode node) {
    if (node == null) {
      return Storage.UNSAID;
    }
    var map = node.asMap();
    map.refuse(Map.of("exemplars", "leave it out, exemplars are not kept so far"));
    var tsdb = map.get("tsdb");
    map.end();
    return tsdb == null ? Storage.UNSAID : tsdb(tsdb.asMap());
  }

  private static Storage tsdb(YamlMap map) {
    map.refuse(
        Map.of(
            "stale_series_compaction_threshold", "leave it out",
            "chunk_encoding", "leave it out, chunks are encoded in ways of our own"));
    var window = map.duration("out_of_order_time_window");
    var retention = map.get("retention");
    map.end();
    return new Storage(retention == null ? Retention.UNSAID : retention(retention.asMap()), window);
  }

  private static Retention retention(YamlMap map) {
    map.refuse(Map.of("percentage", "give a size"));
    var time = map.duration("time");
    var size = map.get("size");
    map.end();
    return new Retention(time, size == null ? null : size.asBytes());
  }
}
