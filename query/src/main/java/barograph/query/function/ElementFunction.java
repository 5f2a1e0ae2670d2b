package barograph.query.function;

import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The functions that map each number of an instant vector to another.
public enum ElementFunction {
  ABS(Math::abs),
  CEIL(Math::ceil),
  FLOOR(Math::floor),
  EXP(Exponentials::exp),
  LN(Logarithms::ln),
  LOG2(Logarithms::log2),
  LOG10(Logarithms::log10),
  SQRT(Math::sqrt),
  SGN(Math::signum),
  SIN(Angles::sin),
  COS(Angles::cos),
  TAN(Angles::tan),
  ASIN(Arcs::asin),
  ACOS(Arcs::acos),
  ATAN(Arcs::atan),
  SINH(Exponentials::sinh),
  COSH(Exponentials::cosh),
  TANH(Exponentials::tanh),
  ASINH(Logarithms::asinh),
  ACOSH(Logarithms::acosh),
  ATANH(Logarithms::atanh),
  DEG(v -> v * 180 / Math.PI),
  RAD(v -> v * Math.PI / 180),
  MINUTE(v -> Calendar.minute(Calendar.seconds(v))),
  HOUR(v -> Calendar.hour(Calendar.seconds(v))),
  DAY_OF_WEEK(v -> Calendar.dayOfWeek(Calendar.seconds(v))),
  DAY_OF_MONTH(v -> Calendar.dayOfMonth(Calendar.seconds(v))),
  DAY_OF_YEAR(v -> Calendar.dayOfYear(Calendar.seconds(v))),
  DAYS_IN_MONTH(v -> Calendar.daysInMonth(Calendar.seconds(v))),
  MONTH(v -> Calendar.month(Calendar.seconds(v))),
  YEAR(v -> Calendar.year(Calendar.seconds(v)));

  private static final Map<String, ElementFunction> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(ElementFunction::symbol, Function.identity()));

  private final String symbol;

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
  private final DoubleUnaryOperator operator;

  ElementFunction(DoubleUnaryOperator operator) {
    this.symbol = name().toLowerCase(Locale.ROOT);
    this.operator = operator;
  }

  /// The function that PromQL calls `name`; null if it is none of these.
  public static @Nullable ElementFunction find(String name) {
    return BY_NAME.get(name);
  }

  /// As PromQL writes it.
  public String symbol() {
    return symbol;
  }

  /// Whether it takes a time apart, and so takes the evaluation's own time when it is given none.
  public boolean isCalendar() {
    return compareTo(MINUTE) >= 0;
  }

  public double apply(double value) {
    return operator.applyAsDouble(value);
  }

  /// `round` to a multiple of `to`, halves upwards.
  public static double round(double value, double to) {
    double inverse = 1 / to;
    return Math.floor(value * inverse + 0.5) / inverse;
  }
}
