package barograph.query.plan;

import barograph.query.ast.Expr;
import barograph.query.ast.Span;
import barograph.query.ast.ValueType;
import barograph.query.function.ElementFunction;
import barograph.query.function.RangeFunction;
import barograph.query.histogram.HistogramStatistic;
import barograph.query.plan.Planner.Scalar;
import barograph.query.plan.Planner.Vector;
import java.util.ArrayList;
import java.util.List;

/// The part of the planner that knows the functions by name.
final class CallPlanner {
  private final Planner planner;
  private final QueryWindow window;

  CallPlanner(Planner planner, QueryWindow window) {
    this.planner = planner;
    this.window = window;
  }

  Scalar scalar(Expr.Call call) {
    var arguments = call.arguments();
    return switch (call.function().name()) {
      case "time" -> new Scalar(new ScalarPlan.Now(), false);
      case "pi" -> constant(Math.PI);
      case "start" -> constant(window.startMillis() / 1e3);
      case "end" -> constant(window.endMillis() / 1e3);
      case "range" -> constant((window.endMillis() - window.startMillis()) / 1e3);
      case "step" -> constant(window.stepMillis() / 1e3);
      case "scalar" -> {
        var vector = planner.vector(arguments.getFirst());
        yield new Scalar(new ScalarPlan.Only(vector.plan()), vector.invariant());
      }
      case "max_of", "min_of" -> {
        var left = planner.scalar(arguments.get(0));
        var right = planner.scalar(arguments.get(1));
        boolean largest = call.function().name().equals("max_of");
        boolean invariant = left.invariant() && right.invariant();
        yield invariant
            ? new Scalar(new ScalarPlan.Extreme(largest, left.plan(), right.plan()), true)
            : new Scalar(new ScalarPlan.Extreme(largest, left.once(), right.once()), false);
      }
      default -> throw unknown(call);
    };
  }

  private static Scalar constant(double value) {
    return new Scalar(new ScalarPlan.Constant(value), true);
  }

  Vector vector(Expr.Call call) {
    String name = call.function().name();
    var element = ElementFunction.find(name);
    if (element != null) {
      return element(call, element);
    }
    var overRange = RangeFunction.find(name);
    if (overRange != null) {
      return overWindow(call, overRange);
    }
    var statistic = HistogramStatistic.find(name);
    if (statistic != null) {
      var vector = planner.vector(call.arguments().getFirst());
      var plan = new VectorPlan.OfHistograms(statistic, vector.plan());
      return new Vector(planner.droppingName(plan, vector.plan(), false), vector.invariant());
    }
    return switch (name) {
      case "vector" -> {
        var scalar = planner.scalar(call.arguments().getFirst());
        yield new Vector(new VectorPlan.OfScalar(scalar.plan()), scalar.invariant());
      }
      case "timestamp" -> timestamp(call);
      case "absent" -> {
        var labels = AbsentLabels.of(call.arguments().getFirst());
        var vector = planner.vector(call.arguments().getFirst());
        yield new Vector(new VectorPlan.Absent(vector.plan(), labels), vector.invariant());
      }
      case "absent_over_time" -> {
        var labels = AbsentLabels.of(call.arguments().getFirst());
        var range = planner.range(call.arguments().getFirst());
        yield new Vector(new VectorPlan.AbsentOverTime(range.plan(), labels), range.invariant());
      }
      case "round", "clamp", "clamp_min", "clamp_max" -> bounded(call);
      case "label_replace",
          "label_join",
          "sort",
          "sort_desc",
          "sort_by_label",
          "sort_by_label_desc" ->
          relabelled(call);
      case "histogram_quantile", "histogram_quantiles", "histogram_fraction" -> buckets(call);
      case "info" -> new InfoPlanner(planner).plan(call);
      case "start_timestamp" -> {
        var vector = planner.vector(call.arguments().getFirst());
        yield new Vector(new VectorPlan.StartTimes(vector.plan()), vector.invariant());
      }
      default -> throw unknown(call);
    };
  }

  private Vector element(Expr.Call call, ElementFunction function) {
    if (call.arguments().isEmpty()) {
      return new Vector(
          new VectorPlan.Mapped(function, new VectorPlan.OfScalar(new ScalarPlan.Now())), false);
    }
    var vector = planner.vector(call.arguments().getFirst());
    // What takes times apart is computed at each step, whatever its argument does.
    boolean invariant = vector.invariant() && !function.isCalendar();
    var input = invariant ? vector.plan() : vector.once();
    return new Vector(
        planner.droppingName(new VectorPlan.Mapped(function, input), input, false), invariant);
  }

  private Vector overWindow(Expr.Call call, RangeFunction function) {
    var arguments = call.arguments();
    // A subquery has its turn before the scalars, wherever it stands.
    var range =
        arguments.stream()
            .filter(argument -> Expr.typeOf(argument) == ValueType.RANGE_VECTOR)
            .findFirst()
            .map(planner::range)
            .orElseThrow(() -> new IllegalArgumentException(function.symbol() + " has no range"));
    boolean invariant = range.invariant() && function != RangeFunction.PREDICT_LINEAR;
    var scalars = new ArrayList<Scalar>();
    for (Expr argument : arguments) {
      if (Expr.typeOf(argument) != ValueType.RANGE_VECTOR) {
        var scalar = planner.scalar(argument);
        invariant &= scalar.invariant();
        scalars.add(scalar);
      }
    }
    var parameters = new ArrayList<ScalarPlan>();
    for (var scalar : scalars) {
      parameters.add(invariant ? scalar.plan() : scalar.once());
    }
    var first = arguments.getFirst();
    // What Prometheus notes of a subquery stands at the start of the query, and texts are compared.
    boolean placeless =
        range.plan() instanceof RangePlan.Computed && Expr.typeOf(first) == ValueType.RANGE_VECTOR;
    var place = planner.place(placeless ? Span.NONE : first.span());
    var plan = new VectorPlan.OverWindow(function, range.plan(), parameters, place);
    return new Vector(
        function.keepsName() ? plan : planner.droppingName(plan, range.plan()), invariant);
  }

