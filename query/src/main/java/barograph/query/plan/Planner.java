package barograph.query.plan;

import barograph.query.ast.At;
import barograph.query.ast.BinaryOperator;
import barograph.query.ast.DurationExpr;
import barograph.query.ast.Expr;
import barograph.query.ast.Expr.Binary;
import barograph.query.ast.Span;
import barograph.query.ast.TimeShift;
import barograph.query.ast.ValueType;
import barograph.query.ast.VectorMatching;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the plan of one query at its times.
///
/// Each step answers two things at once: the plan of a subtree, and whether its value is the same
/// at every step. Where that ends, at a parent that does vary, the subtree is marked to be computed
/// once.
public final class Planner {
  private final QueryWindow window;
  private final DurationExpr.Clock clock;
  private final long subqueryStepMillis;
  private final boolean namesDropLate;
  private final CallPlanner calls;

  /// How many calls around the present place ask for counts and sums of native histograms.
  private int countsAsked;

  /// How many calls, operators and subqueries around the present place need buckets.
  private int bucketsAsked;

  /// How many places of operators have been given a turn.
  private int turns;

  /// @param subqueryStepMillis the step of subqueries that name none
  /// @param namesDropLate whether names are dropped from the result and not by each operator
  public Planner(QueryWindow window, long subqueryStepMillis, boolean namesDropLate) {
    this.window = window;
    this.clock =
        new DurationExpr.Clock(window.stepMillis(), window.endMillis() - window.startMillis());
    this.subqueryStepMillis = subqueryStepMillis;
    this.namesDropLate = namesDropLate;
    this.calls = new CallPlanner(this, window);
  }

  /// What a binary operator can stand between.
  sealed interface Operand {}

  /// A subtree that yields a scalar.
  record Scalar(ScalarPlan plan, boolean invariant) implements Operand {
    /// For a parent that varies with the step.
    ScalarPlan once() {
      return invariant && !(plan instanceof ScalarPlan.Constant)
          ? new ScalarPlan.Invariant(plan)
          : plan;
    }
  }

  /// A subtree that yields a vector.
  record Vector(VectorPlan plan, boolean invariant) implements Operand {
    /// For a parent that varies with the step.
    VectorPlan once() {
      return invariant ? new VectorPlan.Invariant(plan) : plan;
    }
  }

  /// A subtree that yields windows.
  record Range(RangePlan plan, boolean invariant) {}

  /// The plan of a whole query.
  ///
  /// @throws barograph.query.ast.PromqlException if a duration comes out as none
  public Plan plan(Expr query) {
    return switch (Expr.typeOf(query)) {
      case SCALAR -> new Plan.OfScalar(scalar(query).once());
      case INSTANT_VECTOR -> new Plan.OfVector(vector(query).once());
      case RANGE_VECTOR -> new Plan.OfRange(range(query).plan());
      case STRING -> new Plan.OfText(text(query));
    };
  }

  static Expr bare(Expr expr) {
    Expr at = expr;
    while (true) {
      switch (at) {
        case Expr.Paren(var inner, _) -> at = inner;
        case Expr.Unary(boolean negative, var operand, _) when !negative -> at = operand;
        case Expr.NumberLiteral _,
            Expr.StringLiteral _,
            Expr.Selector _,
            Expr.RangeSelector _,
            Expr.Subquery _,
            Expr.Aggregate _,
            Expr.Call _,
            Expr.Binary _,
            Expr.Unary _ -> {
          return at;
        }
      }
    }
  }

  static String text(Expr expr) {
    if (bare(expr) instanceof Expr.StringLiteral(var value, _)) {
      return value;
    }
    throw new IllegalArgumentException("expected a string, found " + expr);
  }

  Scalar scalar(Expr expr) {
    return switch (bare(expr)) {
      case Expr.NumberLiteral(double value, _, _) ->
          new Scalar(new ScalarPlan.Constant(value), true);
      case Expr.Unary(_, var operand, _) -> {
        var inner = scalar(operand);
        yield inner.plan() instanceof ScalarPlan.Constant(double value)
            ? new Scalar(new ScalarPlan.Constant(-value), true)
            : new Scalar(new ScalarPlan.Negation(inner.plan()), inner.invariant());
      }
      case Expr.Binary binary -> {
        if (chain(binary) instanceof Scalar scalar) {
          yield scalar;
        }
        throw unexpected(expr, ValueType.SCALAR);
      }
      case Expr.Call call -> calls.scalar(call);
      case Expr.StringLiteral _,
          Expr.Selector _,
          Expr.RangeSelector _,
          Expr.Subquery _,
          Expr.Aggregate _,
          Expr.Paren _ ->
          throw unexpected(expr, ValueType.SCALAR);
    };
  }

