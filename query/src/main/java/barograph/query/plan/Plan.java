package barograph.query.plan;

/// A whole query, by what it yields.
public sealed interface Plan {
  record OfScalar(ScalarPlan scalar) implements Plan {}

  record OfVector(VectorPlan vector) implements Plan {}

  record OfRange(RangePlan range) implements Plan {}

  record OfText(String text) implements Plan {}
}
