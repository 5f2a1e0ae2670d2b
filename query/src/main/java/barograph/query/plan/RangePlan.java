package barograph.query.plan;

import barograph.query.ast.Expr.RangeMode;

/// What yields, for each step, the samples of a window of time.
public sealed interface RangePlan {
  /// How long the window is.
  long rangeMillis();

  /// When it ends.
  Timing timing();

  /// What happens at the edges.
  default RangeMode mode() {
    return switch (this) {
      case Stored(var source, _) -> source.mode();
      case Computed _ -> RangeMode.PLAIN;
    };
  }

  /// A selector with a range: stored samples.
  record Stored(Source source, long rangeMillis) implements RangePlan {
    @Override
    public Timing timing() {
      return source.timing();
    }
  }

  /// A subquery: `inner` evaluated at all multiples of `stepMillis` in the window.
  record Computed(VectorPlan inner, long rangeMillis, long stepMillis, Timing timing)
      implements RangePlan {}
}
