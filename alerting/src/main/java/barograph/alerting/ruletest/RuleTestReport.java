package barograph.alerting.ruletest;

import barograph.alerting.evaluate.AlertView;
import barograph.alerting.ruletest.RuleTest.AlertCheck;
import barograph.query.value.HistogramText;
import barograph.query.value.NumberText;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// What is wrong in one test, for people: what was missed (`-`) and what came instead (`+`).
final class RuleTestReport {
  private final String name;
  private final boolean fuzzy;
  private final List<String> failures = new ArrayList<>();

  RuleTestReport(String name, boolean fuzzy) {
    this.name = name;
    this.fuzzy = fuzzy;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /// The test itself cannot be run.
  void broken(String why) {
    fail("    " + why);
  }

  void ruleFailed(String rule, String time, String why) {
    fail("    rule: %s, time: %s, err: %s".formatted(rule, time, why));
  }

  void exprFailed(String expr, String time, String why) {
    fail("    expr: \"%s\", time: %s, err: %s".formatted(expr, time, why));
  }

  /// An alert as it is compared and shown.
  private record Shown(Labels labels, Map<String, String> annotations) {
    String text() {
      return annotations.isEmpty()
          ? labels.toString()
          : "%s annotations: %s".formatted(labels, Labels.of(annotations));
    }
  }

  void alerts(AlertCheck check, String time, List<AlertView> firing) {
    var expected =
        check.expected().stream()
            .map(alert ->
                new Shown(
                    withName(alert.labels(), check.alertName()),
                    new TreeMap<>(alert.annotations())))
            .toList();
    var found =
        firing.stream()
            .map(alert -> new Shown(alert.labels(), new TreeMap<>(alert.annotations())))
            .toList();
    var difference = Difference.of(expected, found, Shown::equals);
    if (!difference.isNone()) {
      fail(
          "    alertname: %s, time: %s,\n%s"
              .formatted(
                  check.alertName(),
                  time,
                  difference.text(Shown::text, "expected, does not fire", "fires, not expected")));
    }
  }

  private static Labels withName(Map<String, String> labels, String alertName) {
    var all = new TreeMap<>(labels);
    all.put("alertname", alertName);
    all.values().removeIf(String::isEmpty);
    return Labels.of(all);
  }

  void samples(String expr, String time, List<Sample> expected, List<Sample> found) {
    var difference = Difference.of(expected, found, this::same);
    if (!difference.isNone()) {
      fail(
          "    expr: \"%s\", time: %s,\n%s"
              .formatted(
                  expr,
                  time,
                  difference.text(
                      RuleTestReport::text, "expected, is not there", "there, not expected")));
    }
  }

  private static String text(Sample sample) {
    var histogram = sample.histogram();
    var value =
        histogram == null
            ? NumberText.exponential(sample.value()).replace('e', 'E')
            : "%s %s"
                .formatted(
                    HistogramText.of(histogram),
                    histogram.counterReset().name().toLowerCase(Locale.ROOT));
    return "%s %s".formatted(sample.labels(), value);
  }

  private boolean same(Sample a, Sample b) {
    if (!a.labels().equals(b.labels())) {
      return false;
    }
    var shape = a.histogram();
    var other = b.histogram();
    if (shape != null || other != null) {
      return shape != null
          && other != null
          && shape.counterReset() == other.counterReset()
          && shape.compact().equals(other.compact());
    }
    double x = a.value();
    double y = b.value();
    boolean near = fuzzy && (Math.nextUp(x) == y || Math.nextDown(x) == y);
    return Double.compare(x, y) == 0 || x == y || near;
  }

  private void fail(String text) {
    failures.add(name.isEmpty() ? text : "    name: %s,\n%s".formatted(name, text));
  }

  /// What one list has and the other has not, whatever the order.
  private record Difference<T>(List<T> missing, List<T> surplus, int same) {
    static <T> Difference<T> of(List<T> expected, List<T> found, BiPredicate<T, T> same) {
      var surplus = new ArrayList<>(found);
      var missing = new ArrayList<T>();
      for (var one : expected) {
        int at = 0;
        while (at < surplus.size() && !same.test(one, surplus.get(at))) {
          at++;
        }
        if (at < surplus.size()) {
          surplus.remove(at);
        } else {
          missing.add(one);
        }
      }
      return new Difference<>(missing, surplus, expected.size() - missing.size());
    }

    boolean isNone() {
      return missing.isEmpty() && surplus.isEmpty();
    }

    String text(Function<T, String> shown, String lacking, String unexpected) {
      var lines = new ArrayList<String>();
      missing.forEach(one -> lines.add("        - %s  (%s)".formatted(shown.apply(one), lacking)));
      surplus.forEach(
          one -> lines.add("        + %s  (%s)".formatted(shown.apply(one), unexpected)));
      if (same > 0) {
        lines.add(String.format(Locale.ROOT, "        = %d as expected", same));
      }
      return String.join("\n", lines);
    }
  }
}