  /// A chain of binary operators, which may be as long as the text: from its lowest one upwards.
  private Operand chain(Binary last) {
    var chain = new ArrayDeque<Binary>();
    chain.addFirst(last);
    while (bare(chain.getFirst().left()) instanceof Binary next) {
      chain.addFirst(next);
    }
    bucketsAsked += Math.toIntExact(chain.stream().filter(Planner::trims).count());
    Operand left = operand(chain.getFirst().left());
    for (Binary binary : chain) {
      var right = operand(binary.right());
      left =
          switch (left) {
            case Scalar a ->
                switch (right) {
                  case Scalar b -> combine(binary.operator(), a, b);
                  case Vector b -> withScalar(binary, b, a, true);
                };
            case Vector a ->
                switch (right) {
                  case Scalar b -> withScalar(binary, a, b, false);
                  case Vector b -> matched(binary, a, b);
                };
          };
      bucketsAsked -= trims(binary) ? 1 : 0;
    }
    return left;
  }

  private static boolean trims(Binary binary) {
    return binary.operator().kind() == BinaryOperator.Kind.TRIM;
  }

  private Operand operand(Expr expr) {
    return Expr.typeOf(expr) == ValueType.SCALAR ? scalar(expr) : vector(expr);
  }

  private static Scalar combine(BinaryOperator operator, Scalar left, Scalar right) {
    if (left.plan() instanceof ScalarPlan.Constant(double a)
        && right.plan() instanceof ScalarPlan.Constant(double b)) {
      return new Scalar(new ScalarPlan.Constant(Arithmetic.scalar(operator, a, b)), true);
    }
    boolean invariant = left.invariant() && right.invariant();
    return invariant
        ? new Scalar(new ScalarPlan.Operation(operator, left.plan(), right.plan()), true)
        : new Scalar(new ScalarPlan.Operation(operator, left.once(), right.once()), false);
  }

  Vector vector(Expr expr) {
    return switch (bare(expr)) {
      case Expr.Selector selector -> {
        var source = source(selector);
        yield new Vector(new VectorPlan.Fetch(source), source.timing().isPinned());
      }
      case Expr.Unary(_, var operand, _) -> {
        var inner = vector(operand);
        yield new Vector(
            droppingName(new VectorPlan.Negated(inner.plan()), inner.plan(), false),
            inner.invariant());
      }
      case Expr.Aggregate aggregate -> aggregate(aggregate);
      case Expr.Call call -> call(call);
      case Expr.Binary binary -> {
        if (chain(binary) instanceof Vector vector) {
          yield vector;
        }
        throw unexpected(expr, ValueType.INSTANT_VECTOR);
      }
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.RangeSelector _,
          Expr.Subquery _,
          Expr.Paren _ ->
          throw unexpected(expr, ValueType.INSTANT_VECTOR);
    };
  }

  private Vector call(Expr.Call call) {
    int counts = 0;
    int buckets = 0;
    switch (call.function().name()) {
      case "histogram_count", "histogram_sum", "histogram_avg" -> counts = 1;
      case "histogram_quantile", "histogram_quantiles", "histogram_fraction" -> buckets = 1;
      default -> {}
    }
    countsAsked += counts;
    bucketsAsked += buckets;
    var vector = calls.vector(call);
    countsAsked -= counts;
    bucketsAsked -= buckets;
    return vector;
  }

  private Vector withScalar(Binary binary, Vector vector, Scalar scalar, boolean scalarOnLeft) {
    boolean invariant = vector.invariant() && scalar.invariant();
    var inner = invariant ? vector.plan() : vector.once();
    var plan =
        new VectorPlan.WithScalar(
            binary.operator(),
            inner,
            invariant ? scalar.plan() : scalar.once(),
            scalarOnLeft,
            binary.returnBool(),
            place(binary.span()));
    boolean keepsName = binary.operator().keepsName() && !binary.returnBool();
    return new Vector(keepsName ? plan : droppingName(plan, inner, false), invariant);
  }

