package barograph.server.api;

import barograph.query.ast.At;
import barograph.query.ast.DurationExpr;
import barograph.query.ast.Expr;
import barograph.query.ast.Expr.RangeMode;
import barograph.query.ast.FunctionSignature;
import barograph.query.ast.TimeShift;
import barograph.query.ast.ValueType;
import barograph.query.ast.VectorMatching;
import barograph.query.value.NumberText;
import barograph.storage.model.Matcher;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the tree of a query as Prometheus's tree view reads it.
///
/// Keys stand in alphabetical order. A duration that depends on the query's step or range has no
/// length of its own; it is 0 here and its expression stands beside it.
final class TreeJson {
  private final Json json;

  TreeJson(Json json) {
    this.json = json;
  }

  void expression(@Nullable Expr expr) {
    switch (expr) {
      case null -> json.nothing();
      case Expr.NumberLiteral(double value, boolean asDuration, _) -> number(value, asDuration);
      case Expr.StringLiteral(String value, _) ->
          json.beginObject().field("type", "stringLiteral").field("val", value).endObject();
      case Expr.Selector selector -> {
        json.beginObject();
        selector(selector, null);
        json.field("type", "vectorSelector").endObject();
      }
      case Expr.RangeSelector(var selector, var range, _) -> {
        json.beginObject();
        selector(selector, range);
        json.field("type", "matrixSelector").endObject();
      }
      case Expr.Subquery subquery -> subquery(subquery);
      case Expr.Aggregate aggregate -> aggregate(aggregate);
      case Expr.Call(var function, var arguments, _) -> call(function, arguments);
      case Expr.Unary(boolean negative, var operand, _) -> {
        json.beginObject().key("expr");
        expression(operand);
        json.field("op", negative ? "-" : "+").field("type", "unaryExpr").endObject();
      }
      case Expr.Paren(var inner, _) -> {
        json.beginObject().key("expr");
        expression(inner);
        json.field("type", "parenExpr").endObject();
      }
      case Expr.Binary binary -> chain(binary);
    }
  }

  /// A chain leans to the left and may be long: a loop, not a recursion.
  private void chain(Expr.Binary root) {
    var chain = new ArrayDeque<Expr.Binary>();
    Expr first = root;
    while (first instanceof Expr.Binary binary) {
      chain.push(binary);
      json.beginObject().field("bool", binary.returnBool()).key("lhs");
      first = binary.left();
    }
    expression(first);
    for (Expr.Binary binary : chain) {
      json.key("matching");
      matching(binary.matching());
      json.field("op", binary.operator().symbol()).key("rhs");
      expression(binary.right());
      json.field("type", "binaryExpr").endObject();
    }
  }

  private void matching(@Nullable VectorMatching matching) {
    if (matching == null) {
      json.nothing();
      return;
    }
    json.beginObject().field("card", matching.cardinality().documented()).key("fillValues");
    json.beginObject().key("lhs");
    fill(matching.fillLeft());
    json.key("rhs");
    fill(matching.fillRight());
    json.endObject();
    json.key("include").strings(matching.include());
    json.key("labels").strings(matching.labels());
    json.field("on", matching.on()).endObject();
  }

  private void fill(@Nullable Double value) {
    if (value == null) {
      json.nothing();
    } else if (Double.isFinite(value)) {
      json.decimal(value);
    } else {
      // JSON has no such numbers.
      json.string(NumberText.shortest(value));
    }
  }

  private void number(double value, boolean asDuration) {
    json.beginObject();
    if (asDuration) {
      json.field("duration", true);
    }
    json.field("type", "numberLiteral").field("val", NumberText.shortest(value)).endObject();
  }

  /// All of a selector's keys but its type.
  private void selector(Expr.Selector selector, @Nullable DurationExpr range) {
    json.field("anchored", selector.mode() == RangeMode.ANCHORED).key("matchers").beginArray();
    for (Matcher matcher : selector.matchers()) {
      json.beginObject()
          .field("name", matcher.name())
          .field("type", matcher.type().symbol())
          .field("value", matcher.value())
          .endObject();
    }
    json.endArray().field("name", selector.name());
    offset(selector.shift());
    if (range != null) {
      length("range", range);
    }
    json.field("smoothed", selector.mode() == RangeMode.SMOOTHED);
    at(selector.shift().at());
  }

