package barograph.query.window;

import barograph.query.function.Extrapolation;
import barograph.query.function.Extrapolation.Kind;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.Remark;
import barograph.storage.model.CounterReset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How much histograms grew over a window: `rate`, `increase` and `delta`.
final class HistogramGrowth {
  private final Kind kind;
  private final Consumer<Remark> remarks;

  HistogramGrowth(Kind kind, Consumer<Remark> remarks) {
    this.kind = kind;
    this.remarks = remarks;
  }

  /// The growth from place `from` to before `to`, extrapolated to the window's edges; null without
  /// two histograms, or if they do not go together.
  @Nullable NativeHistogram over(
      HistogramSamples samples, int from, int to, long startMillis, long endMillis) {
    if (to - from < 2) {
      return null;
    }
    var growth = kind == Kind.DELTA ? difference(samples, from, to) : increase(samples, from, to);
    if (growth == null) {
      return null;
    }
    double factor =
        Extrapolation.factor(
            kind,
            samples.times()[from],
            samples.times()[to - 1],
            to - from,
            startMillis,
            endMillis,
            samples.get(from).count(),
            growth.count());
    return growth.times(factor).withCounterReset(CounterReset.GAUGE);
  }

  private @Nullable NativeHistogram difference(HistogramSamples samples, int from, int to) {
    var first = samples.get(from);
    var last = samples.get(to - 1);
    if (!first.canJoin(last)) {
      remarks.accept(Remark.MIXED_SCHEMAS);
      return null;
    }
    if (!first.isGauge() || !last.isGauge()) {
      remarks.accept(Remark.NOT_A_GAUGE);
    }
    return last.minus(first, this::unlessOfResets).compact();
  }

  private @Nullable NativeHistogram increase(HistogramSamples samples, int from, int to) {
    var first = samples.get(from);
    var last = samples.get(to - 1);
    if (first.isGauge() || last.isGauge()) {
      remarks.accept(Remark.NOT_A_COUNTER);
    }
    // Before a reset, not even the layout of the first matters.
    var second = samples.get(from + 1);
    if (second.wasResetSince(first)) {
      first = second.emptied();
    }
    if (!first.canJoin(last)) {
      remarks.accept(Remark.MIXED_SCHEMAS);
      return null;
    }
    int coarsest = Math.min(first.schema(), last.schema());
    for (int i = from + 1; i < to - 1; i++) {
      var histogram = samples.get(i);
      if (histogram.isGauge()) {
        remarks.accept(Remark.NOT_A_COUNTER);
      }
      if (!histogram.canJoin(last)) {
        remarks.accept(Remark.MIXED_SCHEMAS);
        return null;
      }
      coarsest = Math.min(coarsest, histogram.schema());
    }
    var growth = last.coarser(coarsest).minus(first, this::unlessOfResets);
    var before = first;
    for (int i = from + 1; i < to; i++) {
      var histogram = samples.get(i);
      if (histogram.wasResetSince(before)) {
        growth = growth.plus(before, this::unlessOfResets);
      }
      before = histogram;
    }
    return growth.compact();
  }

  /// Resets are seen to here, so that a conflict of what histograms say of them is none.
  private void unlessOfResets(Remark remark) {
    if (remark != Remark.RESETS_CONFLICT_IN_ADDITION
        && remark != Remark.RESETS_CONFLICT_IN_SUBTRACTION) {
      remarks.accept(remark);
    }
  }
}
