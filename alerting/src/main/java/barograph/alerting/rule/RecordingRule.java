package barograph.alerting.rule;

import java.util.Map;

/// A rule that stores its answer as a metric of its own.
///
/// @param name the metric's name
/// @param labels put on every series, over what the expression gave
public record RecordingRule(String name, String expr, Map<String, String> labels) implements Rule {
  public RecordingRule {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("one of 'record' or 'alert' must be set");
    }
    var where = "rule \"" + name + "\"";
    if (name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
      throw new IllegalArgumentException(
          "%s: braces present in the recording rule name; should it be in expr?".formatted(where));
    }
    expr = RuleChecks.expression(where, expr);
    labels = RuleChecks.labels(where, labels);
  }

  @Override
  public RecordingRule withGroupLabels(Map<String, String> groupLabels) {
    return new RecordingRule(name, expr, RuleChecks.merged(groupLabels, labels));
  }
}
