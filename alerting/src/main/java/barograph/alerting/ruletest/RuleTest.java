package barograph.alerting.ruletest;

import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One test: series, and what rules and queries must make of them.
///
/// @param name for messages; may be empty
/// @param interval time between two values of a series
/// @param start of the series and of evaluation
public record RuleTest(
    String name,
    Duration interval,
    Instant start,
    Labels externalLabels,
    String externalUrl,
    List<InputSeries> input,
    List<AlertCheck> alerts,
    List<ExprCheck> exprs) {
  public RuleTest {
    input = List.copyOf(input);
    alerts = List.copyOf(alerts);
    exprs = List.copyOf(exprs);
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "interval is %s, expected more than 0".formatted(interval));
    }
  }

  /// A series as it is written: `up{job="x"}` and `1+1x10 _ stale`.
  public record InputSeries(String series, String values) {}

  /// Which alerts of a name must fire.
  ///
  /// @param evalTime after the start
  /// @param expected all of them; none means that no such alert may fire
  public record AlertCheck(Duration evalTime, String alertName, List<ExpectedAlert> expected) {
    public AlertCheck {
      expected = List.copyOf(expected);
      if (alertName.isEmpty()) {
        throw new IllegalArgumentException(
            "an item under alert_rule_test misses required attribute alertname");
      }
    }
  }

  /// An alert that must fire.
  ///
  /// @param labels all of them but `alertname`
  public record ExpectedAlert(Map<String, String> labels, Map<String, String> annotations) {
    public ExpectedAlert {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }

  /// What an expression must give.
  ///
  /// @param evalTime after the start
  public record ExprCheck(String expr, Duration evalTime, List<ExpectedSample> expected) {
    public ExprCheck {
      expected = List.copyOf(expected);
    }
  }

  /// A sample that an expression must give.
  ///
  /// @param labels as in `up{job="x"}`; empty for none
  /// @param histogram a native histogram as in `{{sum:3 count:2 buckets:[2]}}`; empty for a float
  public record ExpectedSample(String labels, double value, String histogram) {}

  /// The latest moment at which anything is checked, from the start.
  Duration length() {
    var latest = Duration.ZERO;
    for (var check : alerts) {
      latest = max(latest, check.evalTime);
    }
    for (var check : exprs) {
      latest = max(latest, check.evalTime);
    }
    return latest;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
