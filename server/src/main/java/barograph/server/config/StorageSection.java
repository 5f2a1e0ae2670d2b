package barograph.server.config;

import barograph.server.config.ServerConfig.Retention;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `storage` section: how long and how much is kept.
final class StorageSection {
  private static final System.Logger LOG = System.getLogger(StorageSection.class.getName());

  private StorageSection() {}

  static Retention read(@Nullable YamlNode node) {
    if (node == null) {
      return Retention.UNSAID;
    }
    var map = node.asMap();
    map.refuse(Map.of("exemplars", "leave it out, exemplars are not kept so far"));
    var tsdb = map.get("tsdb");
    map.end();
    return tsdb == null ? Retention.UNSAID : tsdb(tsdb.asMap());
  }

  private static Retention tsdb(YamlMap map) {
    map.refuse(
        Map.of(
            "stale_series_compaction_threshold", "leave it out",
            "chunk_encoding", "leave it out, chunks are encoded in ways of our own"));
    var window = map.duration("out_of_order_time_window");
    if (window != null && !window.isZero()) {
      // Harmless to load: a sender of such samples is told of each that is refused.
      LOG.log(
          System.Logger.Level.WARNING,
          "storage.tsdb.out_of_order_time_window has no effect yet: samples older than their"
              + " series' newest one are refused");
    }
    var retention = map.get("retention");
    map.end();
    if (retention == null) {
      return Retention.UNSAID;
    }
    var inner = retention.asMap();
    inner.refuse(Map.of("percentage", "give a size"));
    var time = inner.duration("time");
    var size = inner.get("size");
    inner.end();
    return new Retention(time, size == null ? null : size.asBytes());
  }
}
