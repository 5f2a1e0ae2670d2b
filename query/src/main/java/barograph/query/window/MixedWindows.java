package barograph.query.window;

import barograph.query.function.Absence;
import barograph.query.function.Extrapolation.Kind;
import barograph.query.function.RangeFunction;
import barograph.query.function.Window;
import barograph.query.function.WindowFunction;
import barograph.query.histogram.HistogramMean;
import barograph.query.histogram.HistogramSum;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.Remark;
import barograph.storage.model.CounterReset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A range function over windows of a series that has histograms, with floats among them or not.
///
/// A window of floats alone is left to the function on floats. One thread's; the result of a step
/// is a number, a histogram or nothing.
public final class MixedWindows {
  private final RangeFunction function;
  private final WindowFunction ofFloats;
  private final Consumer<Remark> remarks;
  private Window floats = new Window();
  private HistogramSamples samples = new HistogramSamples();
  private int from;
  private int to;
  private @Nullable NativeHistogram histogram;

  /// @param ofFloats has been started on the series' floats
  /// @param remarks is told what a reader should know, as often as it happens
  public MixedWindows(RangeFunction function, WindowFunction ofFloats, Consumer<Remark> remarks) {
    this.function = function;
    this.ofFloats = ofFloats;
    this.remarks = remarks;
  }

  /// The histogram that the last window came to; null if it came to a number or to nothing.
  public @Nullable NativeHistogram histogram() {
    return histogram;
  }

  /// The number that a window comes to, or [Absence#NONE].
  ///
  /// @param window its floats, of which there may be none
  /// @param histograms of the series; those from place `newFrom` to before `newTo` are in the
  ///   window
  public double at(Window window, HistogramSamples histograms, int newFrom, int newTo) {
    floats = window;
    samples = histograms;
    from = newFrom;
    to = newTo;
    histogram = null;
    if (from == to) {
      return floats.count() == 0 ? Absence.NONE : ofFloats.at(floats);
    }
    return switch (function) {
      case RATE -> growth(Kind.RATE);
      case INCREASE -> growth(Kind.INCREASE);
      case DELTA -> growth(Kind.DELTA);
      case IRATE -> lastStep(true);
      case IDELTA -> lastStep(false);
      case CHANGES, RESETS ->
          new MixedWalk(floats.times(), floats.values(), samples)
              .count(function == RangeFunction.RESETS, floats.from(), floats.to(), from, to);
      case SUM_OVER_TIME, AVG_OVER_TIME -> total();
      case COUNT_OVER_TIME -> floats.count() + (to - from);
      case PRESENT_OVER_TIME -> 1;
      case FIRST_OVER_TIME -> {
        boolean floatFirst =
            floats.count() > 0 && floats.times()[floats.from()] < samples.times()[from];
        yield either(floatFirst, floats.from(), from);
      }
      case LAST_OVER_TIME -> {
        boolean floatLast =
            floats.count() > 0 && floats.times()[floats.to() - 1] > samples.times()[to - 1];
        yield either(floatLast, floats.to() - 1, to - 1);
      }
      case TS_OF_FIRST_OVER_TIME -> {
        long first = samples.times()[from];
        yield (floats.count() == 0 ? first : Math.min(first, floats.times()[floats.from()])) / 1e3;
      }
      case TS_OF_LAST_OVER_TIME -> {
        long last = samples.times()[to - 1];
        yield (floats.count() == 0 ? last : Math.max(last, floats.times()[floats.to() - 1])) / 1e3;
      }
      case DERIV,
          PREDICT_LINEAR,
          DOUBLE_EXPONENTIAL_SMOOTHING,
          STDDEV_OVER_TIME,
          STDVAR_OVER_TIME,
          MIN_OVER_TIME,
          MAX_OVER_TIME,
          TS_OF_MIN_OVER_TIME,
          TS_OF_MAX_OVER_TIME,
          QUANTILE_OVER_TIME,
          MAD_OVER_TIME -> {
        if (floats.count() == 0) {
          yield Absence.NONE;
        }
        remarks.accept(Remark.HISTOGRAMS_IGNORED);
        yield ofFloats.at(floats);
      }
    };
  }

