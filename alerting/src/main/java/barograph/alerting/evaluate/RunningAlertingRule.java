package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.evaluate.AlertState.Firing;
import barograph.alerting.evaluate.AlertState.Patience;
import barograph.alerting.evaluate.AlertState.Pending;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.template.AlertTexts;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An alerting rule at work: its alerts and where each of them stands.
final class RunningAlertingRule extends RunningRule {
  static final String STATE_METRIC = "ALERTS";
  static final String SINCE_METRIC = "ALERTS_FOR_STATE";
  private static final String NAME_LABEL = "alertname";
  static final String STATE_LABEL = "alertstate";

  /// How long a target may take to be scraped again after a restart.
  private static final Duration RETURN_TIME = Duration.ofMinutes(2);

  private final AlertingRule rule;
  private final int limit;
  private final RuleQuery query;
  private final EvaluationSettings settings;
  private final AlertTexts texts;
  private final Patience patience;
  private final Function<Labels, @Nullable Alert> awaited;
  private final String generatorUrl;

  /// Guarded by itself.
  private final Map<Labels, ActiveAlert> alerts = new TreeMap<>();

  private boolean restored;

  RunningAlertingRule(
      AlertingRule rule,
      int limit,
      RuleQuery query,
      EvaluationSettings settings,
      RuleSeries series,
      Function<Labels, @Nullable Alert> awaited) {
    super(rule, series);
    this.awaited = awaited;
    this.rule = rule;
    this.limit = limit;
    this.query = query;
    this.settings = settings;
    texts = new AlertTexts(rule.name(), settings.externalLabels(), settings.externalUrl());
    patience = new Patience(rule.holdFor().toMillis(), rule.keepFiringFor().toMillis());
    generatorUrl = settings.externalUrl() + Links.table(rule.expr());
  }

  @Override
  List<Sample> evaluate(long timeMillis, long queryTimeMillis) throws RuleFailure {
    var found = found(query.at(rule.expr(), queryTimeMillis), timeMillis, queryTimeMillis);
    synchronized (alerts) {
      found.forEach((labels, fresh) -> {
        var known = alerts.putIfAbsent(labels, fresh);
        if (known != null) {
          known.observe(fresh, timeMillis, patience);
        } else {
          goOnFiring(fresh);
        }
      });
      alerts.values().removeIf(alert -> isForgotten(alert, found, timeMillis));
      long active = alerts.values().stream().filter(alert -> alert.state().active()).count();
      if (limit > 0 && active > limit) {
        alerts.clear();
        throw new RuleFailure("exceeded limit of %d with %d alerts".formatted(limit, active));
      }
      return restored ? samples(queryTimeMillis) : List.of();
    }
  }

  /// What the expression gives, as alerts that have just appeared.
  private Map<Labels, ActiveAlert> found(
      List<Sample> results, long timeMillis, long queryTimeMillis) throws RuleFailure {
    var found = new TreeMap<Labels, ActiveAlert>();
    var moment = texts.at(queryTimeMillis, expr -> ask(expr, queryTimeMillis));
    for (var result : results) {
      var expansion = moment.of(result.labels(), result.value());
      var labels = result.labels().without(Labels.METRIC_NAME).toBuilder();
      rule.labels().forEach((name, template) -> labels.set(name, expansion.expand(template)));
      labels.set(NAME_LABEL, rule.name());
      var annotations = new TreeMap<String, String>();
      rule.annotations()
          .forEach((name, template) -> annotations.put(name, expansion.expand(template)));
      var identity = labels.build();
      var fresh =
          new ActiveAlert(
              identity, annotations, result.value(), AlertState.appears(timeMillis, patience));
      if (found.put(identity, fresh) != null) {
        throw new RuleFailure(
            "vector contains metrics with the same labelset after applying alert labels");
      }
    }
    return found;
  }

  /// Lets an alert fire at once that fired before a restart: people know of it, and would take its
  /// waiting for its end.
  private void goOnFiring(ActiveAlert alert) {
    if (alert.state() instanceof Pending(long activeAt)) {
      @Nullable Alert before = awaited.apply(alert.labelsWith(settings.externalLabels()));
      if (before != null) {
        long firedAt = before.startsAt().toEpochMilli();
        alert.become(
            new Firing(Math.min(activeAt, firedAt - patience.holdForMillis()), firedAt, null));
      }
    }
  }

