package barograph.query.ast;

import barograph.storage.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed PromQL expression: immutable, and shared freely between threads.
///
/// A tree that the parser yields has passed its type checks. It is at most 250 levels deep, except
/// that a chain of binary operators, `a + b + c + …`, leans to the left and may have 10,000 of
/// them: who walks a tree follows [Binary#left] with a loop, as [#typeOf] does.
public sealed interface Expr {
  /// Where it stands in the text.
  Span span();

  /// A number.
  ///
  /// @param asDuration whether it was written as a duration, such as `5m`, and is in seconds
  record NumberLiteral(double value, boolean asDuration, Span span) implements Expr {}

  /// A quoted text, its escapes resolved.
  record StringLiteral(String value, Span span) implements Expr {}

  /// An instant vector selector, `name{label="value"} offset 5m`.
  ///
  /// @param name the metric name written before the braces or quoted inside, else empty; it also
  ///   stands among the matchers
  /// @param matchers all conditions on labels, including the one on `__name__`
  record Selector(String name, List<Matcher> matchers, RangeMode mode, TimeShift shift, Span span)
      implements Expr {
    public Selector {
      matchers = List.copyOf(matchers);
    }
  }

  /// A range vector selector, `name[5m]`; modifiers stand in its `selector`.
  record RangeSelector(Selector selector, DurationExpr range, Span span) implements Expr {}

  /// A range made by evaluating an instant vector, `inner[range:step]`.
  ///
  /// @param step null for the default
  record Subquery(
      Expr inner, DurationExpr range, @Nullable DurationExpr step, TimeShift shift, Span span)
      implements Expr {}

  /// A folding of groups of series, `sum by (job) (x)`.
  ///
  /// @param without whether `grouping` are the labels to drop, else the ones to keep
  /// @param parameter what stands before the vector, as in `topk(5, x)`; null without one
  record Aggregate(
      Aggregator aggregator,
      boolean without,
      List<String> grouping,
      @Nullable Expr parameter,
      Expr operand,
      Span span)
      implements Expr {
    public Aggregate {
      grouping = List.copyOf(grouping);
    }
  }

  /// A function call.
  record Call(FunctionSignature function, List<Expr> arguments, Span span) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /// Two expressions and an operator.
  ///
  /// @param returnBool whether a comparison answers 0 or 1 and does not filter
  /// @param matching how series find each other; null unless both sides are vectors
  record Binary(
      BinaryOperator operator,
      Expr left,
      Expr right,
      boolean returnBool,
      @Nullable VectorMatching matching,
      Span span)
      implements Expr {}

  /// A sign: `-x`, or `+x`, which changes nothing.
  record Unary(boolean negative, Expr operand, Span span) implements Expr {}

  /// `(x)`.
  record Paren(Expr inner, Span span) implements Expr {}

  /// What a selector does at the edges of its window.
  enum RangeMode {
    PLAIN,
    /// `anchored`: takes the last sample before the window in, and extrapolates nothing.
    ANCHORED,
    /// `smoothed`: interpolates at both edges.
    SMOOTHED
  }

  /// What `expr` yields.
  static ValueType typeOf(Expr expr) {
    Expr at = expr;
    while (true) {
      switch (at) {
        case NumberLiteral _ -> {
          return ValueType.SCALAR;
        }
        case StringLiteral _ -> {
          return ValueType.STRING;
        }
        case Selector _, Aggregate _ -> {
          return ValueType.INSTANT_VECTOR;
        }
        case RangeSelector _, Subquery _ -> {
          return ValueType.RANGE_VECTOR;
        }
        case Call(var function, _, _) -> {
          return function.returns();
        }
        case Unary(_, var operand, _) -> at = operand;
        case Paren(var inner, _) -> at = inner;
        case Binary(_, var left, var right, _, _, _) -> {
          if (typeOf(right) != ValueType.SCALAR) {
            return ValueType.INSTANT_VECTOR;
          }
          at = left;
        }
      }
    }
  }
}