  private double either(boolean takesFloat, int floatPlace, int histogramPlace) {
    if (takesFloat) {
      return floats.values()[floatPlace];
    }
    return yields(samples.get(histogramPlace));
  }

  private double yields(@Nullable NativeHistogram result) {
    histogram = result;
    return Absence.NONE;
  }

  private boolean isMixed() {
    if (floats.count() == 0) {
      return false;
    }
    remarks.accept(Remark.MIXED_WITH_FLOATS);
    return true;
  }

  private double growth(Kind kind) {
    return isMixed()
        ? Absence.NONE
        : yields(
            new HistogramGrowth(kind, remarks)
                .over(samples, from, to, floats.startMillis(), floats.endMillis()));
  }

  /// `irate` and `idelta`: from the last sample but one to the last.
  private double lastStep(boolean rate) {
    if (floats.count() + (to - from) < 2) {
      return Absence.NONE;
    }
    long[] floatTimes = floats.times();
    int lastFloat = floats.to() - 1;
    long floatTime = floats.count() == 0 ? Long.MIN_VALUE : floatTimes[lastFloat];
    long[] times = samples.times();
    int last = to - 1;
    if (last - 1 >= from && times[last - 1] > floatTime) {
      return yields(
          histogramStep(
              rate, samples.get(last - 1), samples.get(last), times[last] - times[last - 1]));
    }
    boolean floatBefore = floats.count() > 1 && floatTimes[lastFloat - 1] > times[last];
    if (floatBefore) {
      return ofFloats.at(floats);
    }
    remarks.accept(Remark.MIXED_WITH_FLOATS);
    return Absence.NONE;
  }

  private @Nullable NativeHistogram histogramStep(
      boolean rate, NativeHistogram before, NativeHistogram last, long millis) {
    if (rate && (before.isGauge() || last.isGauge())) {
      remarks.accept(Remark.NOT_A_COUNTER);
    }
    if (!rate && (!before.isGauge() || !last.isGauge())) {
      remarks.accept(Remark.NOT_A_GAUGE);
    }
    var step = last;
    if (!rate || !last.wasResetSince(before)) {
      if (!last.canJoin(before)) {
        remarks.accept(Remark.MIXED_SCHEMAS);
        return null;
      }
      step =
          last.minus(
              before,
              remark -> {
                if (remark == Remark.BOUNDS_RECONCILED_IN_SUBTRACTION) {
                  remarks.accept(remark);
                }
              });
    }
    step = step.withCounterReset(CounterReset.GAUGE).compact();
    return rate ? step.dividedBy(millis / 1000.0) : step;
  }

  private double total() {
    if (isMixed()) {
      return Absence.NONE;
    }
    var first = samples.get(from);
    boolean reset = false;
    boolean notReset = false;
    var sum = new HistogramSum(first);
    var mean = new HistogramMean(first);
    boolean averages = function == RangeFunction.AVG_OVER_TIME;
    for (int i = from; i < to; i++) {
      var next = samples.get(i);
      reset |= next.counterReset() == CounterReset.RESET;
      notReset |= next.counterReset() == CounterReset.NOT_RESET;
      if (i == from) {
        continue;
      }
      if (!first.canJoin(next)) {
        remarks.accept(Remark.MIXED_SCHEMAS);
        return Absence.NONE;
      }
      if (averages) {
        mean.add(next, remarks);
      } else {
        sum.add(next, remarks);
      }
    }
    if (reset && notReset) {
      remarks.accept(Remark.RESETS_CONFLICT_IN_AGGREGATION);
    }
    return yields(averages ? mean.total() : sum.total());
  }
}
