package barograph.alerting.ruletest;

import barograph.alerting.rule.RuleFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// A file of rule tests.
///
/// @param rules what all of its tests run
/// @param evaluationInterval time between evaluations, of all groups alike
/// @param groupOrder groups that come in this order; those that it does not name come first
/// @param fuzzy whether a float may differ by the smallest possible amount
public record RuleTestFile(
    List<RuleFile> rules,
    Duration evaluationInterval,
    List<String> groupOrder,
    boolean fuzzy,
    List<RuleTest> tests) {
  public RuleTestFile {
    rules = List.copyOf(rules);
    groupOrder = List.copyOf(groupOrder);
    tests = List.copyOf(tests);
    if (evaluationInterval.isNegative() || evaluationInterval.isZero()) {
      throw new IllegalArgumentException(
          "evaluation_interval is %s, expected more than 0".formatted(evaluationInterval));
    }
    var seen = new HashSet<String>();
    for (var group : groupOrder) {
      if (!seen.add(group)) {
        throw new IllegalArgumentException(
            "group name repeated in evaluation order: %s".formatted(group));
      }
    }
  }
}
