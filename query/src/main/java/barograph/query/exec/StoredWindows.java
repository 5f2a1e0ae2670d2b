package barograph.query.exec;

import barograph.query.plan.RangePlan;
import barograph.query.window.HistogramSamples;
import barograph.storage.Selection;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.Thinning;
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
    long around = evaluation.lookbackMillis();
    long start = first - plan.rangeMillis() + 1;
    this.range =
        switch (plan.mode()) {
          case PLAIN -> new TimeRange(start, last);
          case ANCHORED -> new TimeRange(start - around, last);
          case SMOOTHED -> new TimeRange(start - around, last + around);
        };
    evaluation.selections().announce(plan.source().matchers(), range);
  }

  @Override
  public void run(Sink sink) {
    var selection = open();
    var samples = new SampleColumns();
    var histograms = new HistogramSamples();
    var meter = evaluation.budget().meter();
    for (int series = 0; series < selection.size(); series++) {
      read(selection, series, samples, histograms, meter);
      if (samples.size() > 0 || histograms.size() > 0) {
        sink.accept(selection.labels(series), false, samples, histograms);
      }
    }
  }

  /// The series themselves, for whoever reads them in an order of its own.
  Selection open() {
    return evaluation.selections().open(plan.source().matchers(), range);
  }

  /// The samples of one series without stale markers; may run on several threads.
  void read(
      Selection selection,
      int series,
      SampleColumns into,
      HistogramSamples histograms,
      Budget.Meter meter) {
    readThinned(selection, series, Thinning.NONE, into, histograms, meter);
  }

  /// The same without those floats that `thinning` spares; returns how many were left out. Of a
  /// series that has histograms too, none is.
  long readThinned(
      Selection selection,
      int series,
      Thinning thinning,
      SampleColumns into,
      HistogramSamples histograms,
      Budget.Meter meter) {
    var budget = evaluation.budget();
    long leftOut = selection.readThinned(series, range, thinning, into);
    if (leftOut > 0 && into.histogramCount() > 0) {
      selection.read(series, range, into);
      leftOut = 0;
    }
    int size = into.size();
    budget.read(size);
    meter.work(16 + size);
    dropStale(into);
    budget.hold(size);
    budget.release(size);
    readHistograms(into, histograms, meter);
    return leftOut;
  }

  private void readHistograms(SampleColumns read, HistogramSamples histograms, Budget.Meter meter) {
    histograms.clear();
    if (read.histogramCount() == 0) {
      return;
    }
    if (plan.source().countsAlone()) {
      histograms.fillWithCounts(read.histograms());
    } else {
      histograms.fill(read.histograms());
    }
    long samples = Budget.samples(histograms.bytes());
    evaluation.budget().read(samples);
    meter.work(Math.toIntExact(samples));
    evaluation.budget().hold(samples);
    evaluation.budget().release(samples);
  }

  /// Takes the stale markers out of the floats.
  static void dropStale(SampleColumns samples) {
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
