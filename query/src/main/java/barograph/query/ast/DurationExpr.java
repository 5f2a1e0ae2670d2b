package barograph.query.ast;

import barograph.query.function.GoMath;

/// A length of time as a query writes it: in `[ ]`, after `offset`, with arithmetic on it.
///
/// It may speak of the query's own step and range, so it becomes milliseconds only when these are
/// known. The arithmetic is in seconds.
public sealed interface DurationExpr {
  /// What a duration may depend on: the step and the length of the query, 0 for an instant query.
  record Clock(long stepMillis, long rangeMillis) {
    /// Of an instant query.
    public static final Clock INSTANT = new Clock(0, 0);
  }

  /// How two durations combine.
  enum Operator {
    ADD("+", 1),
    SUBTRACT("-", 1),
    MULTIPLY("*", 2),
    DIVIDE("/", 2),
    MODULO("%", 2),
    POWER("^", 3);

    /// The precedence of the unary signs.
    public static final int UNARY_PRECEDENCE = 2;

    private final String symbol;
    private final int precedence;

    Operator(String symbol, int precedence) {
      this.symbol = symbol;
      this.precedence = precedence;
    }

    public String symbol() {
      return symbol;
    }

    /// A higher one binds tighter.
    public int precedence() {
      return precedence;
    }
  }

  /// Where it stands in the text.
  Span span();

  /// A number of seconds, or a duration such as `5m`.
  ///
  /// @param asDuration whether it was written with units
  record Literal(double seconds, boolean asDuration, Span span) implements DurationExpr {}

  /// `step()`.
  record Step(Span span) implements DurationExpr {}

  /// `range()`.
  record Range(Span span) implements DurationExpr {}

  /// `-x`; a leading `+` leaves no trace.
  record Negation(DurationExpr operand, Span span) implements DurationExpr {}

  /// `(x)`.
  record Paren(DurationExpr inner, Span span) implements DurationExpr {}

  /// `x + y` and so on.
  record Binary(Operator operator, DurationExpr left, DurationExpr right, Span span)
      implements DurationExpr {}

  /// `min_of(x, y)`.
  record MinOf(DurationExpr left, DurationExpr right, Span span) implements DurationExpr {}

  /// `max_of(x, y)`.
  record MaxOf(DurationExpr left, DurationExpr right, Span span) implements DurationExpr {}

  /// Whether neither the query's step nor its range matters.
  default boolean isConstant() {
    return switch (this) {
      case Literal _ -> true;
      case Step _, Range _ -> false;
      case Negation(var operand, _) -> operand.isConstant();
      case Paren(var inner, _) -> inner.isConstant();
      case Binary(_, var left, var right, _) -> left.isConstant() && right.isConstant();
      case MinOf(var left, var right, _) -> left.isConstant() && right.isConstant();
      case MaxOf(var left, var right, _) -> left.isConstant() && right.isConstant();
    };
  }

  /// The length in milliseconds, which may be negative.
  ///
  /// A literal is rounded to nanoseconds before its rest below a millisecond is cut off; of a
  /// computed value the rest is cut off at once.
  ///
  /// @throws PromqlException if it divides by zero, or is not a number that fits
  default long millis(Clock clock) {
    return switch (this) {
      case Literal(double seconds, _, _) -> Math.round(seconds * 1e9) / 1_000_000;
      case Negation(Literal(double seconds, _, _), _) -> -(Math.round(seconds * 1e9) / 1_000_000);
      case Step _, Range _, Negation _, Paren _, Binary _, MinOf _, MaxOf _ -> {
        double seconds = seconds(clock);
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
          throw PromqlException.plain("duration is NaN or infinite");
        }
        if (Math.abs(seconds) > Durations.MAX_MILLIS / 1e3) {
          throw PromqlException.plain("duration out of range");
        }
        yield (long) (seconds * 1e3);
      }
    };
  }

  /// The length in milliseconds of a range or a subquery's step, which must be more than nothing.
  ///
  /// @throws PromqlException as [#millis], and if it is not more than 0
  default long positiveMillis(Clock clock) {
    long millis = millis(clock);
    if (millis <= 0) {
      throw PromqlException.plain("duration must be greater than 0");
    }
    return millis;
  }

  /// The length in seconds, before any rounding.
  ///
  /// @throws PromqlException if it divides by zero
  default double seconds(Clock clock) {
    return switch (this) {
      case Literal(double seconds, _, _) -> seconds;
      case Step _ -> clock.stepMillis() / 1e3;
      case Range _ -> clock.rangeMillis() / 1e3;
      case Negation(var operand, _) -> -operand.seconds(clock);
      case Paren(var inner, _) -> inner.seconds(clock);
      case MinOf(var left, var right, _) -> Math.min(left.seconds(clock), right.seconds(clock));
      case MaxOf(var left, var right, _) -> Math.max(left.seconds(clock), right.seconds(clock));
      case Binary(var operator, var left, var right, _) -> {
        double a = left.seconds(clock);
        double b = right.seconds(clock);
        yield switch (operator) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          case DIVIDE -> {
            if (b == 0) {
              throw PromqlException.plain("division by zero");
            }
            yield a / b;
          }
          case MODULO -> {
            if (b == 0) {
              throw PromqlException.plain("modulo by zero");
            }
            yield a % b;
          }
          case POWER -> GoMath.pow(a, b);
        };
      }
    };
  }
}
