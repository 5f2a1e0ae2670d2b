package barograph.query.parse;

import barograph.query.ast.Aggregator;
import barograph.query.ast.At;
import barograph.query.ast.BinaryOperator;
import barograph.query.ast.DurationExpr;
import barograph.query.ast.Expr;
import barograph.query.ast.FunctionSignature;
import barograph.query.ast.Functions;
import barograph.query.ast.Span;
import barograph.query.ast.TimeShift;
import barograph.query.ast.ValueType;
import barograph.query.ast.VectorMatching;
import barograph.query.ast.VectorMatching.Cardinality;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/// Trees of all kinds whose types fit, without spans.
final class RandomTrees {
  private static final List<FunctionSignature> FUNCTIONS =
      Functions.all().stream().filter(function -> !function.name().equals("info")).toList();

  private final Random random;

  RandomTrees(long seed) {
    this.random = new Random(seed);
  }

  Expr next() {
    return random.nextInt(4) == 0 ? scalar(4) : vector(4);
  }

  private Expr ofType(ValueType type, int depth) {
    return switch (type) {
      case SCALAR -> scalar(depth);
      case INSTANT_VECTOR -> vector(depth);
      case RANGE_VECTOR -> range(depth);
      case STRING -> new Expr.StringLiteral(word(), Span.NONE);
    };
  }

