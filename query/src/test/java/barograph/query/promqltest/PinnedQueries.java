package barograph.query.promqltest;

import barograph.query.ast.At;
import barograph.query.ast.Expr;
import barograph.query.ast.TimeShift;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A query with everything in it pinned to one time, so that it must answer the same at any other.
final class PinnedQueries {
  private static final Set<String> UNSAFE =
      Set.of(
          "days_in_month",
          "day_of_month",
          "day_of_week",
          "day_of_year",
          "hour",
          "minute",
          "month",
          "year",
          "predict_linear",
          "time",
          "timestamp",
          "start",
          "end",
          "step",
          "range");

  private PinnedQueries() {}

  /// `expr` pinned to a time; null if a function in it looks at the time by itself.
  static @Nullable Expr pin(Expr expr, long timeMillis) {
    return isSafe(expr) ? pinned(expr, timeMillis) : null;
  }

  private static boolean isSafe(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.Selector _, Expr.RangeSelector _ ->
          true;
      case Expr.Subquery subquery -> isSafe(subquery.inner());
      case Expr.Aggregate aggregate ->
          isSafe(aggregate.operand())
              && (aggregate.parameter() == null || isSafe(aggregate.parameter()));
      case Expr.Call call ->
          !UNSAFE.contains(call.function().name())
              && call.arguments().stream().allMatch(PinnedQueries::isSafe);
      case Expr.Binary binary -> isSafe(binary.left()) && isSafe(binary.right());
      case Expr.Unary unary -> isSafe(unary.operand());
      case Expr.Paren paren -> isSafe(paren.inner());
    };
  }

  private static Expr pinned(Expr expr, long time) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> expr;
      case Expr.Selector selector -> pinned(selector, time);
      case Expr.RangeSelector(var selector, var range, var span) ->
          new Expr.RangeSelector(pinned(selector, time), range, span);
      case Expr.Subquery(var inner, var range, var step, var shift, var span) ->
          new Expr.Subquery(inner, range, step, pinned(shift, time), span);
      case Expr.Aggregate(
              var aggregator,
              boolean without,
              var grouping,
              var parameter,
              var operand,
              var span) ->
          new Expr.Aggregate(
              aggregator,
              without,
              grouping,
              parameter == null ? null : pinned(parameter, time),
              pinned(operand, time),
              span);
      case Expr.Call(var function, var arguments, var span) ->
          new Expr.Call(function, arguments.stream().map(a -> pinned(a, time)).toList(), span);
      case Expr.Binary(var operator, var left, var right, boolean bool, var matching, var span) ->
          new Expr.Binary(operator, pinned(left, time), pinned(right, time), bool, matching, span);
      case Expr.Unary(boolean negative, var operand, var span) ->
          new Expr.Unary(negative, pinned(operand, time), span);
      case Expr.Paren(var inner, var span) -> new Expr.Paren(pinned(inner, time), span);
    };
  }

  private static Expr.Selector pinned(Expr.Selector selector, long time) {
    return new Expr.Selector(
        selector.name(),
        selector.matchers(),
        selector.mode(),
        pinned(selector.shift(), time),
        selector.span());
  }

  private static TimeShift pinned(TimeShift shift, long time) {
    return shift.at() instanceof At.Fixed ? shift : shift.withAt(new At.Fixed(time));
  }
}
