package barograph.query.exec;

import barograph.query.plan.RangePlan;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;

/// The stored samples of all windows of a range selector, series by series.
final class StoredWindows implements WindowSource {
  private final Evaluation evaluation;
  private final RangePlan.Stored plan;
  private final TimeRange range;

  StoredWindows(Evaluation evaluation, RangePlan.Stored plan, Grid grid) {
    this.evaluation = evaluation;
    this.plan = plan;
    long first = plan.timing().lookAt(grid.startMillis());
    long last = plan.timing().lookAt(grid.endMillis());
    this.range = new TimeRange(first - plan.rangeMillis() + 1, last);
    evaluation.selections().announce(plan.source().matchers(), range);
  }

  @Override
  public void run(Sink sink) {
    var budget = evaluation.budget();
    var selection = evaluation.selections().open(plan.source().matchers(), range);
    var samples = new SampleColumns();
    for (int i = 0; i < selection.size(); i++) {
      selection.read(i, range, samples);
      budget.read(samples.size());
      budget.work(16 + samples.size());
      dropStale(samples);
      int size = samples.size();
      if (size > 0) {
        budget.hold(size);
        sink.accept(selection.labels(i), false, samples);
        budget.release(size);
      }
    }
  }

  private static void dropStale(SampleColumns samples) {
    long[] times = samples.timestamps();
    double[] values = samples.values();
    int size = samples.size();
    int first = 0;
    while (first < size && !Staleness.isMarker(values[first])) {
      first++;
    }
    int kept = first;
    for (int i = first + 1; i < size; i++) {
      if (!Staleness.isMarker(values[i])) {
        times[kept] = times[i];
        values[kept++] = values[i];
      }
    }
    samples.truncate(kept);
  }
}
