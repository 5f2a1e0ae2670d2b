package barograph.query.exec;

import barograph.query.ast.Expr.RangeMode;
import barograph.query.function.Absence;
import barograph.query.function.ExtendedWindows;
import barograph.query.plan.Source;
import barograph.storage.Selection;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The newest sample of each stored series at each step, unless it is too old or a stale marker.
final class FetchOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final Source source;
  private final Grid grid;
  private final TimeRange range;
  private final boolean timesInstead;
  private final boolean smoothed;
  private final @Nullable Set<String> wanted;

  /// @param timesInstead whether to yield when the sample was taken, in seconds, and not its value
  /// @param wanted names of the labels that are looked at later; null if all may be
  FetchOperator(
      Evaluation evaluation,
      Source source,
      Grid grid,
      boolean timesInstead,
      @Nullable Set<String> wanted) {
    this.wanted = wanted;
    this.evaluation = evaluation;
    this.source = source;
    this.grid = grid;
    this.timesInstead = timesInstead;
    var timing = source.timing();
    long first = timing.lookAt(grid.startMillis());
    long last = timing.lookAt(grid.endMillis());
    this.smoothed = source.mode() == RangeMode.SMOOTHED;
    this.range =
        new TimeRange(
            first - evaluation.lookbackMillis() + 1,
            smoothed ? last + evaluation.lookbackMillis() : last);
    evaluation.selections().announce(source.matchers(), range);
  }

  @Override
  public void run(SeriesSink sink) {
    var selection = evaluation.selections().open(source.matchers(), range);
    long[] times = evaluation.timesLookedAt(source.timing(), grid);
    new SeriesCrew(evaluation, grid)
        .run(
            selection,
            () -> task(selection, times),
            (series, column) -> {
              var labels =
                  wanted == null ? selection.labels(series) : selection.labels(series, wanted);
              sink.accept(
                  timesInstead ? evaluation.dropped(labels) : labels,
                  timesInstead && evaluation.namesDropLate(),
                  column);
            });
  }

  private SeriesCrew.Task task(Selection selection, long[] times) {
    var samples = new SampleColumns();
    var histograms = new HistogramFetch(evaluation, source, grid, timesInstead);
    var budget = evaluation.budget();
    var meter = budget.meter();
    return (series, column) -> {
      selection.read(series, range, samples);
      int size = samples.size();
      budget.read(size);
      meter.work(16 + size + grid.steps());
      int points;
      if (samples.histogramCount() > 0) {
        points = histograms.fill(selection.labels(series), samples, column);
        meter.work(8 * samples.histogramCount());
      } else {
        points = size == 0 ? 0 : fill(samples, times, column.values());
      }
      count(column, points);
      return points > 0;
    };
  }

  private void count(Column column, int points) {
    var counts = evaluation.counts();
    if (!counts.wantsSteps()) {
      counts.add(points);
      return;
    }
    for (int step = 0; points > 0 && step < column.steps(); step++) {
      var histogram = column.histogram(step);
      if (histogram != null) {
        counts.add(step, Budget.samples(histogram.bytes()));
      } else if (column.has(step)) {
        counts.add(step, 1);
      }
    }
  }

  private int fill(SampleColumns samples, long[] lookedAt, double[] into) {
    long[] times = samples.timestamps();
    double[] values = samples.values();
    int size = samples.size();
    int next = 0;
    int points = 0;
    for (int step = 0; step < into.length; step++) {
      long at = lookedAt[step];
      while (next < size && times[next] <= at) {
        next++;
      }
      double value = Absence.NONE;
      if (next > 0 && times[next - 1] > at - evaluation.lookbackMillis()) {
        value = values[next - 1];
      }
      boolean between =
          smoothed
              && next < size
              && Absence.isPresent(value)
              && times[next] <= at + evaluation.lookbackMillis()
              && !Staleness.isMarker(values[next]);
      if (between) {
        value = ExtendedWindows.interpolate(times, values, next - 1, at);
      }
      if (Staleness.isMarker(value)) {
        into[step] = Absence.NONE;
      } else {
        into[step] = timesInstead ? times[next - 1] / 1e3 : value;
        points++;
      }
    }
    return points;
  }
}