  private List<Sample> ask(String expr, long timeMillis) {
    try {
      return query.at(expr, timeMillis);
    } catch (RuleFailure e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private boolean isForgotten(ActiveAlert alert, Map<Labels, ActiveAlert> found, long timeMillis) {
    if (found.containsKey(alert.labels())) {
      return false;
    }
    var next = alert.state().absent(timeMillis, patience);
    if (next != null) {
      alert.become(next);
    }
    return next == null;
  }

  private List<Sample> samples(long timeMillis) {
    var samples = new ArrayList<Sample>();
    for (var alert : alerts.values()) {
      if (alert.state().active()) {
        var state = alert.state() instanceof Pending ? "pending" : "firing";
        var named = alert.labels().toBuilder().set(NAME_LABEL, rule.name());
        var since = named.set(Labels.METRIC_NAME, SINCE_METRIC).build();
        var stands = named.set(Labels.METRIC_NAME, STATE_METRIC).set(STATE_LABEL, state).build();
        samples.add(new Sample(stands, timeMillis, 1));
        samples.add(new Sample(since, timeMillis, Math.floorDiv(alert.state().activeAt(), 1000L)));
      }
    }
    return samples;
  }

  /// The alerts that those who tell should hear of now.
  List<Alert> toSend(long timeMillis, Duration interval) {
    long resend = settings.resendDelay().toMillis();
    var validFor = Duration.ofMillis(4 * Math.max(interval.toMillis(), resend));
    synchronized (alerts) {
      return alerts.values().stream()
          .filter(alert -> alert.needsSending(timeMillis, resend))
          .map(alert -> alert.send(timeMillis, validFor, settings.externalLabels(), generatorUrl))
          .toList();
    }
  }

  /// Sets right since when alerts are active, from what was stored before a restart.
  void restore(ForState stored, long nowMillis) {
    synchronized (alerts) {
      restored = true;
      long hold = patience.holdForMillis();
      if (hold < settings.gracePeriod().toMillis()) {
        return;
      }
      var lastSeen = stored.of(rule.name());
      for (var alert : alerts.values()) {
        var seen = lastSeen.get(alert.labels());
        if (seen != null && alert.state() instanceof Pending) {
          alert.become(
              new Pending(
                  seen.activeAtAfterOutage(nowMillis, hold, settings.gracePeriod().toMillis())));
        }
      }
    }
  }

  /// Takes up the alerts that fired before a restart, so that one of them which is only held by
  /// `keep_firing_for` goes on being held.
  ///
  /// From when on the expression did not give it is not known, nor whether it is gone at all before
  /// its target has been seen again: it is held from when it was last written, but at least for as
  /// long as targets take to come back.
  void takeUp(ForState stored, long nowMillis) {
    if (patience.keepFiringForMillis() == 0) {
      return;
    }
    long shortest = Math.min(RETURN_TIME.toMillis(), patience.keepFiringForMillis());
    long earliest = nowMillis + shortest - patience.keepFiringForMillis();
    synchronized (alerts) {
      stored
          .firing(rule.name())
          .forEach((labels, seen) -> {
            if (hasOwnLabels(labels)) {
              var state =
                  new Firing(
                      seen.activeAtMillis(),
                      seen.activeAtMillis() + patience.holdForMillis(),
                      Math.clamp(seen.atMillis(), earliest, nowMillis));
              alerts.putIfAbsent(labels, heldAlert(labels, state));
            }
          });
    }
  }

  /// Whether labels may be those of an alert of this rule; others may have its name too.
  private boolean hasOwnLabels(Labels labels) {
    return rule.labels().entrySet().stream()
        .filter(own -> !own.getValue().contains("{{"))
        .allMatch(own -> labels.get(own.getKey()).equals(own.getValue()));
  }

  private ActiveAlert heldAlert(Labels labels, Firing state) {
    var held = new ActiveAlert(labels, Map.of(), Double.NaN, state);
    @Nullable Alert before = awaited.apply(held.labelsWith(settings.externalLabels()));
    return before == null
        ? held
        : new ActiveAlert(
            labels,
            before.annotations(),
            Double.NaN,
            new Firing(
                state.activeAt(), before.startsAt().toEpochMilli(), state.keepFiringSince()));
  }

  /// Says that there is nothing to restore.
  void startFresh() {
    restored = true;
  }

  @Override
  void continueFrom(RunningRule before) {
    super.continueFrom(before);
    if (before instanceof RunningAlertingRule same) {
      synchronized (same.alerts) {
        synchronized (alerts) {
          alerts.putAll(same.alerts);
        }
      }
      restored = same.restored;
    }
  }

  List<AlertView> activeAlerts() {
    synchronized (alerts) {
      return alerts.values().stream()
          .filter(alert -> alert.state().active())
          .map(ActiveAlert::view)
          .toList();
    }
  }

  @Override
  RuleView view() {
    var outcome = outcome();
    var active = activeAlerts();
    var idle =
        outcome.health() == RuleView.Health.UNKNOWN
            ? RuleView.State.UNKNOWN
            : RuleView.State.INACTIVE;
    return new RuleView(
        rule,
        active.stream().map(AlertView::state).max(Comparator.naturalOrder()).orElse(idle),
        active,
        outcome.health(),
        outcome.error(),
        outcome.duration(),
        outcome.evaluatedAt());
  }
}
