package barograph.query.function;

import java.util.Arrays;

/// How much something grew: `rate`, `increase`, `delta`, and how often it fell or moved.
final class Counters {
  private Counters() {}

  /// The indices of samples that are smaller than the one before them, found once per series.
  private static final class ResetIndex {
    private int[] at = new int[16];
    private int count;
    private int firstInside;

    void build(Window window) {
      double[] values = window.values();
      count = 0;
      firstInside = 0;
      for (int i = 1; i < window.seriesSize(); i++) {
        if (values[i] < values[i - 1]) {
          if (count == at.length) {
            at = Arrays.copyOf(at, 2 * count);
          }
          at[count++] = i;
        }
      }
    }

    /// Moves on to the first reset behind the first sample of the window.
    int firstAfter(int from) {
      while (firstInside < count && at[firstInside] <= from) {
        firstInside++;
      }
      return firstInside;
    }
  }

  /// Growth over the window, extrapolated to its edges; see [Extrapolation].
  abstract static class Extrapolated implements WindowFunction {
    private final Extrapolation.Kind kind;
    private final boolean counter;
    private final ResetIndex resets = new ResetIndex();
    private final RememberedFactor factor = new RememberedFactor();
    private final SteadyRun steady = new SteadyRun();

    Extrapolated(Extrapolation.Kind kind) {
      this.kind = kind;
      this.counter = kind != Extrapolation.Kind.DELTA;
    }

    @Override
    public void start(Window window) {
      if (counter) {
        resets.build(window);
      }
    }

    @Override
    public double at(Window window) {
      int from = window.from();
      int last = window.to() - 1;
      if (last <= from) {
        return Absence.NONE;
      }
      double[] values = window.values();
      double first = values[from];
      double growth = values[last] - first;
      if (counter) {
        for (int r = resets.firstAfter(from); r < resets.count && resets.at[r] <= last; r++) {
          growth += values[resets.at[r] - 1];
        }
      }
      return growth
          * factor.of(
              kind,
              window.times()[from],
              window.times()[last],
              window.countOfAll(),
              window.startMillis(),
              window.endMillis(),
              first,
              growth);
    }

    /// The same as [#at] window by window, in a loop on numbers alone.
    @Override
    public long slide(Window window, long[] ends, long rangeMillis, double[] into) {
      long[] times = window.times();
      double[] values = window.values();
      int size = window.seriesSize();
      long leftOut = window.leftOut();
      int from = 0;
      int to = 0;
      long seen = 0;
      steady.start(ends);
      int firstWorthAsking = steady.firstWorthAsking();
      // Of the windows up to this one that others are like, as many as a beat has steps in the end.
      int patterns = 0;
      int alike = 0;
      long seenByEach = 0;
      for (int step = 0; step < into.length; step++) {
        long end = ends[step];
        long start = end - rangeMillis;
        while (to < size && times[to] <= end) {
          to++;
        }
        while (from < to && times[from] <= start) {
          from++;
        }
        seen += from < to ? to - from + leftOut : 0;
        int last = to - 1;
        if (last <= from) {
          into[step] = Absence.NONE;
          patterns = 0;
          continue;
        }
        double first = values[from];
        double growth = values[last] - first;
        if (resets.count > 0) {
          for (int r = resets.firstAfter(from); r < resets.count && resets.at[r] <= last; r++) {
            growth += values[resets.at[r] - 1];
          }
        }
        long count = to - from + leftOut;
        double multiple =
            factor.of(kind, times[from], times[last], count, start, end, first, growth);
        into[step] = growth * multiple;
        if (from < firstWorthAsking) {
          patterns = 0;
          continue;
        }
        int following = steady.following(times, size, ends, step, start, from, last);
        firstWorthAsking = steady.firstWorthAsking();
        boolean wayBackIsShort = times[last] - times[from] >= times[from] - start;
        if (following == 0
            || !RememberedFactor.isFarFromZero(kind, first, growth, wayBackIsShort)) {
          patterns = 0;
          continue;
        }
        alike = beforeReset(patterns == 0 ? following : Math.min(alike, following), from, last);
        alike = fillAlike(values, from, last, multiple, wayBackIsShort, into, step, alike);
        seenByEach = patterns == 0 ? count : seenByEach + count;
        patterns++;
        if (patterns == steady.apart()) {
          from += alike * steady.stride();
          to += alike * steady.stride();
          step += alike * patterns;
          seen += alike * seenByEach;
          patterns = 0;
        }
      }
      return seen;
    }

