package barograph.query.exec;

import barograph.query.ast.Aggregator;
import barograph.query.plan.Grouping;
import barograph.query.plan.RangePlan;
import barograph.query.plan.ScalarPlan;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.function.Supplier;

/// Builds the operator of each node of a plan, for the steps that are asked of it.
record Operators(Evaluation evaluation) {

  VectorOperator vector(VectorPlan plan, Grid grid) {
    return watched(plan, () -> made(plan, grid));
  }

  private VectorOperator watched(VectorPlan plan, Supplier<VectorOperator> maker) {
    var profile = evaluation.profile();
    return profile == null ? maker.get() : profile.watch(plan, evaluation.budget(), maker);
  }

  private VectorOperator made(VectorPlan plan, Grid grid) {
    return switch (plan) {
      case VectorPlan.Fetch(var source) -> new FetchOperator(evaluation, source, grid, false, null);
      case VectorPlan.SampleTime(var source) ->
          new FetchOperator(evaluation, source, grid, true, null);
      case VectorPlan.OfScalar(var scalar) ->
          Elementwise.ofScalar(evaluation, scalar(scalar, grid), grid);
      case VectorPlan.OverWindow window -> new WindowOperator(this, window, grid, null);
      case VectorPlan.StepTime(var vector) ->
          Elementwise.stepTimes(evaluation, vector(vector, grid), grid);
      case VectorPlan.Mapped(var function, var vector) ->
          Elementwise.over(
              evaluation, vector(vector, grid), (step, value) -> function.apply(value));
      case VectorPlan.Negated(var vector) -> Elementwise.negated(evaluation, vector(vector, grid));
      case VectorPlan.Rounded(var vector, var to) ->
          Elementwise.rounded(evaluation, vector(vector, grid), scalar(to, grid));
      case VectorPlan.Clamped clamped ->
          Elementwise.clamped(
              evaluation,
              vector(clamped.vector(), grid),
              clamped.min() == null ? null : scalar(clamped.min(), grid),
              clamped.max() == null ? null : scalar(clamped.max(), grid));
      case VectorPlan.Absent absent -> AbsentOperator.of(this, absent, grid);
      case VectorPlan.AbsentOverTime absent -> AbsentOperator.of(this, absent, grid);
      case VectorPlan.LabelReplaced replaced -> LabelOperator.replacing(this, replaced, grid);
      case VectorPlan.LabelJoined joined -> LabelOperator.joining(this, joined, grid);
      case VectorPlan.SortedByValue sorted -> SortOperator.byValue(this, sorted, grid);
      case VectorPlan.SortedByLabel sorted -> SortOperator.byLabels(this, sorted, grid);
      case VectorPlan.BucketQuantile quantile -> BucketOperator.quantile(this, quantile, grid);
      case VectorPlan.BucketQuantiles quantiles -> BucketOperator.quantiles(this, quantiles, grid);
      case VectorPlan.BucketFraction fraction -> BucketOperator.fraction(this, fraction, grid);
      case VectorPlan.OfHistograms(var statistic, var vector) ->
          Elementwise.ofHistograms(evaluation, vector(vector, grid), statistic::of);
      case VectorPlan.WithInfo info -> new InfoOperator(this, info, grid);
      case VectorPlan.StartTimes(var vector) -> {
        var inner = vector(vector, grid);
        yield sink -> inner.run((labels, dropsName, column) -> {});
      }
      case VectorPlan.Aggregated aggregated -> aggregated(aggregated, grid);
      case VectorPlan.WithScalar withScalar -> new ScalarArithmetic(this, withScalar, grid);
      case VectorPlan.Matched matched -> new MatchOperator(this, matched, grid);
      case VectorPlan.SetOperation operation -> new SetOperator(this, operation, grid);
      case VectorPlan.Merged(var inner, boolean anyTwo) ->
          new MergeOperator(evaluation, vector(inner, grid), grid, anyTwo);
      case VectorPlan.Invariant(var inner) -> invariant(inner, grid);
    };
  }

  /// A source of which only the labels that make groups are wanted: where it reads series itself,
  /// no others are ever looked at.
  VectorOperator grouped(VectorPlan plan, Grouping grouping, Grid grid) {
    if (grouping.without()) {
      return vector(plan, grid);
    }
    if (plan instanceof VectorPlan.Fetch(var source)) {
      return watched(
          plan, () -> new FetchOperator(evaluation, source, grid, false, grouping.names()));
    }
    if (plan instanceof VectorPlan.OverWindow window) {
      var names = new HashSet<>(grouping.names());
      // Its notes tell of metrics.
      names.add(Labels.METRIC_NAME);
      return watched(plan, () -> new WindowOperator(this, window, grid, names));
    }
    return vector(plan, grid);
  }

