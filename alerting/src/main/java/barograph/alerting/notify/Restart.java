package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.state.Fact.AlertKnown;
import barograph.alerting.state.Fact.GroupDue;
import barograph.alerting.state.Fact.Told;
import barograph.alerting.state.Recollection;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The time after a restart, in which it must turn out which alerts of before are still there.
///
/// Nobody could tell of an alert's end while the process was down, and nobody could renew it. So
/// alerts do not grow older by the outage, and each that fired is awaited: until it is heard of
/// again, or has had its time, a place that knows of it is not told that it goes on, nor a place
/// that does not that it is there. No group is looked at before the rules have been asked once:
/// what inhibits an alert may be found after it.
///
/// Guarded by whoever holds it.
final class Restart {
  private final Recollection before;
  private final Duration outage;
  private final Duration longestWait;
  private final Instant settledAt;
  private final Map<Labels, Instant> awaited = new HashMap<>();

  /// @param now when the process is back
  Restart(Recollection before, Instant now, RestartPatience patience) {
    this.before = before;
    outage = Duration.between(before.lastSign(), now);
    longestWait =
        patience.ownRule().compareTo(patience.others()) > 0
            ? patience.ownRule()
            : patience.others();
    boolean anyFired = false;
    for (var known : before.alerts()) {
      if (!known.alert().resolvedAt(before.lastSign())) {
        anyFired = true;
        var until = now.plus(known.ownRule() ? patience.ownRule() : patience.others());
        awaited.put(known.alert().labels(), until);
      }
    }
    settledAt = anyFired ? now.plus(patience.settle()) : now;
  }

  /// The alert as it must be taken now: one that fired does so for as much longer as the outage
  /// lasted, but a rule's only as long as it is awaited.
  KnownAlert resumed(AlertKnown known) {
    var alert = known.alert();
    @Nullable Instant until = awaited.get(alert.labels());
    if (until != null) {
      var later = alert.endsAt().plus(outage);
      alert =
          new Alert(
              alert.labels(),
              alert.annotations(),
              alert.startsAt(),
              known.ownRule() ? until : later,
              alert.generatorUrl());
    }
    return new KnownAlert(alert, known.updatedAt(), known.endAssumed(), known.ownRule());
  }

  /// What a place was told, remembered for as much longer as it could not be told anything: else an
  /// outage longer than the memory would lose the end of its alerts.
  Told resumed(Told entry) {
    return entry.until(entry.expiresAt().plus(outage).plus(longestWait));
  }

  /// Takes note that an alert has been heard of.
  void heardOf(Labels labels) {
    awaited.remove(labels);
  }

  boolean isAwaited(Alert alert, Instant now) {
    @Nullable Instant until = awaited.get(alert.labels());
    return until != null && until.isAfter(now);
  }

  /// Before which no group is looked at.
  Instant settledAt() {
    return settledAt;
  }

  /// What is known of a group's timer, or null.
  @Nullable GroupDue due(String groupKey, String receiver) {
    return before.due(groupKey, receiver);
  }
}
