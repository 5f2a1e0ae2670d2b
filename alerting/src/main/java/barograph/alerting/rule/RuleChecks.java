package barograph.alerting.rule;

import barograph.alerting.template.AlertTexts;
import barograph.alerting.template.TemplateException;
import barograph.query.EngineOptions;
import barograph.query.PromqlText;
import barograph.query.ast.PromqlException;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What both kinds of rules must obey.
final class RuleChecks {
  /// Which features are on is the engine's to know: it says so when the rule is evaluated.
  private static final Set<EngineOptions.Feature> ALL_FEATURES =
      EnumSet.allOf(EngineOptions.Feature.class);

  private RuleChecks() {}

  static String expression(String where, String expr) {
    if (expr.isBlank()) {
      throw new IllegalArgumentException(where + ": field 'expr' must be set");
    }
    try {
      return PromqlText.print(PromqlText.parse(expr, ALL_FEATURES));
    } catch (PromqlException e) {
      throw new IllegalArgumentException(
          "%s: could not parse expression: %s".formatted(where, e.getMessage()), e);
    }
  }

  static void notNegative(String where, String field, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "%s: %s is %s, expected 0 or more".formatted(where, field, duration));
    }
  }

  static Map<String, String> labels(String where, Map<String, String> labels) {
    labels
        .keySet()
        .forEach(name -> {
          if (name.isEmpty() || name.equals(Labels.METRIC_NAME)) {
            throw new IllegalArgumentException(
                "%s: invalid label name: \"%s\"".formatted(where, name));
          }
        });
    return sorted(labels);
  }

  static Map<String, String> annotations(String where, Map<String, String> annotations) {
    if (annotations.containsKey("")) {
      throw new IllegalArgumentException(where + ": invalid annotation name: \"\"");
    }
    return sorted(annotations);
  }

  static void templates(String ruleName, String kind, Map<String, String> templates) {
    templates.forEach((name, template) -> {
      try {
        AlertTexts.check(ruleName, template);
      } catch (TemplateException e) {
        throw new IllegalArgumentException(
            "rule \"%s\": %s \"%s\": %s".formatted(ruleName, kind, name, e.getMessage()), e);
      }
    });
  }

  static Map<String, String> merged(Map<String, String> group, Map<String, String> own) {
    var all = new TreeMap<>(group);
    all.putAll(own);
    return all;
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    var sorted = new TreeMap<String, String>(Labels.UTF8_ORDER);
    sorted.putAll(map);
    return Collections.unmodifiableMap(sorted);
  }
}
