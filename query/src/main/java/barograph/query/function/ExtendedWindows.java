package barograph.query.function;

/// Growth over windows whose edges are known by samples outside: `anchored` takes the last sample
/// before the window in, `smoothed` interpolates at both edges. Neither extrapolates.
public final class ExtendedWindows {
  private static final String ANCHORED = "changes, delta, increase, rate, resets";
  private static final String SMOOTHED = "delta, increase, rate";

  private ExtendedWindows() {}

  /// What is wrong with a function over such windows, or the empty string.
  public static String complaint(String function, boolean smoothed) {
    String allowed = smoothed ? SMOOTHED : ANCHORED;
    return (", " + allowed + ",").contains(", " + function + ",")
        ? ""
        : "%s modifier can only be used with: %s - not with %s"
            .formatted(smoothed ? "smoothed" : "anchored", allowed, function);
  }

  /// The value of a function over the window after `start` up to `end`.
  ///
  /// @param from the first sample that may be looked at, before the window
  /// @param to behind the last one, which for `smoothed` lies behind the window
  public static double at(
      RangeFunction function,
      boolean smoothed,
      long[] times,
      double[] values,
      int from,
      int to,
      long start,
      long end) {
    if (from >= to || times[from] > end) {
      return Absence.NONE;
    }
    int last = to - 1;
    if (smoothed) {
      int behind = from;
      while (behind < last && times[behind] < end) {
        behind++;
      }
      last = behind;
    }
    if (times[last] <= start) {
      return Absence.NONE;
    }
    int first = from;
    while (first + 1 <= last && times[first + 1] <= start) {
      first++;
    }
    return switch (function) {
      case CHANGES -> changes(values, first, last);
      case RESETS -> resets(values, first, last);
      case DELTA -> growth(false, smoothed, times, values, first, last, start, end);
      case INCREASE -> growth(true, smoothed, times, values, first, last, start, end);
      case RATE,
          IRATE,
          IDELTA,
          DERIV,
          PREDICT_LINEAR,
          DOUBLE_EXPONENTIAL_SMOOTHING,
          SUM_OVER_TIME,
          AVG_OVER_TIME,
          STDDEV_OVER_TIME,
          STDVAR_OVER_TIME,
          MIN_OVER_TIME,
          MAX_OVER_TIME,
          TS_OF_MIN_OVER_TIME,
          TS_OF_MAX_OVER_TIME,
          COUNT_OVER_TIME,
          PRESENT_OVER_TIME,
          FIRST_OVER_TIME,
          LAST_OVER_TIME,
          TS_OF_FIRST_OVER_TIME,
          TS_OF_LAST_OVER_TIME,
          QUANTILE_OVER_TIME,
          MAD_OVER_TIME ->
          growth(true, smoothed, times, values, first, last, start, end) / ((end - start) / 1000.0);
    };
  }

  private static double growth(
      boolean counter,
      boolean smoothed,
      long[] times,
      double[] values,
      int first,
      int last,
      long start,
      long end) {
    double left = values[first];
    double right = values[last];
    if (smoothed) {
      if (times[first] < start && first < last) {
        left = between(times, values, first, start, counter);
      }
      if (times[last] > end && last > first) {
        right = between(times, values, last - 1, end, counter);
      }
    }
    double growth = right - left;
    if (counter) {
      double before = left;
      for (int i = first + 1; i < last; i++) {
        if (values[i] < before) {
          growth += before;
        }
        before = values[i];
      }
      if (right < before) {
        growth += before;
      }
    }
    return growth;
  }

  /// The value at a time between two samples; a counter that fell between them started at zero.
  private static double between(
      long[] times, double[] values, int before, long time, boolean counter) {
    double low = values[before];
    double high = values[before + 1];
    double share = (double) (time - times[before]) / (times[before + 1] - times[before]);
    return counter && high < low ? high * share : low + (high - low) * share;
  }

  /// The value at `time`, interpolated between the sample at or before it and the next one.
  public static double interpolate(long[] times, double[] values, int before, long time) {
    return between(times, values, before, time, false);
  }

  private static double changes(double[] values, int first, int last) {
    int changes = 0;
    for (int i = first + 1; i <= last; i++) {
      boolean bothNan = Double.isNaN(values[i]) && Double.isNaN(values[i - 1]);
      if (values[i] != values[i - 1] && !bothNan) {
        changes++;
      }
    }
    return changes;
  }

  private static double resets(double[] values, int first, int last) {
    int resets = 0;
    for (int i = first + 1; i <= last; i++) {
      if (values[i] < values[i - 1]) {
        resets++;
      }
    }
    return resets;
  }
}
