package barograph.alerting.evaluate;

import barograph.alerting.rule.Rule;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule with what it remembers between evaluations.
///
/// Evaluated by one thread at a time, looked at by any.
abstract sealed class RunningRule permits RunningAlertingRule, RunningRecordingRule {
  private final Rule rule;
  private final RuleSeries series;
  private volatile Outcome outcome =
      new Outcome(RuleView.Health.UNKNOWN, null, Duration.ZERO, null);

  RunningRule(Rule rule, RuleSeries series) {
    this.rule = rule;
    this.series = series;
  }

  /// How the last evaluation went.
  record Outcome(
      RuleView.Health health,
      @Nullable String error,
      Duration duration,
      @Nullable Instant evaluatedAt) {}

  Rule rule() {
    return rule;
  }

  RuleSeries series() {
    return series;
  }

  Outcome outcome() {
    return outcome;
  }

  void finished(@Nullable String error, Duration duration, Instant evaluatedAt) {
    var health = error == null ? RuleView.Health.OK : RuleView.Health.ERR;
    outcome = new Outcome(health, error, duration, evaluatedAt);
  }

  /// Takes over what the same rule remembered before a reload.
  void continueFrom(RunningRule before) {
    series.continueFrom(before.series);
    outcome = before.outcome;
  }

  /// The samples that the rule gives at `timeMillis`.
  ///
  /// @param queryTimeMillis the time that the expression is asked for
  abstract List<Sample> evaluate(long timeMillis, long queryTimeMillis) throws RuleFailure;

  abstract RuleView view();

  static void refuseDuplicates(List<Labels> labels, String message) throws RuleFailure {
    var seen = new HashSet<Labels>();
    for (var one : labels) {
      if (!seen.add(one)) {
        throw new RuleFailure(message);
      }
    }
  }
}
