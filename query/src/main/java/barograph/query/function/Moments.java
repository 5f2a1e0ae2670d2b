package barograph.query.function;

/// Sums, means and spreads of the samples in a window, each addition compensated.
final class Moments {
  private Moments() {}

  static double sum(Window window) {
    double[] values = window.values();
    double sum = 0;
    double lost = 0;
    for (int i = window.from(); i < window.to(); i++) {
      double total = sum + values[i];
      lost = Neumaier.compensation(values[i], sum, total, lost);
      sum = total;
    }
    return Double.isInfinite(sum) ? sum : sum + lost;
  }

  /// The plain mean, unless the sum would overflow: from there on the mean is moved step by step.
  static double average(Window window) {
    double[] values = window.values();
    double sum = values[window.from()];
    double lost = 0;
    double mean = 0;
    boolean moving = false;
    double count = 1;
    for (int i = window.from() + 1; i < window.to(); i++) {
      double value = values[i];
      count = i - window.from() + 1;
      if (!moving) {
        double total = sum + value;
        if (!Double.isInfinite(total)) {
          lost = Neumaier.compensation(value, sum, total, lost);
          sum = total;
          continue;
        }
        moving = true;
        mean = sum / (count - 1);
        lost /= count - 1;
      }
      double share = (count - 1) / count;
      double part = value / count;
      double old = share * mean;
      mean = old + part;
      lost = Neumaier.compensation(part, old, mean, share * lost);
    }
    return moving ? mean + lost : sum / count + lost / count;
  }

  static double standardDeviation(Window window) {
    return Math.sqrt(variance(window));
  }

  /// Welford's method with both running sums compensated.
  static double variance(Window window) {
    double[] values = window.values();
    double count = 0;
    double mean = 0;
    double meanLost = 0;
    double squares = 0;
    double squaresLost = 0;
    for (int i = window.from(); i < window.to(); i++) {
      count++;
      double delta = values[i] - (mean + meanLost);
      double part = delta / count;
      double total = mean + part;
      meanLost = Neumaier.compensation(part, mean, total, meanLost);
      mean = total;
      double square = delta * (values[i] - (mean + meanLost));
      total = squares + square;
      squaresLost = Neumaier.compensation(square, squares, total, squaresLost);
      squares = total;
    }
    return (squares + squaresLost) / count;
  }
}
