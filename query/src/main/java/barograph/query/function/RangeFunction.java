package barograph.query.function;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The functions that take a range vector, by their PromQL names.
public enum RangeFunction {
  RATE(Counters.Rate::new),
  INCREASE(Counters.Increase::new),
  DELTA(Counters.Delta::new),
  IRATE(() -> Counters::irate),
  IDELTA(() -> Counters::idelta),
  CHANGES(Counters.Changes::new),
  RESETS(Counters.Resets::new),
  DERIV(Regression.Deriv::new),
  PREDICT_LINEAR(Regression.PredictLinear::new),
  DOUBLE_EXPONENTIAL_SMOOTHING(() -> Regression::smooth),
  SUM_OVER_TIME(() -> Moments::sum),
  AVG_OVER_TIME(() -> Moments::average),
  STDDEV_OVER_TIME(() -> Moments::standardDeviation),
  STDVAR_OVER_TIME(() -> Moments::variance),
  MIN_OVER_TIME(() -> new Extremes(false)),
  MAX_OVER_TIME(() -> new Extremes(true)),
  TS_OF_MIN_OVER_TIME(() -> w -> Extremes.lastTimeOf(w, false)),
  TS_OF_MAX_OVER_TIME(() -> w -> Extremes.lastTimeOf(w, true)),
  COUNT_OVER_TIME(() -> Window::countOfAll),
  PRESENT_OVER_TIME(() -> w -> 1),
  FIRST_OVER_TIME(() -> w -> w.values()[w.from()]),
  LAST_OVER_TIME(() -> w -> w.values()[w.to() - 1]),
  TS_OF_FIRST_OVER_TIME(() -> w -> w.times()[w.from()] / 1e3),
  TS_OF_LAST_OVER_TIME(() -> w -> w.times()[w.to() - 1] / 1e3),
  QUANTILE_OVER_TIME(Quantiles.OverTime::new),
  MAD_OVER_TIME(Quantiles.AbsoluteDeviation::new);

  private static final Map<String, RangeFunction> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(RangeFunction::symbol, Function.identity()));

  private final String symbol;

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
  private final Supplier<WindowFunction> fresh;

  RangeFunction(Supplier<WindowFunction> fresh) {
    this.symbol = name().toLowerCase(java.util.Locale.ROOT);
    this.fresh = fresh;
  }

  /// The function that PromQL calls `name`; null if none that is known here takes a range.
  public static @Nullable RangeFunction find(String name) {
    return BY_NAME.get(name);
  }

  /// As PromQL writes it.
  public String symbol() {
    return symbol;
  }

  /// Whether its results still are the metric that went in.
  public boolean keepsName() {
    return this == LAST_OVER_TIME || this == FIRST_OVER_TIME;
  }

  /// Whether it corrects counters for resets and so expects one.
  public boolean wantsCounter() {
    return this == RATE || this == INCREASE;
  }

  /// A new instance, for one thread.
  public WindowFunction fresh() {
    return fresh.get();
  }
}
