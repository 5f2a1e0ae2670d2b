package barograph.alerting.rule;

import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What both kinds of rules must obey.
final class RuleChecks {
  private RuleChecks() {}

  static String expression(String where, String expr) {
    if (expr.isBlank()) {
      throw new IllegalArgumentException(where + ": field 'expr' must be set");
    }
    return expr.strip();
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

  static void templates(String where, String kind, Map<String, String> templates) {}

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