  private Expr scalar(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      boolean asDuration = random.nextBoolean();
      double value = random.nextInt(100_000) / (asDuration ? 1.0 : 8.0);
      return new Expr.NumberLiteral(random.nextInt(4) == 0 ? -value : value, asDuration, Span.NONE);
    }
    return switch (random.nextInt(4)) {
      case 0 -> call(ValueType.SCALAR, depth);
      case 1 -> new Expr.Paren(scalar(depth - 1), Span.NONE);
      case 2 -> new Expr.Unary(random.nextBoolean(), wrapped(scalar(depth - 1), true), Span.NONE);
      default -> {
        var operator = any(List.of(BinaryOperator.values()));
        yield operator.isSet()
            ? scalar(depth - 1)
            : new Expr.Binary(
                operator,
                wrapped(scalar(depth - 1), false),
                wrapped(scalar(depth - 1), false),
                operator.isComparison(),
                null,
                Span.NONE);
      }
    };
  }

  private Expr vector(int depth) {
    if (depth == 0) {
      return selector(true);
    }
    return switch (random.nextInt(7)) {
      case 0 -> selector(true);
      case 1 -> call(ValueType.INSTANT_VECTOR, depth);
      case 2 -> aggregate(depth);
      case 3 -> new Expr.Paren(vector(depth - 1), Span.NONE);
      case 4 -> new Expr.Unary(random.nextBoolean(), wrapped(vector(depth - 1), true), Span.NONE);
      default -> binary(depth);
    };
  }

  private Expr binary(int depth) {
    var operator = any(List.of(BinaryOperator.values()));
    boolean vectors = operator.isSet() || random.nextBoolean();
    Expr left = wrapped(vector(depth - 1), false);
    Expr right = wrapped(vectors ? vector(depth - 1) : scalar(depth - 1), false);
    return new Expr.Binary(
        operator,
        left,
        right,
        operator.isComparison() && random.nextBoolean(),
        vectors ? matching(operator) : null,
        Span.NONE);
  }

  private VectorMatching matching(BinaryOperator operator) {
    boolean on = random.nextBoolean();
    if (operator.isSet()) {
      return new VectorMatching(Cardinality.MANY_TO_MANY, on, labels("l"), List.of(), null, null);
    }
    var cardinality =
        any(List.of(Cardinality.ONE_TO_ONE, Cardinality.MANY_TO_ONE, Cardinality.ONE_TO_MANY));
    return new VectorMatching(
        cardinality,
        on,
        labels("l"),
        cardinality == Cardinality.ONE_TO_ONE ? List.of() : labels("m"),
        random.nextInt(4) == 0 ? (double) random.nextInt(9) - 4 : null,
        random.nextInt(4) == 0 ? (double) random.nextInt(9) - 4 : null);
  }

  private Expr aggregate(int depth) {
    var aggregator = any(List.of(Aggregator.values()));
    var parameter = aggregator.parameter();
    List<String> grouping = labels("g");
    return new Expr.Aggregate(
        aggregator,
        random.nextBoolean(),
        grouping,
        parameter == null ? null : ofType(parameter, depth - 1),
        vector(depth - 1),
        Span.NONE);
  }

  private Expr call(ValueType returns, int depth) {
    var function = any(FUNCTIONS.stream().filter(f -> f.returns() == returns).toList());
    int most = Math.min(function.maxArguments(), function.minArguments() + 2);
    int count = function.minArguments() + random.nextInt(most - function.minArguments() + 1);
    var arguments = new ArrayList<Expr>();
    for (int i = 0; i < count; i++) {
      arguments.add(ofType(function.argument(i), depth - 1));
    }
    return new Expr.Call(function, arguments, Span.NONE);
  }

  private Expr range(int depth) {
    if (depth == 0 || random.nextBoolean()) {
      return new Expr.RangeSelector(selector(true), positive(), Span.NONE);
    }
    return new Expr.Subquery(
        wrapped(vector(depth - 1), false),
        positive(),
        random.nextBoolean() ? positive() : null,
        shift(),
        Span.NONE);
  }

  private Expr.Selector selector(boolean shifted) {
    String name = random.nextInt(3) == 0 ? "" : any(List.of("up", "a:b", "sum", "offset"));
    var matchers = new ArrayList<Matcher>();
    if (name.isEmpty()) {
      matchers.add(Matcher.equal(Labels.METRIC_NAME, "x" + word()));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      matchers.add(
          new Matcher(
              any(List.of(Matcher.Type.values())), any(List.of("l", "ü.x", "by")), "v" + i));
    }
    if (!name.isEmpty()) {
      matchers.add(Matcher.equal(Labels.METRIC_NAME, name));
    }
    return new Expr.Selector(
        name,
        matchers,
        any(List.of(Expr.RangeMode.values())),
        shifted ? shift() : TimeShift.NONE,
        Span.NONE);
  }

  private TimeShift shift() {
    At at =
        switch (random.nextInt(6)) {
          case 0 -> new At.Start();
          case 1 -> new At.End();
          case 2 -> new At.Fixed(random.nextInt(2_000_000) - 1_000_000);
          default -> At.STEP;
        };
    return new TimeShift(at, random.nextInt(3) == 0 ? offset() : null);
  }

  private DurationExpr offset() {
    DurationExpr size = random.nextBoolean() ? literal(true) : parenthesized(2);
    return size instanceof DurationExpr.Paren && random.nextBoolean()
        ? new DurationExpr.Negation(size, Span.NONE)
        : size;
  }

  private DurationExpr positive() {
    return random.nextBoolean() ? literal(true) : duration(2);
  }

  private DurationExpr duration(int depth) {
    return switch (depth == 0 ? random.nextInt(3) : random.nextInt(6)) {
      case 0 -> new DurationExpr.Step(Span.NONE);
      case 1 -> new DurationExpr.Range(Span.NONE);
      case 2 -> parenthesized(0);
      case 3 -> new DurationExpr.MinOf(part(depth), part(depth), Span.NONE);
      case 4 -> new DurationExpr.MaxOf(part(depth), part(depth), Span.NONE);
      default ->
          new DurationExpr.Binary(
              any(List.of(DurationExpr.Operator.values())),
              operand(depth),
              operand(depth),
              Span.NONE);
    };
  }

  private DurationExpr part(int depth) {
    return random.nextBoolean() ? literal(random.nextBoolean()) : duration(depth - 1);
  }

  private DurationExpr operand(int depth) {
    DurationExpr operand = part(depth);
    return operand instanceof DurationExpr.Binary
        ? new DurationExpr.Paren(operand, Span.NONE)
        : operand;
  }

  private DurationExpr parenthesized(int depth) {
    DurationExpr inner = depth == 0 ? literal(random.nextBoolean()) : part(depth);
    return inner instanceof DurationExpr.Paren ? inner : new DurationExpr.Paren(inner, Span.NONE);
  }

  private DurationExpr literal(boolean asDuration) {
    return new DurationExpr.Literal(1 + random.nextInt(100_000), asDuration, Span.NONE);
  }

  /// What would fall apart beside an operator gets parentheses.
  private static Expr wrapped(Expr operand, boolean signed) {
    boolean loose =
        operand instanceof Expr.Binary
            || (operand instanceof Expr.Unary && !signed)
            || (operand instanceof Expr.NumberLiteral(double value, _, _) && (signed || value < 0));
    return loose ? new Expr.Paren(operand, Span.NONE) : operand;
  }

  private List<String> labels(String prefix) {
    var labels = new ArrayList<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      labels.add(prefix + (random.nextBoolean() ? "" : ".") + i);
    }
    return labels;
  }

  private String word() {
    return any(List.of("", "a", "a\"b", "a\\n", "line\nbreak", "ü😀", "\u0000\u007f"));
  }

  private <T> T any(Collection<T> choices) {
    return List.copyOf(choices).get(random.nextInt(choices.size()));
  }

  /// `expr` without spans, its matchers in one order, so that two readings can be compared.
  static Expr bare(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral(double value, boolean asDuration, _) ->
          new Expr.NumberLiteral(value, asDuration, Span.NONE);
      case Expr.StringLiteral(var value, _) -> new Expr.StringLiteral(value, Span.NONE);
      case Expr.Selector selector -> bare(selector);
      case Expr.RangeSelector(var selector, var range, _) ->
          new Expr.RangeSelector(bare(selector), bare(range), Span.NONE);
      case Expr.Subquery(var inner, var range, var step, var shift, _) ->
          new Expr.Subquery(
              bare(inner), bare(range), step == null ? null : bare(step), bare(shift), Span.NONE);
      case Expr.Aggregate(
              var aggregator,
              var without,
              var grouping,
              var parameter,
              var operand,
              _) ->
          new Expr.Aggregate(
              aggregator,
              without,
              grouping,
              parameter == null ? null : bare(parameter),
              bare(operand),
              Span.NONE);
      case Expr.Call(var function, var arguments, _) ->
          new Expr.Call(function, arguments.stream().map(RandomTrees::bare).toList(), Span.NONE);
      case Expr.Binary(var operator, var left, var right, var returnBool, var matching, _) ->
          new Expr.Binary(operator, bare(left), bare(right), returnBool, matching, Span.NONE);
      case Expr.Unary(boolean negative, var operand, _) ->
          new Expr.Unary(negative, bare(operand), Span.NONE);
      case Expr.Paren(var inner, _) -> new Expr.Paren(bare(inner), Span.NONE);
    };
  }

  private static Expr.Selector bare(Expr.Selector selector) {
    var matchers = new ArrayList<>(selector.matchers());
    matchers.sort((a, b) -> a.toString().compareTo(b.toString()));
    return new Expr.Selector(
        selector.name(), matchers, selector.mode(), bare(selector.shift()), Span.NONE);
  }

  private static TimeShift bare(TimeShift shift) {
    DurationExpr offset = shift.offset();
    return new TimeShift(shift.at(), offset == null ? null : bare(offset));
  }

  private static DurationExpr bare(DurationExpr duration) {
    return switch (duration) {
      case DurationExpr.Literal(double seconds, boolean asDuration, _) ->
          new DurationExpr.Literal(seconds, asDuration, Span.NONE);
      case DurationExpr.Step _ -> new DurationExpr.Step(Span.NONE);
      case DurationExpr.Range _ -> new DurationExpr.Range(Span.NONE);
      case DurationExpr.Negation(var operand, _) ->
          new DurationExpr.Negation(bare(operand), Span.NONE);
      case DurationExpr.Paren(var inner, _) -> new DurationExpr.Paren(bare(inner), Span.NONE);
      case DurationExpr.Binary(var operator, var left, var right, _) ->
          new DurationExpr.Binary(operator, bare(left), bare(right), Span.NONE);
      case DurationExpr.MinOf(var left, var right, _) ->
          new DurationExpr.MinOf(bare(left), bare(right), Span.NONE);
      case DurationExpr.MaxOf(var left, var right, _) ->
          new DurationExpr.MaxOf(bare(left), bare(right), Span.NONE);
    };
  }
}
