package barograph.query.exec;

import barograph.query.plan.Timing;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The info series of one `info` call: for each metric and target, the one that is the newest at
/// each step.
final class InfoSeries {
  private static final Set<String> IDENTIFYING = Set.of("instance", "job");
  private static final int NONE = -1;

  private final Evaluation evaluation;
  private final Timing timing;
  private final Grid grid;
  private final List<Labels> series = new ArrayList<>();

  /// By name, then by what identifies the target.
  private final Map<String, Map<Labels, Newest>> groups = new LinkedHashMap<>();

  InfoSeries(Evaluation evaluation, Timing timing, Grid grid) {
    this.evaluation = evaluation;
    this.timing = timing;
    this.grid = grid;
  }

  /// Of the series of one group, the newest at each step and when its sample was taken.
  private record Newest(int[] series, long[] times) {}

  /// Reads the series that pass `matchers`.
  ///
  /// @param present the steps at which anything asks for them
  void read(List<Matcher> matchers, boolean[] present) {
    long lookback = evaluation.lookbackMillis();
    var range =
        new TimeRange(
            timing.lookAt(grid.startMillis()) - lookback + 1, timing.lookAt(grid.endMillis()));
    evaluation.selections().announce(matchers, range);
    var selection = evaluation.selections().open(matchers, range);
    var samples = new SampleColumns();
    for (int i = 0; i < selection.size(); i++) {
      selection.read(i, range, samples);
      evaluation.budget().read(samples.size());
      evaluation.budget().work(16 + samples.size() + grid.steps());
      if (samples.histogramCount() > 0) {
        throw EvaluationException.noResult("info sample should be float");
      }
      var labels = selection.labels(i);
      series.add(labels);
      place(series.size() - 1, groupOf(labels), samples, present);
    }
  }

  private Newest groupOf(Labels labels) {
    return groups
        .computeIfAbsent(labels.metricName(), absent -> new HashMap<>())
        .computeIfAbsent(
            labels.filter(IDENTIFYING::contains),
            absent -> {
              evaluation.budget().hold(grid.steps());
              var newest = new Newest(new int[grid.steps()], new long[grid.steps()]);
              Arrays.fill(newest.series, NONE);
              return newest;
            });
  }

  private void place(int index, Newest newest, SampleColumns samples, boolean[] present) {
    long[] times = samples.timestamps();
    int next = 0;
    for (int step = 0; step < grid.steps(); step++) {
      long at = timing.lookAt(grid.timeMillis(step));
      while (next < samples.size() && times[next] <= at) {
        next++;
      }
      boolean here =
          present[step]
              && next > 0
              && times[next - 1] > at - evaluation.lookbackMillis()
              && !Staleness.isMarker(samples.values()[next - 1]);
      if (!here) {
        continue;
      }
      long time = times[next - 1];
      int other = newest.series[step];
      if (other != NONE && newest.times[step] == time) {
        throw EvaluationException.noResult(
            "found duplicate series for info metric: existing %s @ %d, new %s @ %d"
                .formatted(
                    MatchOperator.braced(series.get(other)),
                    time,
                    MatchOperator.braced(series.get(index)),
                    time));
      }
      if (other == NONE || newest.times[step] < time) {
        newest.series[step] = index;
        newest.times[step] = time;
      }
    }
  }

  /// For each info metric that has series of the same target: which it is at each step, -1 for
  /// none.
  List<int[]> of(Labels labels) {
    var target = labels.filter(IDENTIFYING::contains);
    var found = new ArrayList<int[]>();
    for (var group : groups.values()) {
      var newest = group.get(target);
      if (newest != null) {
        found.add(newest.series);
      }
    }
    return found;
  }

  Labels labels(int index) {
    return series.get(index);
  }
}
