package barograph.query.exec;

/// Yields one number per step.
@FunctionalInterface
interface ScalarOperator {
  /// The numbers of all steps; runs once. The array is the caller's.
  double[] run();
}
