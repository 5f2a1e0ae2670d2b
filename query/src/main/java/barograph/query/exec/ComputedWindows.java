package barograph.query.exec;

import barograph.query.exec.EvaluationException.Kind;
import barograph.query.function.Absence;
import barograph.query.histogram.NativeHistogram;
import barograph.query.plan.RangePlan;
import barograph.query.window.HistogramSamples;
import barograph.storage.model.CounterReset;
import barograph.storage.model.SampleColumns;
import org.jspecify.annotations.Nullable;

/// The windows of a subquery: its inner vector, evaluated on a grid of its own that covers them.
final class ComputedWindows implements WindowSource {
  private final Evaluation evaluation;
  private final @Nullable Grid inner;
  private final @Nullable VectorOperator operator;

  ComputedWindows(Operators operators, RangePlan.Computed plan, Grid outer) {
    this.evaluation = operators.evaluation();
    this.inner = innerGrid(plan, outer);
    this.operator = inner == null ? null : operators.ofSubquery().vector(plan.inner(), inner);
  }

  /// Multiples of the step after the first window's start up to the last one's end; null if none.
  private static @Nullable Grid innerGrid(RangePlan.Computed plan, Grid outer) {
    long step = plan.stepMillis();
    long after = plan.timing().lookAt(outer.startMillis()) - plan.rangeMillis();
    long end = plan.timing().lookAt(outer.endMillis());
    long start = Math.floorDiv(after, step) * step + step;
    if (start > end) {
      return null;
    }
    long steps = (end - start) / step + 1;
    if (steps > Integer.MAX_VALUE - 16 || steps < 0) {
      throw new EvaluationException(
          Kind.TOO_MANY_SAMPLES,
          "query processing would load too many samples into memory in query execution");
    }
    return new Grid(start, step, (int) steps);
  }

  private void fill(HistogramSamples histograms, Column column) {
    histograms.clear();
    if (!column.hasHistograms() || inner == null) {
      return;
    }
    for (int step = 0; step < column.steps(); step++) {
      var histogram = column.histogram(step);
      if (histogram != null) {
        histograms.add(inner.timeMillis(step), sayingNothingOfResets(histogram));
      }
    }
  }

  /// What a histogram says of the one before it is not about its neighbour here, which may have
  /// been further away, or the same.
  private static NativeHistogram sayingNothingOfResets(NativeHistogram histogram) {
    return histogram.isGauge() ? histogram : histogram.withCounterReset(CounterReset.UNKNOWN);
  }

  @Override
  public void run(Sink sink) {
    if (inner == null || operator == null) {
      return;
    }
    var budget = evaluation.budget();
    long before = budget.held();
    var samples = new SampleColumns();
    var histograms = new HistogramSamples();
    operator.run((labels, dropsName, column) -> {
      double[] values = column.values();
      int points = column.numbers();
      long held = points + column.histogramSamples();
      budget.work(values.length);
      budget.hold(held);
      samples.clear();
      samples.reserve(points);
      for (int step = 0; step < values.length; step++) {
        if (Absence.isPresent(values[step])) {
          samples.add(inner.timeMillis(step), values[step]);
        }
      }
      fill(histograms, column);
      sink.accept(labels, dropsName, samples, histograms);
      budget.release(held);
    });
    budget.releaseTo(before);
  }
}
