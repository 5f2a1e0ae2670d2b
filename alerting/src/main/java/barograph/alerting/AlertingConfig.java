package barograph.alerting;

import barograph.alerting.forward.Forwarding;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.rule.RuleFile;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// What a reload may change.
///
/// @param evaluationInterval of groups that name none
/// @param queryOffset of groups that name none
/// @param externalLabels put on every alert that leaves, where it has none of that name
/// @param notifications whom this server tells itself
/// @param forwarding who else is told
public record AlertingConfig(
    Duration evaluationInterval,
    Duration queryOffset,
    Labels externalLabels,
    List<RuleFile> ruleFiles,
    NotificationConfig notifications,
    Forwarding forwarding) {
  public AlertingConfig {
    if (evaluationInterval.isNegative() || evaluationInterval.isZero()) {
      throw new IllegalArgumentException(
          "evaluation_interval is %s, expected more than 0".formatted(evaluationInterval));
    }
    if (queryOffset.isNegative()) {
      throw new IllegalArgumentException(
          "rule_query_offset is %s, expected 0 or more".formatted(queryOffset));
    }
    ruleFiles = List.copyOf(ruleFiles);
    var paths = new HashSet<String>();
    for (var file : ruleFiles) {
      if (!paths.add(file.path())) {
        throw new IllegalArgumentException("rule file %s is listed twice".formatted(file.path()));
      }
    }
  }

  /// The longest time between two turns of any group.
  Duration longestInterval() {
    var longest = Duration.ZERO;
    for (var file : ruleFiles) {
      for (var group : file.groups()) {
        var interval = group.interval() == null ? evaluationInterval : group.interval();
        longest = interval.compareTo(longest) > 0 ? interval : longest;
      }
    }
    return longest;
  }
}
