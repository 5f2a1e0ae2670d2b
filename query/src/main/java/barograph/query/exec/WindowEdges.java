package barograph.query.exec;

import barograph.query.ast.Expr.RangeMode;
import barograph.query.function.RangeFunction;
import barograph.query.plan.Timing;
import barograph.storage.model.Thinning;

/// Where the windows of a function begin and end, and so which chunks of samples it need not see in
/// full: those that no window cuts.
///
/// A function that must know how many samples there were has to see everything but what is in every
/// window, as all that it is told is how many were left out.
final class WindowEdges implements Thinning {
  private final long firstEnd;
  private final long stepMillis;
  private final int steps;
  private final long rangeMillis;
  private final boolean counts;
  private final boolean onlyRising;

  private WindowEdges(
      Timing timing, Grid grid, long rangeMillis, boolean counts, boolean onlyRising) {
    this.firstEnd = timing.lookAt(grid.startMillis());
    this.stepMillis = timing.isPinned() ? 0 : grid.stepMillis();
    this.steps = timing.isPinned() ? 1 : grid.steps();
    this.rangeMillis = rangeMillis;
    this.counts = counts;
    this.onlyRising = onlyRising;
  }

  /// What `function` need not see of the samples in its windows.
  static Thinning of(
      RangeFunction function, RangeMode mode, Timing timing, Grid grid, long rangeMillis) {
    if (mode != RangeMode.PLAIN) {
      return Thinning.NONE;
    }
    return switch (function) {
      case MIN_OVER_TIME,
          MAX_OVER_TIME,
          FIRST_OVER_TIME,
          LAST_OVER_TIME,
          PRESENT_OVER_TIME,
          TS_OF_FIRST_OVER_TIME,
          TS_OF_LAST_OVER_TIME ->
          new WindowEdges(timing, grid, rangeMillis, false, false);
      case RESETS -> new WindowEdges(timing, grid, rangeMillis, false, true);
      case COUNT_OVER_TIME, DELTA -> new WindowEdges(timing, grid, rangeMillis, true, false);
      case RATE, INCREASE -> new WindowEdges(timing, grid, rangeMillis, true, true);
      default -> Thinning.NONE;
    };
  }

  @Override
  public boolean allows(long firstMillis, long lastMillis) {
    if (counts) {
      long lastStart = firstEnd + (steps - 1) * stepMillis - rangeMillis;
      return firstMillis > lastStart && lastMillis <= firstEnd;
    }
    return !hasEdge(firstEnd, firstMillis, lastMillis)
        && !hasEdge(firstEnd - rangeMillis, firstMillis, lastMillis);
  }

  @Override
  public boolean onlyRising() {
    return onlyRising;
  }

  /// Whether an edge, of which the first is at `edge`, parts a sample at `first` from one at
  /// `last`: samples at an edge are before it.
  private boolean hasEdge(long edge, long first, long last) {
    if (edge >= first || stepMillis == 0) {
      return edge >= first && edge < last;
    }
    long steps = (first - edge + stepMillis - 1) / stepMillis;
    return steps < this.steps && edge + steps * stepMillis < last;
  }
}
