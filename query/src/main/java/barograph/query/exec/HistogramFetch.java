package barograph.query.exec;

import barograph.query.ast.Expr.RangeMode;
import barograph.query.function.Absence;
import barograph.query.function.ExtendedWindows;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.Remark;
import barograph.query.plan.Source;
import barograph.query.window.ExtendedHistogramWindows;
import barograph.query.window.HistogramSamples;
import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import java.util.function.Consumer;

/// The newest sample, float or histogram, at each step of a stored series that has histograms; one
/// thread's.
final class HistogramFetch {
  private final Evaluation evaluation;
  private final Source source;
  private final Grid grid;
  private final boolean timesInstead;
  private final HistogramNotes notes;
  private final HistogramSamples histograms = new HistogramSamples();

  /// @param timesInstead whether to yield when the sample was taken, in seconds, and not its value
  HistogramFetch(Evaluation evaluation, Source source, Grid grid, boolean timesInstead) {
    this.evaluation = evaluation;
    this.source = source;
    this.grid = grid;
    this.timesInstead = timesInstead;
    this.notes = new HistogramNotes(evaluation.notes(), source.place());
  }

  /// Puts a point, or nothing, at every step; gives how many points there are.
  int fill(Labels labels, SampleColumns samples, Column into) {
    var read = samples.histograms();
    if (source.countsAlone()) {
      histograms.fillWithCounts(read);
    } else {
      histograms.fill(read);
    }
    var budget = evaluation.budget();
    long held = Budget.samples(histograms.bytes());
    budget.read(held);
    budget.hold(held);
    try {
      return source.mode() == RangeMode.SMOOTHED
          ? smooth(labels, samples, into)
          : newest(samples, read, into);
    } finally {
      budget.release(held);
    }
  }

  private int newest(SampleColumns samples, HistogramColumns read, Column into) {
    long[] times = samples.timestamps();
    int nextFloat = 0;
    int next = 0;
    int nextLive = 0;
    int points = 0;
    for (int step = 0; step < grid.steps(); step++) {
      long at = source.timing().lookAt(grid.timeMillis(step));
      while (nextFloat < samples.size() && times[nextFloat] <= at) {
        nextFloat++;
      }
      while (next < read.size() && read.timestamps()[next] <= at) {
        nextLive += read.histogram(next).isStale() ? 0 : 1;
        next++;
      }
      long floatTime = nextFloat == 0 ? Long.MIN_VALUE : times[nextFloat - 1];
      long time = next == 0 ? Long.MIN_VALUE : read.timestamps()[next - 1];
      into.remove(step);
      long newest = Math.max(floatTime, time);
      if (newest == Long.MIN_VALUE || newest <= at - evaluation.lookbackMillis()) {
        continue;
      }
      boolean isHistogram = time > floatTime;
      boolean stale =
          isHistogram
              ? read.histogram(next - 1).isStale()
              : Staleness.isMarker(samples.values()[nextFloat - 1]);
      if (stale) {
        continue;
      }
      points++;
      if (timesInstead) {
        into.values()[step] = newest / 1e3;
      } else if (isHistogram) {
        into.putHistogram(step, histograms.get(nextLive - 1));
      } else {
        into.values()[step] = samples.values()[nextFloat - 1];
      }
    }
    return points;
  }

  private int smooth(Labels labels, SampleColumns samples, Column into) {
    Consumer<Remark> remarks =
        remark -> {
          if (remark != Remark.RESETS_CONFLICT_IN_ADDITION
              && remark != Remark.RESETS_CONFLICT_IN_SUBTRACTION) {
            notes.note(remark, labels.metricName());
          }
        };
    StoredWindows.dropStale(samples);
    long lookback = evaluation.lookbackMillis();
    int points = 0;
    for (int step = 0; step < grid.steps(); step++) {
      long at = source.timing().lookAt(grid.timeMillis(step));
      into.remove(step);
      boolean anyFloat = Places.of(samples.timestamps(), samples.size(), at, lookback).isAny();
      var places = Places.of(histograms.times(), histograms.size(), at, lookback);
      if (anyFloat && places.isAny()) {
        remarks.accept(Remark.MIXED_WITH_FLOATS);
      } else if (places.isAny()) {
        smoothHistogram(places, at, step, into, remarks);
      } else if (anyFloat) {
        smoothFloat(samples, at, step, into);
      }
      points += into.has(step) ? 1 : 0;
    }
    return points;
  }

  /// The samples around a time: those before it, from place `from` on, and those from it on, from
  /// place `middle` to before `to`.
  private record Places(int from, int middle, int to) {
    static Places of(long[] times, int size, long at, long lookback) {
      int from = 0;
      while (from < size && times[from] <= at - lookback) {
        from++;
      }
      int middle = from;
      while (middle < size && times[middle] < at) {
        middle++;
      }
      int to = middle;
      while (to < size && times[to] <= at + lookback) {
        to++;
      }
      return new Places(from, middle, to);
    }

    boolean isAny() {
      return from < to;
    }
  }

  private void smoothHistogram(
      Places places, long at, int step, Column into, Consumer<Remark> remarks) {
    long[] times = histograms.times();
    boolean hasNext = places.middle < places.to;
    if (hasNext && times[places.middle] == at) {
      put(histograms.get(places.middle), at, step, into);
      return;
    }
    if (places.middle == places.from) {
      return;
    }
    var before = histograms.get(places.middle - 1);
    if (!hasNext) {
      put(before.withCounterReset(CounterReset.UNKNOWN), at, step, into);
      return;
    }
    var after = histograms.get(places.middle);
    if (!before.canJoin(after)) {
      remarks.accept(Remark.MIXED_SCHEMAS);
      return;
    }
    put(
        ExtendedHistogramWindows.interpolate(
            before,
            times[places.middle - 1],
            after,
            times[places.middle],
            at,
            !before.isGauge() || !after.isGauge(),
            remarks),
        at,
        step,
        into);
  }

  private void put(NativeHistogram histogram, long at, int step, Column into) {
    if (timesInstead) {
      into.values()[step] = at / 1e3;
    } else {
      into.putHistogram(step, histogram);
    }
  }

  private void smoothFloat(SampleColumns samples, long at, int step, Column into) {
    long[] times = samples.timestamps();
    var places = Places.of(times, samples.size(), at, evaluation.lookbackMillis());
    boolean hasNext = places.middle < places.to;
    double value = Absence.NONE;
    if (hasNext && times[places.middle] == at) {
      value = samples.values()[places.middle];
    } else if (places.middle > places.from) {
      int before = places.middle - 1;
      value =
          hasNext
              ? ExtendedWindows.interpolate(times, samples.values(), before, at)
              : samples.values()[before];
    }
    into.values()[step] = timesInstead && Absence.isPresent(value) ? at / 1e3 : value;
  }
}
