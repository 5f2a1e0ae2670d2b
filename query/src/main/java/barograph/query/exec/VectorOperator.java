package barograph.query.exec;

/// Yields series by pushing them into a sink.
@FunctionalInterface
interface VectorOperator {
  /// Pushes every series that has a point; runs once.
  void run(SeriesSink sink);
}
