package barograph.alerting.rule;

import java.time.Duration;
import java.util.Map;

/// A rule that watches: whatever its expression gives is an alert.
///
/// @param name the `alertname` of its alerts
/// @param holdFor how long an alert must be there before it fires: the file's `for`
/// @param keepFiringFor how long it goes on firing after its expression has let go of it
/// @param labels templates, put on every alert over the labels that the expression gave
/// @param annotations templates for people to read
public record AlertingRule(
    String name,
    String expr,
    Duration holdFor,
    Duration keepFiringFor,
    Map<String, String> labels,
    Map<String, String> annotations)
    implements Rule {
  public AlertingRule {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("one of 'record' or 'alert' must be set");
    }
    var where = "rule \"" + name + "\"";
    expr = RuleChecks.expression(where, expr);
    RuleChecks.notNegative(where, "for", holdFor);
    RuleChecks.notNegative(where, "keep_firing_for", keepFiringFor);
    labels = RuleChecks.labels(where, labels);
    annotations = RuleChecks.annotations(where, annotations);
    RuleChecks.templates(name, "label", labels);
    RuleChecks.templates(name, "annotation", annotations);
  }

  @Override
  public AlertingRule withGroupLabels(Map<String, String> groupLabels) {
    return new AlertingRule(
        name, expr, holdFor, keepFiringFor, RuleChecks.merged(groupLabels, labels), annotations);
  }
}
