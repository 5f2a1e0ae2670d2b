package barograph.query;

import barograph.query.ast.Aggregator;
import barograph.query.ast.At;
import barograph.query.ast.BinaryOperator;
import barograph.query.ast.DurationExpr;
import barograph.query.ast.Expr;
import barograph.query.ast.TimeShift;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.Set;

/// How far behind a step the samples lie that its value is made of, where they are all that it is
/// made of: then a step, once computed, stays the same as long as these samples do.
///
/// There are queries of which that cannot be said: what speaks of a fixed time (`@`) or of the
/// query's own range, looks ahead of the step, or may fail for what other steps have.
final class Reach {
  /// Of a query whose steps cannot be told apart.
  static final long NONE = -1;

  /// What looks at more than the step and its samples.
  private static final Set<String> FUNCTIONS = Set.of("info", "start", "end", "range", "step");

  private final long lookbackMillis;
  private final long subqueryStepMillis;

  private Reach(long lookbackMillis, long subqueryStepMillis) {
    this.lookbackMillis = lookbackMillis;
    this.subqueryStepMillis = subqueryStepMillis;
  }

  /// In milliseconds; [#NONE] if steps do not stand for themselves.
  static long of(Expr expr, long lookbackMillis, long subqueryStepMillis) {
    return new Reach(lookbackMillis, subqueryStepMillis).of(expr);
  }

  private long of(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> 0;
      case Expr.Selector selector -> shifted(ofSource(selector, lookbackMillis), selector.shift());
      case Expr.RangeSelector(var selector, var range, _) ->
          shifted(ofSource(selector, millis(range)), selector.shift());
      case Expr.Subquery(var inner, var range, var step, var shift, _) -> {
        long each = step == null ? subqueryStepMillis : millis(step);
        yield shifted(sum(sum(of(inner), millis(range)), each), shift);
      }
      case Expr.Aggregate aggregate ->
          aggregate.aggregator() == Aggregator.LIMITK
                  || aggregate.aggregator() == Aggregator.LIMIT_RATIO
              ? NONE
              : further(
                  aggregate.parameter() == null ? 0 : of(aggregate.parameter()),
                  of(aggregate.operand()));
      case Expr.Call(var function, var arguments, _) -> {
        long reach = FUNCTIONS.contains(function.name()) ? NONE : 0;
        for (Expr argument : arguments) {
          reach = further(reach, of(argument));
        }
        yield reach;
      }
      // Two metrics side by side may become one series, which is an error even at different steps.
      case Expr.Binary(var operator, var left, var right, _, _, _) ->
          operator == BinaryOperator.OR ? NONE : further(of(left), of(right));
      case Expr.Unary(_, var operand, _) -> of(operand);
      case Expr.Paren(var inner, _) -> of(inner);
    };
  }

  private static long ofSource(Expr.Selector selector, long millis) {
    boolean oneName =
        selector.matchers().stream()
            .anyMatch(matcher ->
                matcher.type() == Matcher.Type.EQUAL && matcher.name().equals(Labels.METRIC_NAME));
    return oneName && selector.mode() == Expr.RangeMode.PLAIN ? millis : NONE;
  }

  private static long shifted(long reach, TimeShift shift) {
    if (!At.STEP.equals(shift.at())) {
      return NONE;
    }
    return shift.offset() == null ? reach : sum(reach, millis(shift.offset()));
  }

  /// Of a length of time that is always the same; [#NONE] for others, and for negative ones.
  private static long millis(DurationExpr duration) {
    return duration.isConstant()
        ? Math.max(NONE, duration.millis(DurationExpr.Clock.INSTANT))
        : NONE;
  }

  private static long sum(long one, long other) {
    return one == NONE || other == NONE ? NONE : one + other;
  }

  private static long further(long one, long other) {
    return one == NONE || other == NONE ? NONE : Math.max(one, other);
  }
}