  private void subquery(Expr.Subquery subquery) {
    json.beginObject().key("expr");
    expression(subquery.inner());
    offset(subquery.shift());
    length("range", subquery.range());
    at(subquery.shift().at());
    length("step", subquery.step());
    json.field("type", "subquery").endObject();
  }

  private void aggregate(Expr.Aggregate aggregate) {
    json.beginObject().key("expr");
    expression(aggregate.operand());
    json.key("grouping").strings(aggregate.grouping());
    json.field("op", aggregate.aggregator().symbol()).key("param");
    expression(aggregate.parameter());
    json.field("type", "aggregation").field("without", aggregate.without()).endObject();
  }

  private void call(FunctionSignature function, List<Expr> arguments) {
    json.beginObject().key("args").beginArray();
    arguments.forEach(this::expression);
    json.endArray().key("func").beginObject().key("argTypes").beginArray();
    function.arguments().forEach(type -> json.string(nameOf(type)));
    json.endArray()
        .field("name", function.name())
        .field("returnType", nameOf(function.returns()))
        .field("variadic", optionalArguments(function))
        .endObject();
    json.field("type", "call").endObject();
  }

  /// How many arguments may be left out; -1 if there may be any number of them.
  private static int optionalArguments(FunctionSignature function) {
    return function.maxArguments() == Integer.MAX_VALUE
        ? -1
        : function.maxArguments() - function.minArguments();
  }

  private static String nameOf(ValueType type) {
    return switch (type) {
      case SCALAR -> "scalar";
      case INSTANT_VECTOR -> "vector";
      case RANGE_VECTOR -> "matrix";
      case STRING -> "string";
    };
  }

  private void offset(TimeShift shift) {
    length("offset", shift.offset());
  }

  /// The keys `startOrEnd` and `timestamp`.
  private void at(At at) {
    json.key("startOrEnd");
    switch (at) {
      case At.Start _ -> json.string("start");
      case At.End _ -> json.string("end");
      case At.EachStep _, At.Fixed _ -> json.nothing();
    }
    json.key("timestamp");
    if (at instanceof At.Fixed(long millis)) {
      json.number(millis);
    } else {
      json.nothing();
    }
  }

  private void length(String name, @Nullable DurationExpr duration) {
    if (duration == null) {
      json.field(name, 0).key(name + "Expr").nothing();
      return;
    }
    json.field(name, duration.isConstant() ? duration.millis(DurationExpr.Clock.INSTANT) : 0);
    json.key(name + "Expr");
    switch (duration) {
      case DurationExpr.Literal _, DurationExpr.Negation(DurationExpr.Literal _, _) ->
          json.nothing();
      case DurationExpr.Step _,
          DurationExpr.Range _,
          DurationExpr.Negation _,
          DurationExpr.Paren _,
          DurationExpr.Binary _,
          DurationExpr.MinOf _,
          DurationExpr.MaxOf _ ->
          duration(duration);
    }
  }

  private void duration(DurationExpr duration) {
    switch (duration) {
      case DurationExpr.Literal(double seconds, boolean asDuration, _) ->
          number(seconds, asDuration);
      case DurationExpr.Step _ -> operation("step", null, null, false);
      case DurationExpr.Range _ -> operation("range", null, null, false);
      case DurationExpr.Negation(var operand, _) -> operation("-", null, operand, false);
      case DurationExpr.Paren(DurationExpr.Binary(var operator, var left, var right, _), _) ->
          operation(operator.symbol(), left, right, true);
      case DurationExpr.Paren(var inner, _) -> duration(inner);
      case DurationExpr.Binary(var operator, var left, var right, _) ->
          operation(operator.symbol(), left, right, false);
      case DurationExpr.MinOf(var left, var right, _) -> operation("min_of", left, right, false);
      case DurationExpr.MaxOf(var left, var right, _) -> operation("max_of", left, right, false);
    }
  }

  /// @param wrapped whether parentheses stand around it
  private void operation(
      String operator, @Nullable DurationExpr left, @Nullable DurationExpr right, boolean wrapped) {
    json.beginObject().key("lhs");
    side(left);
    json.field("op", operator).key("rhs");
    side(right);
    json.field("type", "durationExpr").field("wrapped", wrapped).endObject();
  }

  private void side(@Nullable DurationExpr side) {
    if (side == null) {
      json.nothing();
    } else {
      duration(side);
    }
  }
}
