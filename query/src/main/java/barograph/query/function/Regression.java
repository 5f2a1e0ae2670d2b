package barograph.query.function;

/// Straight lines and smoothed curves through the samples of a window.
final class Regression {
  private Regression() {}

  /// Holt's double exponential smoothing; the parameters are the weights of level and trend.
  ///
  /// @throws IllegalArgumentException unless both lie strictly between 0 and 1
  static double smooth(Window window) {
    double level = window.firstParameter();
    double trend = window.secondParameter();
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "invalid smoothing factor. Expected: 0 < sf < 1, got: %f".formatted(level));
    }
    if (!(trend > 0 && trend < 1)) {
      throw new IllegalArgumentException(
          "invalid trend factor. Expected: 0 < tf < 1, got: %f".formatted(trend));
    }
    if (window.count() < 2) {
      return Absence.NONE;
    }
    double[] values = window.values();
    int from = window.from();
    double before = 0;
    double smoothed = values[from];
    double slope = values[from + 1] - values[from];
    for (int i = from + 1; i < window.to(); i++) {
      double weighted = level * values[i];
      if (i > from + 1) {
        slope = trend * (smoothed - before) + (1 - trend) * slope;
      }
      double rest = (1 - level) * (smoothed + slope);
      before = smoothed;
      smoothed = weighted + rest;
    }
    return smoothed;
  }

  /// The least-squares line through the samples of a window, time in seconds from a chosen zero.
  ///
  /// One instance holds the line of one window after the other, so that none is made for each.
  abstract static class Line implements WindowFunction {
    private double slope;
    private double intercept;

    final void fit(Window window, long zeroMillis) {
      long[] times = window.times();
      double[] values = window.values();
      double start = values[window.from()];
      boolean constant = true;
      double n = 0;
      var sumX = new Neumaier();
      var sumY = new Neumaier();
      var sumXy = new Neumaier();
      var sumXx = new Neumaier();
      for (int i = window.from(); i < window.to(); i++) {
        double y = values[i];
        if (y != start && i > window.from()) {
          constant = false;
        }
        n++;
        double x = (times[i] - zeroMillis) / 1e3;
        sumX.add(x);
        sumY.add(y);
        sumXy.add(x * y);
        sumXx.add(x * x);
      }
      if (constant) {
        boolean unbounded = Double.isInfinite(start);
        slope = unbounded ? Double.NaN : 0;
        intercept = unbounded ? Double.NaN : start;
        return;
      }
      double x = sumX.sum() + sumX.compensation();
      double y = sumY.sum() + sumY.compensation();
      double xy = sumXy.sum() + sumXy.compensation();
      double xx = sumXx.sum() + sumXx.compensation();
      double covariance = xy - x * y / n;
      double variance = xx - x * x / n;
      slope = covariance / variance;
      intercept = y / n - slope * x / n;
    }

    final double slope() {
      return slope;
    }

    final double valueAt(double seconds) {
      return slope * seconds + intercept;
    }
  }

  /// How fast the line rises.
  static final class Deriv extends Line {
    @Override
    public double at(Window window) {
      if (window.count() < 2) {
        return Absence.NONE;
      }
      fit(window, window.times()[window.from()]);
      return slope();
    }
  }

  /// Where the line will be.
  static final class PredictLinear extends Line {
    @Override
    public double at(Window window) {
      if (window.count() < 2) {
        return Absence.NONE;
      }
      fit(window, window.stepMillis());
      return valueAt(window.firstParameter());
    }
  }
}
