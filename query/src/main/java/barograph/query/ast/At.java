package barograph.query.ast;

/// When a selector or subquery is evaluated: the `@` modifier.
public sealed interface At {
  /// Without `@`: at each step.
  At STEP = new EachStep();

  /// At each step.
  record EachStep() implements At {}

  /// Always at one time, in milliseconds since the epoch.
  record Fixed(long timestampMillis) implements At {}

  /// Always at the start of the query's range: `@ start()`.
  record Start() implements At {}

  /// Always at the end of the query's range: `@ end()`.
  record End() implements At {}
}
