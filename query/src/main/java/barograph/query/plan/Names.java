package barograph.query.plan;

/// What plans know of series' names before any is read.
final class Names {
  private Names() {}

  /// Whether all series that come out carry the same name or none, so that they stay distinct when
  /// their names are dropped.
  static boolean alike(VectorPlan plan) {
    return switch (plan) {
      case VectorPlan.Fetch(var source) -> source.hasOneName();
      case VectorPlan.SampleTime(var source) -> source.hasOneName();
      case VectorPlan.OfScalar _,
          VectorPlan.Absent _,
          VectorPlan.AbsentOverTime _,
          VectorPlan.BucketQuantile _,
          VectorPlan.BucketQuantiles _,
          VectorPlan.BucketFraction _,
          VectorPlan.StartTimes _ ->
          true;
      case VectorPlan.OverWindow(_, var range, _, _) -> alike(range);
      case VectorPlan.StepTime(var vector) -> alike(vector);
      case VectorPlan.Mapped(_, var vector) -> alike(vector);
      case VectorPlan.OfHistograms(_, var vector) -> alike(vector);
      case VectorPlan.Negated(var vector) -> alike(vector);
      case VectorPlan.Rounded(var vector, _) -> alike(vector);
      case VectorPlan.Clamped(var vector, _, _) -> alike(vector);
      case VectorPlan.LabelReplaced _, VectorPlan.LabelJoined _ -> false;
      case VectorPlan.SortedByValue(var vector, _, _) -> alike(vector);
      case VectorPlan.SortedByLabel(var vector, _, _, _) -> alike(vector);
      case VectorPlan.Aggregated aggregated -> alike(aggregated);
      case VectorPlan.WithScalar(_, var vector, _, _, _, _) -> alike(vector);
      case VectorPlan.Matched(_, var left, var right, _, _, _) -> alike(left) && alike(right);
      case VectorPlan.SetOperation(var operator, var left, _, _) ->
          switch (operator) {
            case AND, UNLESS -> alike(left);
            case OR -> false;
            case EQUAL,
                NOT_EQUAL,
                LESS,
                LESS_EQUAL,
                GREATER,
                GREATER_EQUAL,
                TRIM_UPPER,
                TRIM_LOWER,
                ADD,
                SUBTRACT,
                MULTIPLY,
                DIVIDE,
                MODULO,
                ATAN2,
                POWER ->
                false;
          };
      case VectorPlan.Merged(var inner, _) -> alike(inner);
      case VectorPlan.WithInfo(var vector, _, _, _) -> alike(vector);
      case VectorPlan.Invariant(var inner) -> alike(inner);
    };
  }

  static boolean alike(RangePlan range) {
    return switch (range) {
      case RangePlan.Stored(var source, _) -> source.hasOneName();
      case RangePlan.Computed(var inner, _, _, _) -> alike(inner);
    };
  }

  private static boolean alike(VectorPlan.Aggregated aggregated) {
    return switch (aggregated.aggregator()) {
      case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR, COUNT_VALUES, QUANTILE ->
          !aggregated.grouping().keepsName() || alike(aggregated.vector());
      case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> alike(aggregated.vector());
    };
  }
}
