package barograph.query.window;

import barograph.query.function.Absence;
import barograph.query.function.ExtendedWindows;
import barograph.query.function.RangeFunction;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.Remark;
import barograph.storage.model.CounterReset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Growth over windows whose edges are known by samples outside, of a series that has histograms:
/// `anchored` and `smoothed`. One thread's.
public final class ExtendedHistogramWindows {
  private final RangeFunction function;
  private final boolean smoothed;
  private final Consumer<Remark> remarks;
  private @Nullable NativeHistogram histogram;

  /// @param remarks is told what a reader should know, as often as it happens
  public ExtendedHistogramWindows(
      RangeFunction function, boolean smoothed, Consumer<Remark> remarks) {
    this.function = function;
    this.smoothed = smoothed;
    this.remarks = remarks;
  }

  /// The histogram that the last window came to; null if it came to a number or to nothing.
  public @Nullable NativeHistogram histogram() {
    return histogram;
  }

  /// The places of samples that may be looked at, also around the window.
  public record Places(int from, int to) {
    boolean isEmpty() {
      return from >= to;
    }
  }

  /// The number that the window after `start` up to `end` comes to, or [Absence#NONE].
  public double at(
      long[] times,
      double[] values,
      Places floats,
      HistogramSamples samples,
      Places histograms,
      long start,
      long end) {
    histogram = null;
    if (histograms.isEmpty()) {
      return ExtendedWindows.at(
          function, smoothed, times, values, floats.from, floats.to, start, end);
    }
    if (function == RangeFunction.CHANGES || function == RangeFunction.RESETS) {
      return walk(times, values, floats, samples, histograms, start);
    }
    if (!floats.isEmpty()) {
      remarks.accept(Remark.MIXED_WITH_FLOATS);
      return Absence.NONE;
    }
    histogram = growth(samples, histograms, start, end);
    return Absence.NONE;
  }

  private double walk(
      long[] times,
      double[] values,
      Places floats,
      HistogramSamples samples,
      Places histograms,
      long start) {
    int lastFloat = lastUpTo(times, floats, start);
    int lastHistogram = lastUpTo(samples.times(), histograms, start);
    if (lastFloat + 1 >= floats.to && lastHistogram + 1 >= histograms.to) {
      return Absence.NONE;
    }
    boolean hasFloat = lastFloat >= floats.from;
    boolean hasHistogram = lastHistogram >= histograms.from;
    boolean anchorIsFloat =
        hasFloat && (!hasHistogram || times[lastFloat] >= samples.times()[lastHistogram]);
    boolean anchorIsHistogram = hasHistogram && !anchorIsFloat;
    return new MixedWalk(times, values, samples)
        .count(
            function == RangeFunction.RESETS,
            anchorIsFloat ? lastFloat : lastFloat + 1,
            floats.to,
            anchorIsHistogram ? lastHistogram : lastHistogram + 1,
            histograms.to);
  }

  /// The last place with a time up to `millis`; the one before the first if there is none.
  private static int lastUpTo(long[] times, Places places, long millis) {
    int last = places.from - 1;
    while (last + 1 < places.to && times[last + 1] <= millis) {
      last++;
    }
    return last;
  }

  private @Nullable NativeHistogram growth(
      HistogramSamples samples, Places places, long start, long end) {
    long[] times = samples.times();
    int last = places.to - 1;
    int first = places.from;
    while (first + 1 <= last && times[first + 1] <= start) {
      first++;
    }
    if (smoothed) {
      int behind = places.from;
      while (behind < last && times[behind] < end) {
        behind++;
      }
      last = behind;
    }
    first = Math.min(first, last);
    if (times[last] <= start || times[first] > end) {
      return null;
    }
    boolean counter = function != RangeFunction.DELTA;
    if (!fitTogether(samples, first, last, counter)) {
      return null;
    }
    var left = samples.get(first);
    if (smoothed && times[first] < start && first < last) {
      left = between(samples, first, start, counter);
    }
    var right = samples.get(last);
    if (smoothed && times[last] > end && last > places.from) {
      right = between(samples, last - 1, end, counter);
    }
    if (!counter && (!left.isGauge() || !right.isGauge())) {
      remarks.accept(Remark.NOT_A_GAUGE);
    }
    var growth = right.minus(left, this::unlessOfResets);
    if (counter) {
      growth = corrected(growth, samples, first, last, left, right, start);
    }
    if (function == RangeFunction.RATE) {
      growth = growth.dividedBy((end - start) / 1000.0);
    }
    return growth.withCounterReset(CounterReset.GAUGE).compact();
  }

  private boolean fitTogether(HistogramSamples samples, int first, int last, boolean counter) {
    for (int i = first; i <= last; i++) {
      if (!samples.get(i).canJoin(samples.get(first))) {
        remarks.accept(Remark.MIXED_SCHEMAS);
        return false;
      }
      if (counter && samples.get(i).isGauge()) {
        remarks.accept(Remark.NOT_A_COUNTER);
      }
    }
    return true;
  }

  /// What a counter had reached before each reset, added to its growth.
  private NativeHistogram corrected(
      NativeHistogram growth,
      HistogramSamples samples,
      int first,
      int last,
      NativeHistogram left,
      NativeHistogram right,
      long start) {
    int next = first + 1;
    var before = left;
    boolean resetAtLeftEdge =
        smoothed
            && samples.times()[first] < start
            && first < last
            && samples.get(first + 1).wasResetSince(samples.get(first));
    if (resetAtLeftEdge) {
      before = samples.get(first + 1);
      next++;
    }
    if (next > last) {
      return growth;
    }
    NativeHistogram correction = null;
    for (; next <= last; next++) {
      var now = next == last ? right : samples.get(next);
      if (now.wasResetSince(before)) {
        correction = correction == null ? before : correction.plus(before, this::unlessOfResets);
      }
      before = now;
    }
    return correction == null ? growth : growth.plus(correction, this::unlessOfResets);
  }

  private NativeHistogram between(
      HistogramSamples samples, int before, long millis, boolean counter) {
    return interpolate(
        samples.get(before),
        samples.times()[before],
        samples.get(before + 1),
        samples.times()[before + 1],
        millis,
        counter,
        this::unlessOfResets);
  }

  /// The histogram at a time between two; a counter that was reset between them started at zero.
  public static NativeHistogram interpolate(
      NativeHistogram before,
      long beforeMillis,
      NativeHistogram after,
      long afterMillis,
      long millis,
      boolean counter,
      Consumer<Remark> remarks) {
    if (millis == beforeMillis) {
      return before;
    }
    if (millis == afterMillis) {
      return after;
    }
    double share = (double) (millis - beforeMillis) / (afterMillis - beforeMillis);
    if (counter && after.wasResetSince(before)) {
      return after.times(share);
    }
    return after.minus(before, remarks).times(share).plus(before, remarks);
  }

  /// Resets are seen to here, so that a conflict of what histograms say of them is none.
  private void unlessOfResets(Remark remark) {
    if (remark != Remark.RESETS_CONFLICT_IN_ADDITION
        && remark != Remark.RESETS_CONFLICT_IN_SUBTRACTION) {
      remarks.accept(remark);
    }
  }
}