    /// How many of `windows`, each a stride behind the one before, lie before the next reset.
    private int beforeReset(int windows, int from, int last) {
      if (windows == 0 || resets.count == 0) {
        return windows;
      }
      int next = resets.firstAfter(from);
      return next == resets.count
          ? windows
          : Math.clamp((resets.at[next] - 1 - last) / steady.stride(), 0, windows);
    }

    /// Fills in windows without a reset, each a stride behind the one before and like it, behind
    /// that from `from` to `last`; stops before one whose growth is not multiplied with the same.
    /// Whatever is filled in behind what is used in the end is overwritten later.
    ///
    /// @return how many
    private int fillAlike(
        double[] values,
        int from,
        int last,
        double multiple,
        boolean wayBackIsShort,
        double[] into,
        int step,
        int windows) {
      int stride = steady.stride();
      int apart = steady.apart();
      for (int i = 1; i <= windows; i++) {
        double first = values[from + i * stride];
        double growth = values[last + i * stride] - first;
        if (!RememberedFactor.isFarFromZero(kind, first, growth, wayBackIsShort)) {
          return i - 1;
        }
        into[step + i * apart] = growth * multiple;
      }
      return windows;
    }
  }

  static final class Rate extends Extrapolated {
    Rate() {
      super(Extrapolation.Kind.RATE);
    }
  }

  static final class Increase extends Extrapolated {
    Increase() {
      super(Extrapolation.Kind.INCREASE);
    }
  }

  static final class Delta extends Extrapolated {
    Delta() {
      super(Extrapolation.Kind.DELTA);
    }
  }

  static double irate(Window window) {
    int last = window.to() - 1;
    if (last <= window.from()) {
      return Absence.NONE;
    }
    double[] values = window.values();
    long millis = window.times()[last] - window.times()[last - 1];
    if (millis == 0) {
      return Absence.NONE;
    }
    double growth =
        values[last] < values[last - 1] ? values[last] : values[last] - values[last - 1];
    return growth / (millis / 1000.0);
  }

  static double idelta(Window window) {
    int last = window.to() - 1;
    return last <= window.from() ? Absence.NONE : window.values()[last] - window.values()[last - 1];
  }

  /// Counts samples that differ from the one before them.
  static final class Changes implements WindowFunction {
    private int[] before = new int[64];

    @Override
    public void start(Window window) {
      double[] values = window.values();
      int size = window.seriesSize();
      if (before.length < size) {
        before = new int[size + (size >> 1)];
      }
      int seen = 0;
      for (int i = 1; i < size; i++) {
        double now = values[i];
        double then = values[i - 1];
        if (now != then && !(Double.isNaN(now) && Double.isNaN(then))) {
          seen++;
        }
        before[i] = seen;
      }
    }

    @Override
    public double at(Window window) {
      return before[window.to() - 1] - before[window.from()];
    }
  }

  /// Counts samples that are smaller than the one before them.
  static final class Resets implements WindowFunction {
    private int[] before = new int[64];

    @Override
    public void start(Window window) {
      double[] values = window.values();
      int size = window.seriesSize();
      if (before.length < size) {
        before = new int[size + (size >> 1)];
      }
      int seen = 0;
      for (int i = 1; i < size; i++) {
        if (values[i] < values[i - 1]) {
          seen++;
        }
        before[i] = seen;
      }
    }

    @Override
    public double at(Window window) {
      return before[window.to() - 1] - before[window.from()];
    }
  }
}
