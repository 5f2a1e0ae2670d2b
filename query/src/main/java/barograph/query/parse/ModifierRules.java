package barograph.query.parse;

import barograph.query.ast.At;
import barograph.query.ast.DurationExpr;
import barograph.query.ast.Expr;
import barograph.query.ast.Expr.RangeMode;
import barograph.query.ast.Features;
import barograph.query.ast.Span;
import barograph.query.ast.TimeShift;
import barograph.query.parse.Promql.AtContext;
import barograph.query.parse.Promql.EdgesContext;
import barograph.query.parse.Promql.OffsetContext;
import barograph.query.parse.Promql.PostfixContext;
import barograph.query.parse.Promql.RangeContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What may stand behind an expression (`[5m]`, `offset`, `@`, `anchored`), and behind which one.
final class ModifierRules {
  private final SourceText source;
  private final Features features;
  private final DurationBuilder durations;

  ModifierRules(SourceText source, Features features, DurationBuilder durations) {
    this.source = source;
    this.features = features;
    this.durations = durations;
  }

  /// `expr` with `modifier` behind it.
  Expr apply(Expr expr, PostfixContext modifier) {
    return switch (modifier) {
      case RangeContext range -> range.COLON() == null ? range(expr, range) : subquery(expr, range);
      case OffsetContext offset -> offset(expr, offset);
      case AtContext at -> at(expr, at);
      case EdgesContext edges -> edges(expr, edges);
      default -> throw new AssertionError(modifier);
    };
  }

  private Expr range(Expr expr, RangeContext context) {
    DurationExpr range = durations.positive(context.duration(0));
    Span brackets = source.span(context);
    if (!(expr instanceof Expr.Selector selector)) {
      throw source.complaint(brackets, "ranges only allowed for vector selectors");
    }
    if (selector.shift().offset() != null) {
      throw source.complaint(brackets, "no offset modifiers allowed before range");
    }
    if (!selector.shift().at().equals(At.STEP)) {
      throw source.complaint(brackets, "no @ modifiers allowed before range");
    }
    return new Expr.RangeSelector(selector, range, expr.span().to(brackets));
  }

  private Expr subquery(Expr expr, RangeContext context) {
    DurationExpr range = durations.positive(context.duration(0));
    DurationExpr step =
        context.duration().size() > 1 ? durations.positive(context.duration(1)) : null;
    return new Expr.Subquery(
        expr, range, step, TimeShift.NONE, expr.span().to(source.span(context)));
  }

  private Expr offset(Expr expr, OffsetContext context) {
    DurationExpr offset = durations.offset(context.offsetDuration());
    TimeShift shift = shiftOf(expr);
    if (shift == null) {
      throw source.complaint(
          expr.span(),
          "offset modifier must be preceded by an instant vector selector or range vector"
              + " selector or a subquery");
    }
    if (shift.offset() != null) {
      throw source.complaint(expr.span(), "offset may not be set multiple times");
    }
    return shifted(
        expr, before -> offset == null ? before : before.withOffset(offset), source.span(context));
  }

  private Expr at(Expr expr, AtContext context) {
    At at;
    if (context.START() != null) {
      at = new At.Start();
    } else if (context.END() != null) {
      at = new At.End();
    } else {
      double seconds = durations.value(context.number());
      if (context.sign() != null && context.sign().SUBTRACT() != null) {
        seconds = -seconds;
      }
      if (!(Math.abs(seconds) < 0x1p63)) {
        throw source.complaint(
            expr.span(), "timestamp out of bounds for @ modifier: " + fixed(seconds));
      }
      double millis = seconds * 1e3;
      at = new At.Fixed((long) (millis < 0 ? -Math.floor(0.5 - millis) : Math.floor(millis + 0.5)));
    }
    TimeShift shift = shiftOf(expr);
    if (shift == null) {
      throw source.complaint(
          expr.span(),
          "@ modifier must be preceded by an instant vector selector or range vector selector"
              + " or a subquery");
    }
    if (!shift.at().equals(At.STEP)) {
      throw source.complaint(expr.span(), "@ <timestamp> may not be set multiple times");
    }
    return shifted(expr, before -> before.withAt(at), source.span(context));
  }

  private Expr edges(Expr expr, EdgesContext context) {
    boolean anchored = context.ANCHORED() != null;
    String word = anchored ? "anchored" : "smoothed";
    var mode = anchored ? RangeMode.ANCHORED : RangeMode.SMOOTHED;
    if (!features.extendedRangeSelectors()) {
      throw source.complaint(expr.span(), word + " modifier is experimental and not enabled");
    }
    Span span = expr.span().to(source.span(context));
    return switch (expr) {
      case Expr.Selector selector -> withMode(selector, mode, span);
      case Expr.RangeSelector(var selector, var range, _) ->
          new Expr.RangeSelector(withMode(selector, mode, selector.span()), range, span);
      case Expr.Subquery _ ->
          throw source.complaint(expr.span(), word + " modifier is not supported for subqueries");
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Binary _,
          Expr.Unary _,
          Expr.Paren _ ->
          throw source.complaint(expr.span(), word + " modifier not implemented");
    };
  }

  private Expr.Selector withMode(Expr.Selector selector, RangeMode mode, Span span) {
    if (selector.mode() != RangeMode.PLAIN && selector.mode() != mode) {
      throw source.complaint(
          selector.span(), "anchored and smoothed modifiers cannot be used together");
    }
    return new Expr.Selector(selector.name(), selector.matchers(), mode, selector.shift(), span);
  }

  /// The modifiers that `expr` has; null if it cannot have any.
  private static @Nullable TimeShift shiftOf(Expr expr) {
    return switch (expr) {
      case Expr.Selector selector -> selector.shift();
      case Expr.RangeSelector range -> range.selector().shift();
      case Expr.Subquery subquery -> subquery.shift();
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Binary _,
          Expr.Unary _,
          Expr.Paren _ ->
          null;
    };
  }

  private static Expr shifted(Expr expr, UnaryOperator<TimeShift> change, Span modifier) {
    Span span = expr.span().to(modifier);
    return switch (expr) {
      case Expr.Selector selector -> shifted(selector, change, span);
      case Expr.RangeSelector(var selector, var range, _) ->
          new Expr.RangeSelector(shifted(selector, change, selector.span()), range, span);
      case Expr.Subquery(var inner, var range, var step, var shift, _) ->
          new Expr.Subquery(inner, range, step, change.apply(shift), span);
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Binary _,
          Expr.Unary _,
          Expr.Paren _ ->
          throw new AssertionError(expr);
    };
  }

  private static Expr.Selector shifted(
      Expr.Selector selector, UnaryOperator<TimeShift> change, Span span) {
    return new Expr.Selector(
        selector.name(),
        selector.matchers(),
        selector.mode(),
        change.apply(selector.shift()),
        span);
  }

  /// As C's `%f`.
  private static String fixed(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
  }
}
