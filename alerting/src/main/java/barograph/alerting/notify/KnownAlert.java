package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.state.Fact.AlertKnown;
import java.time.Instant;

/// An alert with what is known of the news about it.
///
/// @param endAssumed whether its sender has named no end
/// @param ownRule whether a rule of this server has found it
record KnownAlert(Alert alert, Instant updatedAt, boolean endAssumed, boolean ownRule) {

  /// What is known once `news` of the same alert have come.
  ///
  /// When both are about the same trouble, that has the earliest start and the newest texts; an end
  /// that has come counts over one to come, and one that somebody has named over one that nobody
  /// has.
  KnownAlert with(KnownAlert news, Instant now) {
    if (!overlaps(news.alert)) {
      return news;
    }
    var then = alert;
    var fresh = news.alert;
    boolean keepsEnd =
        fresh.resolvedAt(now)
            ? then.resolvedAt(now) && then.endsAt().isAfter(fresh.endsAt())
            : then.endsAt().isAfter(fresh.endsAt()) && !endAssumed;
    var merged =
        new Alert(
            fresh.labels(),
            fresh.annotations(),
            then.startsAt().isBefore(fresh.startsAt()) ? then.startsAt() : fresh.startsAt(),
            keepsEnd ? then.endsAt() : fresh.endsAt(),
            fresh.generatorUrl());
    return new KnownAlert(merged, news.updatedAt, news.endAssumed, news.ownRule);
  }

  private boolean overlaps(Alert news) {
    return isWithin(news.endsAt()) || isWithin(news.startsAt());
  }

  private boolean isWithin(Instant time) {
    return time.isAfter(alert.startsAt()) && time.isBefore(alert.endsAt());
  }

  /// Whether nothing has changed but when it ends.
  boolean renews(KnownAlert before) {
    return alert.labels().equals(before.alert.labels())
        && alert.annotations().equals(before.alert.annotations())
        && alert.startsAt().equals(before.alert.startsAt())
        && alert.generatorUrl().equals(before.alert.generatorUrl())
        && endAssumed == before.endAssumed
        && ownRule == before.ownRule;
  }

  AlertKnown toFact() {
    return new AlertKnown(alert, updatedAt, endAssumed, ownRule);
  }
}
