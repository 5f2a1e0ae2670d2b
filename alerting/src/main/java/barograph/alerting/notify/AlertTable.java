package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.inhibit.Inhibitor;
import barograph.alerting.state.Fact.AlertRenewed;
import barograph.alerting.state.Ledger;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All alerts that are known, by their labels; those that are over for half an hour at least.
///
/// Guarded by whoever holds it.
final class AlertTable {
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(30);

  private final Map<Labels, KnownAlert> alerts = new HashMap<>();
  private final Ledger ledger;
  private Inhibitor inhibitor;
  private Instant sweptAt = Instant.EPOCH;

  /// @param inhibitor hears of all alerts
  AlertTable(Ledger ledger, Inhibitor inhibitor) {
    this.ledger = ledger;
    this.inhibitor = inhibitor;
  }

  /// Takes news of an alert and gives the alert as it is known from then on.
  Alert put(KnownAlert news, Instant now) {
    if (Duration.between(sweptAt, now).compareTo(SWEEP_INTERVAL) > 0) {
      sweep(now);
    }
    var labels = news.alert().labels();
    @Nullable KnownAlert before = alerts.get(labels);
    var known = before == null ? news : before.with(news, now);
    restore(known);
    ledger.note(
        before != null && known.renews(before)
            ? new AlertRenewed(known.alert().id(), known.alert().endsAt(), known.updatedAt())
            : known.toFact());
    return known.alert();
  }

  /// Puts back what was known before a restart.
  void restore(KnownAlert known) {
    alerts.put(known.alert().labels(), known);
    inhibitor.put(known.alert());
  }

  private void sweep(Instant now) {
    sweptAt = now;
    alerts
        .values()
        .removeIf(known -> {
          boolean over = known.alert().resolvedAt(now);
          if (over) {
            inhibitor.remove(known.alert());
          }
          return over;
        });
  }

  /// Goes on with other rules of inhibition.
  void inhibitBy(Inhibitor next) {
    inhibitor = next;
    alerts.values().forEach(known -> next.put(known.alert()));
  }

  @Nullable KnownAlert get(Labels labels) {
    return alerts.get(labels);
  }

  Collection<KnownAlert> all() {
    return Collections.unmodifiableCollection(alerts.values());
  }
}