  private Vector timestamp(Expr.Call call) {
    var argument = Planner.bare(call.arguments().getFirst());
    var vector = planner.vector(argument);
    if (vector.plan() instanceof VectorPlan.Fetch(var source)) {
      return new Vector(
          planner.droppingName(new VectorPlan.SampleTime(source), vector.plan(), false), false);
    }
    var input = vector.once();
    return new Vector(planner.droppingName(new VectorPlan.StepTime(input), input, false), false);
  }

  private Vector bounded(Expr.Call call) {
    var arguments = call.arguments();
    var vector = planner.vector(arguments.getFirst());
    var scalars = new ArrayList<Scalar>();
    boolean invariant = vector.invariant();
    for (Expr argument : arguments.subList(1, arguments.size())) {
      var scalar = planner.scalar(argument);
      scalars.add(scalar);
      invariant &= scalar.invariant();
    }
    var bounds = new ArrayList<ScalarPlan>();
    for (var scalar : scalars) {
      bounds.add(invariant ? scalar.plan() : scalar.once());
    }
    var input = invariant ? vector.plan() : vector.once();
    var plan =
        switch (call.function().name()) {
          case "round" ->
              new VectorPlan.Rounded(
                  input, bounds.isEmpty() ? new ScalarPlan.Constant(1) : bounds.getFirst());
          case "clamp_min" -> new VectorPlan.Clamped(input, bounds.getFirst(), null);
          case "clamp_max" -> new VectorPlan.Clamped(input, null, bounds.getFirst());
          default -> new VectorPlan.Clamped(input, bounds.get(0), bounds.get(1));
        };
    return new Vector(planner.droppingName(plan, input, false), invariant);
  }

  private Vector relabelled(Expr.Call call) {
    var arguments = call.arguments();
    var vector = planner.vector(arguments.getFirst());
    var texts = new ArrayList<String>();
    for (Expr argument : arguments.subList(1, arguments.size())) {
      texts.add(Planner.text(argument));
    }
    var input = vector.plan();
    boolean descending = call.function().name().endsWith("_desc");
    var plan =
        switch (call.function().name()) {
          case "label_replace" ->
              new VectorPlan.Merged(
                  new VectorPlan.LabelReplaced(
                      input, texts.get(0), texts.get(1), texts.get(2), texts.get(3)),
                  false);
          case "label_join" ->
              new VectorPlan.Merged(
                  new VectorPlan.LabelJoined(
                      input,
                      texts.get(0),
                      texts.get(1),
                      List.copyOf(texts.subList(2, texts.size()))),
                  false);
          case "sort", "sort_desc" ->
              new VectorPlan.SortedByValue(input, descending, planner.place(call.span()));
          default ->
              new VectorPlan.SortedByLabel(input, descending, texts, planner.place(call.span()));
        };
    return new Vector(plan, vector.invariant());
  }

  private Vector buckets(Expr.Call call) {
    var arguments = call.arguments();
    String name = call.function().name();
    boolean many = name.equals("histogram_quantiles");
    var bucketsArgument = many ? arguments.getFirst() : arguments.getLast();
    var scalarArguments =
        many ? arguments.subList(2, arguments.size()) : arguments.subList(0, arguments.size() - 1);
    // Each has its turn where it stands.
    Vector vector;
    List<Scalar> scalars;
    if (many) {
      vector = planner.vector(bucketsArgument);
      scalars = scalarArguments.stream().map(planner::scalar).toList();
    } else {
      scalars = scalarArguments.stream().map(planner::scalar).toList();
      vector = planner.vector(bucketsArgument);
    }
    boolean invariant = vector.invariant() && scalars.stream().allMatch(Scalar::invariant);
    var input = invariant ? vector.plan() : vector.once();
    var levels = scalars.stream().map(s -> invariant ? s.plan() : s.once()).toList();
    var place = planner.place(bucketsArgument.span());
    var plan =
        switch (name) {
          case "histogram_quantile" ->
              new VectorPlan.BucketQuantile(
                  levels.getFirst(), input, planner.place(arguments.getFirst().span()), place);
          case "histogram_quantiles" ->
              new VectorPlan.BucketQuantiles(
                  levels,
                  Planner.text(arguments.get(1)),
                  input,
                  scalarArguments.stream().map(Expr::span).map(planner::place).toList(),
                  place);
          default -> new VectorPlan.BucketFraction(levels.get(0), levels.get(1), input, place);
        };
    return new Vector(
        many ? new VectorPlan.Merged(plan, false) : planner.droppingName(plan, input, false),
        invariant);
  }

  private static IllegalArgumentException unknown(Expr.Call call) {
    return new IllegalArgumentException(
        "no plan for the function %s()".formatted(call.function().name()));
  }
}
