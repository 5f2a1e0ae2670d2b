package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.plan.Source;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;

/// The newest sample of each stored series at each step, unless it is too old or a stale marker.
final class FetchOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final Source source;
  private final Grid grid;
  private final TimeRange range;
  private final boolean timesInstead;

  /// @param timesInstead whether to yield when the sample was taken, in seconds, and not its value
  FetchOperator(Evaluation evaluation, Source source, Grid grid, boolean timesInstead) {
    this.evaluation = evaluation;
    this.source = source;
    this.grid = grid;
    this.timesInstead = timesInstead;
    var timing = source.timing();
    long first = timing.lookAt(grid.startMillis());
    long last = timing.lookAt(grid.endMillis());
    this.range = new TimeRange(first - evaluation.lookbackMillis() + 1, last);
    evaluation.selections().announce(source.matchers(), range);
  }

  @Override
  public void run(SeriesSink sink) {
    var budget = evaluation.budget();
    var selection = evaluation.selections().open(source.matchers(), range);
    var samples = new SampleColumns();
    var column = evaluation.column(grid.steps());
    for (int i = 0; i < selection.size(); i++) {
      selection.read(i, range, samples);
      budget.read(samples.size());
      budget.work(16 + samples.size() + grid.steps());
      if (samples.size() == 0) {
        continue;
      }
      int points = fill(samples, column.values());
      if (points > 0) {
        budget.queried(points);
        var labels = selection.labels(i);
        sink.accept(
            timesInstead ? evaluation.dropped(labels) : labels,
            timesInstead && evaluation.namesDropLate(),
            column);
      }
    }
  }

  private int fill(SampleColumns samples, double[] into) {
    long[] times = samples.timestamps();
    double[] values = samples.values();
    int size = samples.size();
    int next = 0;
    int points = 0;
    for (int step = 0; step < into.length; step++) {
      long at = source.timing().lookAt(grid.timeMillis(step));
      while (next < size && times[next] <= at) {
        next++;
      }
      double value = Absence.NONE;
      if (next > 0 && times[next - 1] > at - evaluation.lookbackMillis()) {
        value = values[next - 1];
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
