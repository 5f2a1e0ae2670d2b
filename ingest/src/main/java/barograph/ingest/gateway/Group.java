package barograph.ingest.gateway;

import barograph.ingest.gateway.Family.Metric;
import barograph.ingest.gateway.Family.MetricKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is kept of the pushes to one grouping key. Immutable: a push makes another.
///
/// @param ttl how long it is kept after the last push that was taken; zero for ever
/// @param families by name, `push_time_seconds` and `push_failure_time_seconds` among them
public record Group(Map<String, String> labels, Duration ttl, SortedMap<String, Kept> families) {
  static final String PUSHED = "push_time_seconds";
  static final String FAILED = "push_failure_time_seconds";
  private static final String HELP = "Last Unix time when changing this group in the Pushgateway ";

  public Group {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
  }

  /// A family, and when it was pushed.
  public record Kept(Family family, Instant at) {}

  static Group empty(GroupingKey key) {
    return new Group(key.labels(), Duration.ZERO, new TreeMap<>());
  }

  GroupingKey key() {
    return new GroupingKey(labels);
  }

  /// After a push that is taken.
  ///
  /// @param replace whether families stay that it does not have
  Group pushed(Collection<Family> pushed, boolean replace, Duration newTtl, Instant at) {
    var all = replace ? new TreeMap<String, Kept>() : new TreeMap<>(families);
    for (Family family : pushed) {
      all.put(family.name(), new Kept(family.in(key()), at));
    }
    all.put(PUSHED, time(PUSHED, "succeeded.", at, at));
    @Nullable Kept failure = families.get(FAILED);
    all.put(FAILED, failure == null ? time(FAILED, "failed.", Instant.EPOCH, at) : failure);
    return new Group(labels, newTtl, all);
  }

  /// After a push that is refused.
  Group failed(Instant at) {
    var all = new TreeMap<>(families);
    all.put(FAILED, time(FAILED, "failed.", at, at));
    all.putIfAbsent(PUSHED, time(PUSHED, "succeeded.", Instant.EPOCH, at));
    return new Group(labels, ttl, all);
  }

  private Kept time(String name, String what, Instant shown, Instant at) {
    double seconds = shown.getEpochSecond() + shown.getNano() / 1e9;
    byte[] value = new MessageBytes().put(2, new MessageBytes().put(1, seconds)).toBytes();
    var metric = new Metric(Map.of(), value, false);
    return new Kept(
        new Family(name, MetricKind.GAUGE, HELP + what, "", List.of(metric)).in(key()), at);
  }

  /// Whether the last push was taken.
  public boolean lastPushSuccessful() {
    return seconds(PUSHED) >= seconds(FAILED);
  }

  private double seconds(String name) {
    @Nullable Kept kept = families.get(name);
    if (kept == null || kept.family().metrics().isEmpty()) {
      return 0;
    }
    return switch (kept.family().metrics().getFirst().measure()) {
      case Measure.Single(double value) -> value;
      case Measure.Summary _, Measure.Buckets _ -> 0;
    };
  }

  /// Whether its time is over. A push that was refused does not lengthen it.
  boolean isOver(Instant now) {
    if (ttl.isZero()) {
      return false;
    }
    double since = Math.max(seconds(PUSHED), 0);
    return now.toEpochMilli() - since * 1000 >= ttl.toMillis();
  }

  /// Families as a scraper reads them.
  List<byte[]> messages() {
    var messages = new ArrayList<byte[]>(families.size());
    families.values().forEach(kept -> messages.add(kept.family().toBytes()));
    return messages;
  }
}