  private VectorOperator aggregated(VectorPlan.Aggregated plan, Grid grid) {
    var aggregator = plan.aggregator();
    return switch (aggregator) {
      case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR, QUANTILE ->
          new FoldOperator(this, plan, grid);
      case TOPK, BOTTOMK -> new TopOperator(this, plan, grid, aggregator == Aggregator.TOPK);
      case LIMITK, LIMIT_RATIO -> new LimitOperator(this, plan, grid);
      case COUNT_VALUES -> new CountValuesOperator(this, plan, grid);
    };
  }

  private VectorOperator invariant(VectorPlan inner, Grid grid) {
    if (grid.steps() == 1) {
      return vector(inner, grid);
    }
    var once = forAllSteps(grid).vector(inner, grid.first());
    return sink -> {
      var column = evaluation.column(grid.steps());
      once.run((labels, dropsName, single) -> {
        evaluation.budget().work(grid.steps());
        Arrays.fill(column.values(), single.values()[0]);
        column.dropHistograms();
        var histogram = single.histogram(0);
        for (int step = 0; histogram != null && step < grid.steps(); step++) {
          column.putHistogram(step, histogram);
        }
        sink.accept(labels, dropsName, column);
      });
    };
  }

  /// Those of what is computed once for all steps.
  private Operators forAllSteps(Grid grid) {
    return new Operators(evaluation.counting(evaluation.counts().ofAllSteps(grid.steps())));
  }

  /// Those of a subquery.
  Operators ofSubquery() {
    return new Operators(evaluation.counting(evaluation.counts().ofSubquery()));
  }

  WindowSource windows(RangePlan plan, Grid grid) {
    return switch (plan) {
      case RangePlan.Stored stored -> new StoredWindows(evaluation, stored, grid);
      case RangePlan.Computed computed -> new ComputedWindows(this, computed, grid);
    };
  }

  ScalarOperator scalar(ScalarPlan plan, Grid grid) {
    return switch (plan) {
      case ScalarPlan.Constant(double value) ->
          () -> {
            var values = numbers(grid);
            Arrays.fill(values, value);
            return values;
          };
      case ScalarPlan.Now() ->
          () -> {
            var values = numbers(grid);
            for (int step = 0; step < values.length; step++) {
              values[step] = grid.timeMillis(step) / 1e3;
            }
            return values;
          };
      case ScalarPlan.Only(var vector) -> Elementwise.only(evaluation, vector(vector, grid), grid);
      case ScalarPlan.Operation(var operator, var left, var right) ->
          ScalarArithmetic.scalars(evaluation, operator, scalar(left, grid), scalar(right, grid));
      case ScalarPlan.Negation(var operand) -> {
        var inner = scalar(operand, grid);
        yield () -> {
          double[] values = inner.run();
          for (int step = 0; step < values.length; step++) {
            values[step] = -values[step];
          }
          return values;
        };
      }
      case ScalarPlan.Extreme(boolean largest, var left, var right) -> {
        var a = scalar(left, grid);
        var b = scalar(right, grid);
        yield () -> {
          double[] values = a.run();
          double[] others = b.run();
          for (int step = 0; step < values.length; step++) {
            values[step] =
                largest
                    ? Math.max(values[step], others[step])
                    : Math.min(values[step], others[step]);
          }
          return values;
        };
      }
      case ScalarPlan.Invariant(var inner) -> {
        var once = forAllSteps(grid).scalar(inner, grid.first());
        yield () -> {
          double[] values = numbers(grid);
          Arrays.fill(values, once.run()[0]);
          return values;
        };
      }
    };
  }

  double[] numbers(Grid grid) {
    evaluation.budget().hold(grid.steps());
    evaluation.budget().work(grid.steps());
    return new double[grid.steps()];
  }

  /// The numbers of a parameter that the operator cannot do without.
  double[] parameter(VectorPlan.Aggregated plan, Grid grid) {
    return scalar(
            Objects.requireNonNull(
                plan.parameter(), () -> plan.aggregator().symbol() + " has no parameter"),
            grid)
        .run();
  }
}
