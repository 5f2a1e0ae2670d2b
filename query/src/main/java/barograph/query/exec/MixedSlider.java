package barograph.query.exec;

import barograph.query.ast.Expr.RangeMode;
import barograph.query.function.Absence;
import barograph.query.function.RangeFunction;
import barograph.query.function.Window;
import barograph.query.function.WindowFunction;
import barograph.query.histogram.Remark;
import barograph.query.plan.Timing;
import barograph.query.window.ExtendedHistogramWindows;
import barograph.query.window.ExtendedHistogramWindows.Places;
import barograph.query.window.HistogramSamples;
import barograph.query.window.MixedWindows;
import barograph.storage.model.SampleColumns;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Moves the window over one series that has histograms.
///
/// @param lookbackMillis how far around a window with extended edges samples are seen
/// @param remarks is told what a reader should know of the series
record MixedSlider(
    RangeFunction function,
    RangeMode mode,
    Timing timing,
    long rangeMillis,
    long lookbackMillis,
    Budget.Meter meter,
    Consumer<Remark> remarks) {

  /// Puts a point, or nothing, at every step; gives how many samples the steps looked at.
  ///
  /// @param ofFloats has been started on `floats`
  /// @param moveParameters gives the window the function's parameters at a step
  long slide(
      WindowFunction ofFloats,
      Window window,
      IntConsumer moveParameters,
      SampleColumns floats,
      HistogramSamples histograms,
      Grid grid,
      Column into) {
    var guarded = guarded(ofFloats);
    var plain = new MixedWindows(function, guarded, remarks);
    var extended = new ExtendedHistogramWindows(function, mode == RangeMode.SMOOTHED, remarks);
    long before = mode == RangeMode.PLAIN ? 0 : lookbackMillis;
    long behind = mode == RangeMode.SMOOTHED ? lookbackMillis : 0;
    var floatPlaces = new Places(0, 0);
    var places = new Places(0, 0);
    long queried = 0;
    for (int step = 0; step < grid.steps(); step++) {
      long stepMillis = grid.timeMillis(step);
      long end = timing.lookAt(stepMillis);
      long start = end - rangeMillis;
      floatPlaces =
          moved(floatPlaces, floats.timestamps(), floats.size(), start - before, end + behind);
      places = moved(places, histograms.times(), histograms.size(), start - before, end + behind);
      double number;
      if (mode == RangeMode.PLAIN) {
        window.moveTo(floatPlaces.from(), floatPlaces.to(), start, end, stepMillis);
        moveParameters.accept(step);
        number = plain.at(window, histograms, places.from(), places.to());
        into.putHistogram(step, plain.histogram());
      } else {
        number =
            extended.at(
                floats.timestamps(), floats.values(), floatPlaces, histograms, places, start, end);
        into.putHistogram(step, extended.histogram());
      }
      if (Absence.isPresent(number)) {
        into.values()[step] = number;
      }
      int seen = floatPlaces.to() - floatPlaces.from() + places.to() - places.from();
      queried += seen;
      meter.work(1 + 8 * seen);
    }
    return queried;
  }

  private static WindowFunction guarded(WindowFunction ofFloats) {
    return window -> WindowOperator.valueAt(ofFloats, window);
  }

  /// The places of the times after `after` up to `last`, which both only move forwards.
  private static Places moved(Places places, long[] times, int size, long after, long last) {
    int to = places.to();
    while (to < size && times[to] <= last) {
      to++;
    }
    int from = places.from();
    while (from < to && times[from] <= after) {
      from++;
    }
    return new Places(from, to);
  }
}
