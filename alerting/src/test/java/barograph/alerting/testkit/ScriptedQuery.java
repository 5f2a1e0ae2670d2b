package barograph.alerting.testkit;

import barograph.alerting.evaluate.RuleFailure;
import barograph.alerting.evaluate.RuleQuery;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers expressions with what the test has set, whatever the expression means.
public final class ScriptedQuery implements RuleQuery {
  private final Map<String, Map<Labels, Double>> answers = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();
  private final List<Long> asked = new ArrayList<>();
  private Runnable meanwhile = () -> {};

  public ScriptedQuery set(String expr, Labels labels, double value) {
    answers.computeIfAbsent(expr, absent -> new HashMap<>()).put(labels, value);
    failures.remove(expr);
    return this;
  }

  public ScriptedQuery clear(String expr) {
    answers.remove(expr);
    failures.remove(expr);
    return this;
  }

  public ScriptedQuery fail(String expr, String message) {
    failures.put(expr, message);
    return this;
  }

  /// Does something while a question is being answered.
  public void whileAnswering(Runnable action) {
    meanwhile = action;
  }

  /// The times that were asked for.
  public List<Long> asked() {
    return asked;
  }

  @Override
  public List<Sample> at(String expr, long timeMillis) throws RuleFailure {
    asked.add(timeMillis);
    meanwhile.run();
    var failure = failures.get(expr);
    if (failure != null) {
      throw new RuleFailure(failure);
    }
    return answers.getOrDefault(expr, Map.of()).entrySet().stream()
        .map(entry -> new Sample(entry.getKey(), timeMillis, entry.getValue()))
        .toList();
  }
}
