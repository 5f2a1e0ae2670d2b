package barograph.alerting.evaluate;

import barograph.alerting.rule.RecordingRule;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;

/// A recording rule at work: renames what its expression gives.
final class RunningRecordingRule extends RunningRule {
  private final RecordingRule rule;
  private final int limit;
  private final RuleQuery query;

  RunningRecordingRule(RecordingRule rule, int limit, RuleQuery query, RuleSeries series) {
    super(rule, series);
    this.rule = rule;
    this.limit = limit;
    this.query = query;
  }

  @Override
  List<Sample> evaluate(long timeMillis, long queryTimeMillis) throws RuleFailure {
    var results = query.at(rule.expr(), queryTimeMillis);
    var samples = new ArrayList<Sample>(results.size());
    for (var result : results) {
      var labels = result.labels().toBuilder().set(Labels.METRIC_NAME, rule.name());
      rule.labels().forEach(labels::set);
      samples.add(new Sample(labels.build(), queryTimeMillis, result.value(), result.histogram()));
    }
    refuseDuplicates(
        samples.stream().map(Sample::labels).toList(),
        "vector contains metrics with the same labelset after applying rule labels");
    if (limit > 0 && samples.size() > limit) {
      throw new RuleFailure("exceeded limit of %d with %d series".formatted(limit, samples.size()));
    }
    return samples;
  }

  @Override
  RuleView view() {
    var outcome = outcome();
    return new RuleView(
        rule,
        RuleView.State.INACTIVE,
        List.of(),
        outcome.health(),
        outcome.error(),
        outcome.duration(),
        outcome.evaluatedAt());
  }
}
