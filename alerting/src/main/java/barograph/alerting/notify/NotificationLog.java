package barograph.alerting.notify;

import barograph.alerting.state.Fact.Place;
import barograph.alerting.state.Fact.Told;
import barograph.alerting.state.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What each place was told last of each group.
///
/// Guarded by whoever holds it.
final class NotificationLog {
  private static final Duration RETENTION = Duration.ofDays(5);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(15);

  private final Map<Place, Told> entries = new HashMap<>();
  private final Ledger ledger;
  private Instant sweptAt = Instant.EPOCH;

  NotificationLog(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Puts back what was known before a restart.
  void restore(Told entry) {
    entries.put(entry.place(), entry);
  }

  @Nullable Told last(Place place, Instant now) {
    var entry = entries.get(place);
    return entry != null && entry.expiresAt().isAfter(now) ? entry : null;
  }

  /// Takes note of what a place was told.
  ///
  /// @param entry with any expiry: it is set here
  void told(Told entry, Duration repeat) {
    var now = entry.at();
    write(entry.until(expiry(repeat, now)));
    if (Duration.between(sweptAt, now).compareTo(SWEEP_INTERVAL) > 0) {
      sweptAt = now;
      entries.values().removeIf(old -> !old.expiresAt().isAfter(now));
    }
  }

  /// Remembers for longer what a place was told that cannot be reached now: else an outage longer
  /// than the memory would lose the end of its alerts.
  void unreachable(Place place, Duration repeat, Instant now) {
    var entry = entries.get(place);
    if (entry != null) {
      write(entry.until(expiry(repeat, now)));
    }
  }

  private void write(Told entry) {
    entries.put(entry.place(), entry);
    ledger.note(entry);
  }

  private static Instant expiry(Duration repeat, Instant now) {
    var keptFor = repeat.multipliedBy(2);
    return now.plus(keptFor.compareTo(RETENTION) < 0 ? keptFor : RETENTION);
  }

  Collection<Told> all() {
    return Collections.unmodifiableCollection(entries.values());
  }
}
