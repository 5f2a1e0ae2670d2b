package barograph.server.practice;

import barograph.storage.model.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Some series of one metric, few enough to be asked for cheaply.
///
/// @param metric its name
/// @param condition what they have in common beyond it, as a matcher of PromQL; empty: these are
///   all series of the metric
/// @param label the label by which they differ most
/// @param value one of its values
/// @param series how many there are
record Subject(String metric, String condition, String label, String value, int series) {
  /// As many as a dashboard's graph shows.
  static final int MOST_SERIES = 250;

  private static final String PLAIN_NAME = "[a-zA-Z_][a-zA-Z0-9_]*";
  private static final String PLAIN_VALUE = "[a-zA-Z0-9_.:/-]+";

  /// How often each value of a label is there.
  private record Counted(String label, Map<String, Integer> values) {
    /// Whether it can be written without escapes.
    boolean isPlain() {
      return label.matches(PLAIN_NAME) && values.keySet().stream().allMatch(Subject::isPlainValue);
    }
  }

  /// All series of a metric or, where they are too many, those that have one value in common.
  ///
  /// @param all labels of all its series
  static Optional<Subject> of(String metric, List<Labels> all) {
    List<Counted> labels = counted(all);
    var widest =
        labels.stream()
            .filter(Counted::isPlain)
            .max(Comparator.comparingInt(each -> each.values().size()));
    if (widest.isEmpty() || all.size() <= MOST_SERIES) {
      return widest.map(label -> subject(metric, "", label, all.size()));
    }
    Optional<Subject> best = Optional.empty();
    for (var label : labels) {
      for (var value : label.values().entrySet()) {
        int series = value.getValue();
        if (series <= MOST_SERIES
            && (best.isEmpty() || series > best.get().series())
            && isPlainValue(value.getKey())) {
          String condition = "%s=\"%s\"".formatted(label.label(), value.getKey());
          best = Optional.of(subject(metric, condition, widest.get(), series));
        }
      }
    }
    return best;
  }

  private static Subject subject(String metric, String condition, Counted label, int series) {
    String value = label.values().keySet().iterator().next();
    return new Subject(metric, condition, label.label(), value, series);
  }

  /// The labels but for the metric's name and a bucket's bound.
  private static List<Counted> counted(List<Labels> all) {
    var counts = new TreeMap<String, Map<String, Integer>>();
    for (var labels : all) {
      for (int i = 0; i < labels.size(); i++) {
        counts
            .computeIfAbsent(labels.name(i), _ -> new TreeMap<>())
            .merge(labels.value(i), 1, Integer::sum);
      }
    }
    counts.remove(Labels.METRIC_NAME);
    counts.remove("le");
    return counts.entrySet().stream().map(e -> new Counted(e.getKey(), e.getValue())).toList();
  }

  private static boolean isPlainValue(String value) {
    return value.matches(PLAIN_VALUE);
  }

  /// A selector of these series that also pass `more`.
  String where(String more) {
    String both = condition.isEmpty() || more.isEmpty() ? condition + more : condition + "," + more;
    return both.isEmpty() ? metric : "%s{%s}".formatted(metric, both);
  }

  String selector() {
    return where("");
  }
}
