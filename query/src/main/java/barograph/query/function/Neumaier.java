package barograph.query.function;

/// A sum that keeps what each addition rounds away, after Neumaier (1974).
public final class Neumaier {
  private double sum;
  private double compensation;

  void reset() {
    set(0, 0);
  }

  void set(double newSum, double newCompensation) {
    sum = newSum;
    compensation = newCompensation;
  }

  void add(double value) {
    double total = sum + value;
    compensation = compensation(value, sum, total, compensation);
    sum = total;
  }

  double sum() {
    return sum;
  }

  double compensation() {
    return compensation;
  }

  /// The sum with what was rounded away, but an infinite sum as it is.
  double total() {
    return Double.isInfinite(sum) ? sum : sum + compensation;
  }

  /// What is rounded away so far once `sum + value` has become `total`.
  public static double compensation(double value, double sum, double total, double compensation) {
    if (Double.isInfinite(total)) {
      return 0;
    }
    return Math.abs(sum) >= Math.abs(value)
        ? compensation + ((sum - total) + value)
        : compensation + ((value - total) + sum);
  }
}
