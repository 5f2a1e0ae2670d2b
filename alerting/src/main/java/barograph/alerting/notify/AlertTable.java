package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All alerts that are known, by their labels.
///
/// Guarded by whoever holds it.
final class AlertTable {
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(30);

  private final Map<Labels, Alert> alerts = new HashMap<>();
  private Instant sweptAt = Instant.EPOCH;

  /// Takes news of an alert and gives the alert as it is known from then on.
  Alert put(Alert news, Instant now) {
    if (Duration.between(sweptAt, now).compareTo(SWEEP_INTERVAL) > 0) {
      sweptAt = now;
      alerts.values().removeIf(alert -> alert.resolvedAt(now));
    }
    var known = alerts.get(news.labels());
    var merged = known != null && overlap(known, news) ? merged(known, news, now) : news;
    alerts.put(news.labels(), merged);
    return merged;
  }

  List<Alert> all() {
    return List.copyOf(alerts.values());
  }

  private static boolean overlap(Alert known, Alert news) {
    return isWithin(news.endsAt(), known) || isWithin(news.startsAt(), known);
  }

  private static boolean isWithin(Instant time, Alert alert) {
    return time.isAfter(alert.startsAt()) && time.isBefore(alert.endsAt());
  }

  /// The earliest start and the newest texts; an end that has come counts over one to come.
  private static Alert merged(Alert known, Alert news, Instant now) {
    boolean sameFate = known.resolvedAt(now) || !news.resolvedAt(now);
    return new Alert(
        news.labels(),
        news.annotations(),
        known.startsAt().isBefore(news.startsAt()) ? known.startsAt() : news.startsAt(),
        sameFate && known.endsAt().isAfter(news.endsAt()) ? known.endsAt() : news.endsAt(),
        news.generatorUrl());
  }
}
