package barograph.alerting.rule;

import java.util.Map;

/// A rule: an expression that is asked again and again, and what is made of the answer.
public sealed interface Rule permits AlertingRule, RecordingRule {

  /// The alert's or the recorded metric's name.
  String name();

  /// The expression, as the printer of PromQL writes it.
  String expr();

  /// Labels put on what the rule gives, before any template in them is expanded.
  Map<String, String> labels();

  /// This rule with the labels of its group where it has none of that name.
  Rule withGroupLabels(Map<String, String> groupLabels);
}