  private Vector matched(Binary binary, Vector left, Vector right) {
    var operator = binary.operator();
    var matching = binary.matching() == null ? VectorMatching.DEFAULT : binary.matching();
    boolean invariant = left.invariant() && right.invariant();
    var leftPlan = invariant ? left.plan() : left.once();
    var rightPlan = invariant ? right.plan() : right.once();
    if (operator.isSet()) {
      VectorPlan plan = new VectorPlan.SetOperation(operator, leftPlan, rightPlan, matching);
      return new Vector(
          operator == BinaryOperator.OR ? new VectorPlan.Merged(plan, false) : plan, invariant);
    }
    VectorPlan plan =
        new VectorPlan.Matched(
            operator, leftPlan, rightPlan, binary.returnBool(), matching, place(binary.span()));
    boolean rightIsMany = matching.cardinality() == VectorMatching.Cardinality.ONE_TO_MANY;
    boolean distinct =
        matching.include().isEmpty()
            && matching.fillLeft() == null
            && matching.fillRight() == null
            && Names.alike(rightIsMany ? rightPlan : leftPlan);
    return new Vector(distinct ? plan : new VectorPlan.Merged(plan, false), invariant);
  }

  private Vector aggregate(Expr.Aggregate aggregate) {
    @Nullable Scalar parameter = null;
    String label = "";
    var parameterSpan = aggregate.span();
    if (aggregate.parameter() != null) {
      parameterSpan = aggregate.parameter().span();
      if (aggregate.aggregator().parameter() == ValueType.STRING) {
        label = text(aggregate.parameter());
      } else {
        parameter = scalar(aggregate.parameter());
      }
    }
    var operand = vector(aggregate.operand());
    boolean invariant = operand.invariant() && (parameter == null || parameter.invariant());
    return new Vector(
        new VectorPlan.Aggregated(
            aggregate.aggregator(),
            new Grouping(aggregate.without(), Set.copyOf(aggregate.grouping())),
            parameter == null ? null : invariant ? parameter.plan() : parameter.once(),
            label,
            invariant ? operand.plan() : operand.once(),
            place(parameterSpan),
            place(aggregate.operand().span()),
            place(aggregate.span())),
        invariant);
  }

  Range range(Expr expr) {
    return switch (bare(expr)) {
      case Expr.RangeSelector(var selector, var length, _) -> {
        var source = source(selector);
        yield new Range(
            new RangePlan.Stored(source, length.positiveMillis(clock)), source.timing().isPinned());
      }
      case Expr.Subquery subquery -> {
        var timing = timing(subquery.shift());
        long step =
            subquery.step() == null ? subqueryStepMillis : subquery.step().positiveMillis(clock);
        bucketsAsked++;
        var inner = vector(subquery.inner());
        bucketsAsked--;
        yield new Range(
            new RangePlan.Computed(
                inner.once(), subquery.range().positiveMillis(clock), step, timing),
            timing.isPinned());
      }
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Selector _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Binary _,
          Expr.Unary _,
          Expr.Paren _ ->
          throw unexpected(expr, ValueType.RANGE_VECTOR);
    };
  }

  private Source source(Expr.Selector selector) {
    return new Source(
        selector.matchers(),
        timing(selector.shift()),
        selector.mode(),
        countsAsked > 0 && bucketsAsked == 0,
        place(selector.span()));
  }

  /// The place of the operator that is being planned, which is done when those of its operands are.
  Place place(Span span) {
    return new Place(span, turns++);
  }

  Timing timing(TimeShift shift) {
    Long pinned =
        switch (shift.at()) {
          case At.EachStep _ -> null;
          case At.Fixed(long time) -> (Long) time;
          case At.Start _ -> (Long) window.startMillis();
          case At.End _ -> (Long) window.endMillis();
        };
    return new Timing(pinned, shift.offsetMillis(clock));
  }

  /// `plan`, which drops names from the series of `input`, made safe against series that are equal
  /// without them.
  VectorPlan droppingName(VectorPlan plan, VectorPlan input, boolean anyTwo) {
    return namesDropLate || Names.alike(input) ? plan : new VectorPlan.Merged(plan, anyTwo);
  }

  VectorPlan droppingName(VectorPlan plan, RangePlan input) {
    return namesDropLate || Names.alike(input) ? plan : new VectorPlan.Merged(plan, true);
  }

  private static IllegalArgumentException unexpected(Expr expr, ValueType wanted) {
    return new IllegalArgumentException(
        "expected %s, found %s".formatted(wanted.documented(), describe(expr.span())));
  }

  private static String describe(Span span) {
    return "what stands at bytes %d to %d".formatted(span.start(), span.end());
  }
}
