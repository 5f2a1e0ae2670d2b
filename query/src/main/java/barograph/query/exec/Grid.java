package barograph.query.exec;

/// The times of the steps that an operator answers for.
public record Grid(long startMillis, long stepMillis, int steps) {
  public Grid {
    if (steps < 0 || (steps > 1 && stepMillis <= 0)) {
      throw new IllegalArgumentException("%d steps of %d ms".formatted(steps, stepMillis));
    }
  }

  public long timeMillis(int step) {
    return startMillis + step * stepMillis;
  }

  public long endMillis() {
    return timeMillis(steps - 1);
  }

  /// Only the first step.
  Grid first() {
    return steps == 1 ? this : new Grid(startMillis, stepMillis, 1);
  }
}
