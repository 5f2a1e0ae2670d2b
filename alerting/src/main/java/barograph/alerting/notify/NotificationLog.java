package barograph.alerting.notify;

import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What each place was told last of each group.
///
/// Guarded by whoever holds it.
final class NotificationLog {
  private static final Duration RETENTION = Duration.ofDays(5);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(15);

  private final Map<Key, Entry> entries = new HashMap<>();
  private Instant sweptAt = Instant.EPOCH;

  /// Who was told of what.
  ///
  /// @param integration its place among those of its receiver
  record Key(String groupKey, String receiver, String kind, int integration) {}

  /// What was told.
  ///
  /// @param firing labels of the alerts that fired then
  /// @param resolved labels of those that were over
  record Entry(Instant at, Set<Labels> firing, Set<Labels> resolved, Instant expiresAt) {}

  @Nullable Entry last(Key key, Instant now) {
    var entry = entries.get(key);
    return entry != null && entry.expiresAt.isAfter(now) ? entry : null;
  }

  void told(Key key, Set<Labels> firing, Set<Labels> resolved, Duration repeat, Instant now) {
    entries.put(key, new Entry(now, Set.copyOf(firing), Set.copyOf(resolved), expiry(repeat, now)));
    if (Duration.between(sweptAt, now).compareTo(SWEEP_INTERVAL) > 0) {
      sweptAt = now;
      entries.values().removeIf(entry -> !entry.expiresAt.isAfter(now));
    }
  }

  /// Remembers for longer what a place was told that cannot be reached now: else an outage longer
  /// than the memory would lose the end of its alerts.
  void unreachable(Key key, Duration repeat, Instant now) {
    entries.computeIfPresent(
        key, (_, entry) -> new Entry(entry.at, entry.firing, entry.resolved, expiry(repeat, now)));
  }

  private static Instant expiry(Duration repeat, Instant now) {
    var keptFor = repeat.multipliedBy(2);
    return now.plus(keptFor.compareTo(RETENTION) < 0 ? keptFor : RETENTION);
  }
}
