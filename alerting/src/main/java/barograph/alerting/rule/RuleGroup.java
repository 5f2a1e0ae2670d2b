package barograph.alerting.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules that are evaluated one after the other with the same timestamp.
///
/// @param interval time between evaluations; null stands for the server's default
/// @param queryOffset how far before its turn a group looks; null stands for the server's default
/// @param limit most series or alerts that one rule may give; 0 for any number
/// @param labels given to every rule that does not set the same name itself
public record RuleGroup(
    String name,
    @Nullable Duration interval,
    @Nullable Duration queryOffset,
    int limit,
    Map<String, String> labels,
    List<Rule> rules) {
  public RuleGroup {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Groupname must not be empty");
    }
    if (interval != null && (interval.isNegative() || interval.isZero())) {
      throw new IllegalArgumentException(
          "group \"%s\": interval is %s, expected more than 0".formatted(name, interval));
    }
    if (queryOffset != null && queryOffset.isNegative()) {
      throw new IllegalArgumentException(
          "group \"%s\": query_offset is %s, expected 0 or more".formatted(name, queryOffset));
    }
    if (limit < 0) {
      throw new IllegalArgumentException(
          "group \"%s\": limit is %d, expected 0 or more".formatted(name, limit));
    }
    labels = RuleChecks.labels("group \"" + name + "\"", labels);
    var merged = new ArrayList<Rule>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      merged.add(rules.get(i).withGroupLabels(labels));
    }
    rules = List.copyOf(merged);
  }
}
