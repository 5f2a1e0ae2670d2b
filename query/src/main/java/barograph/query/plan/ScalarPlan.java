package barograph.query.plan;

import barograph.query.ast.BinaryOperator;

/// What yields one number per step.
public sealed interface ScalarPlan {
  /// Always the same number.
  record Constant(double value) implements ScalarPlan {}

  /// `time()`: the step's own time in seconds.
  record Now() implements ScalarPlan {}

  /// `scalar(v)`: the value of the only series, else NaN.
  record Only(VectorPlan vector) implements ScalarPlan {}

  /// Arithmetic, or a comparison that answers 0 or 1.
  record Operation(BinaryOperator operator, ScalarPlan left, ScalarPlan right)
      implements ScalarPlan {}

  /// `-x`.
  record Negation(ScalarPlan operand) implements ScalarPlan {}

  /// `max_of` and `min_of`.
  record Extreme(boolean largest, ScalarPlan left, ScalarPlan right) implements ScalarPlan {}

  /// Computed at the first step and the same at all others.
  record Invariant(ScalarPlan inner) implements ScalarPlan {}
}
