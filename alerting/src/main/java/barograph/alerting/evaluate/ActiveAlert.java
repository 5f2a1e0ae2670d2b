package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.evaluate.AlertState.Firing;
import barograph.alerting.evaluate.AlertState.Pending;
import barograph.alerting.evaluate.AlertState.Resolved;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// An alert that its rule knows of: pending, firing, or over for less than a while.
///
/// Belongs to its rule, which guards it.
final class ActiveAlert {
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Labels labels;
  private Map<String, String> annotations;
  private double value;
  private AlertState state;
  private long lastSentMillis = NEVER;

  ActiveAlert(Labels labels, Map<String, String> annotations, double value, AlertState state) {
    this.labels = labels;
    this.annotations = annotations;
    this.value = value;
    this.state = state;
  }

  Labels labels() {
    return labels;
  }

  AlertState state() {
    return state;
  }

  /// Takes what the expression gives now; an alert that was over begins anew.
  void observe(ActiveAlert fresh, long now, AlertState.Patience patience) {
    if (state instanceof Resolved) {
      lastSentMillis = NEVER;
    }
    annotations = fresh.annotations;
    value = fresh.value;
    state = state.present(now, patience);
  }

  void become(AlertState next) {
    state = next;
  }

  /// Whether those who tell should hear of it now: at every change and then each `resendDelay`.
  boolean needsSending(long now, long resendDelayMillis) {
    return switch (state) {
      case Pending _ -> false;
      case Resolved(var _, var _, long resolvedAt) when resolvedAt > lastSentMillis -> true;
      case Firing _, Resolved _ -> lastSentMillis + resendDelayMillis < now;
    };
  }

  /// The alert as it is passed on, which counts as sent from then on.
  ///
  /// @param validFor after which it counts as over if nothing more is heard
  Alert send(long now, Duration validFor, Labels externalLabels, String generatorUrl) {
    lastSentMillis = now;
    long starts;
    Instant ends;
    switch (state) {
      case Firing(var _, long firedAt, var _) -> {
        starts = firedAt;
        ends = Instant.ofEpochMilli(now).plus(validFor);
      }
      case Resolved(var _, long firedAt, long resolvedAt) -> {
        starts = firedAt;
        ends = Instant.ofEpochMilli(resolvedAt);
      }
      case Pending _ -> throw new IllegalStateException("pending alert %s sent".formatted(labels));
    }
    return new Alert(
        labelsWith(externalLabels), annotations, Instant.ofEpochMilli(starts), ends, generatorUrl);
  }

  /// The labels that it is passed on with.
  Labels labelsWith(Labels externalLabels) {
    var all = labels.toBuilder();
    for (int i = 0; i < externalLabels.size(); i++) {
      if (!labels.has(externalLabels.name(i))) {
        all.add(externalLabels.name(i), externalLabels.value(i));
      }
    }
    return all.build();
  }

  AlertView view() {
    return new AlertView(
        labels,
        annotations,
        state instanceof Pending ? RuleView.State.PENDING : RuleView.State.FIRING,
        Instant.ofEpochMilli(state.activeAt()),
        state instanceof Firing(var _, var _, var since) && since != null
            ? Instant.ofEpochMilli(since)
            : null,
        value);
  }
}
