package barograph.query.ast;

import static barograph.query.ast.ValueType.INSTANT_VECTOR;
import static barograph.query.ast.ValueType.RANGE_VECTOR;
import static barograph.query.ast.ValueType.SCALAR;
import static barograph.query.ast.ValueType.STRING;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions of PromQL, 90 of them, 17 experimental.
public final class Functions {
  private static final Map<String, FunctionSignature> BY_NAME = new TreeMap<>();

  static {
    for (String math :
        List.of(
            "abs", "ceil", "exp", "floor", "ln", "log10", "log2", "sgn", "sqrt", "acos", "acosh",
            "asin", "asinh", "atan", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh", "deg",
            "rad")) {
      stable(math, INSTANT_VECTOR, INSTANT_VECTOR);
    }
    stable("round", 1, 2, INSTANT_VECTOR, INSTANT_VECTOR, SCALAR);
    stable("clamp", INSTANT_VECTOR, INSTANT_VECTOR, SCALAR, SCALAR);
    stable("clamp_max", INSTANT_VECTOR, INSTANT_VECTOR, SCALAR);
    stable("clamp_min", INSTANT_VECTOR, INSTANT_VECTOR, SCALAR);
    stable("pi", SCALAR);
    experimental("max_of", 2, 2, SCALAR, SCALAR, SCALAR);
    experimental("min_of", 2, 2, SCALAR, SCALAR, SCALAR);

    for (String calendar :
        List.of(
            "days_in_month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "hour",
            "minute",
            "month",
            "year")) {
      stable(calendar, 0, 1, INSTANT_VECTOR, INSTANT_VECTOR);
    }
    stable("time", SCALAR);
    stable("timestamp", INSTANT_VECTOR, INSTANT_VECTOR);
    experimental("start", 0, 0, SCALAR);
    experimental("end", 0, 0, SCALAR);
    experimental("range", 0, 0, SCALAR);
    experimental("step", 0, 0, SCALAR);
    experimental("start_timestamp", 1, 1, INSTANT_VECTOR, INSTANT_VECTOR);

    stable("absent", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("absent_over_time", INSTANT_VECTOR, RANGE_VECTOR);
    stable("scalar", SCALAR, INSTANT_VECTOR);
    stable("vector", INSTANT_VECTOR, SCALAR);
    stable("label_replace", INSTANT_VECTOR, INSTANT_VECTOR, STRING, STRING, STRING, STRING);
    stable(
        "label_join", 3, Integer.MAX_VALUE, INSTANT_VECTOR, INSTANT_VECTOR, STRING, STRING, STRING);
    stable("sort", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("sort_desc", INSTANT_VECTOR, INSTANT_VECTOR);
    experimental("sort_by_label", 1, Integer.MAX_VALUE, INSTANT_VECTOR, INSTANT_VECTOR, STRING);
    experimental(
        "sort_by_label_desc", 1, Integer.MAX_VALUE, INSTANT_VECTOR, INSTANT_VECTOR, STRING);
    experimental("info", 1, 2, INSTANT_VECTOR, INSTANT_VECTOR, INSTANT_VECTOR);

    for (String window :
        List.of(
            "avg_over_time",
            "changes",
            "count_over_time",
            "delta",
            "deriv",
            "first_over_time",
            "idelta",
            "increase",
            "irate",
            "last_over_time",
            "max_over_time",
            "min_over_time",
            "present_over_time",
            "rate",
            "resets",
            "stddev_over_time",
            "stdvar_over_time",
            "sum_over_time")) {
      stable(window, INSTANT_VECTOR, RANGE_VECTOR);
    }
    stable("predict_linear", INSTANT_VECTOR, RANGE_VECTOR, SCALAR);
    stable("quantile_over_time", INSTANT_VECTOR, SCALAR, RANGE_VECTOR);
    for (String window :
        List.of(
            "mad_over_time",
            "ts_of_first_over_time",
            "ts_of_last_over_time",
            "ts_of_max_over_time",
            "ts_of_min_over_time")) {
      experimental(window, 1, 1, INSTANT_VECTOR, RANGE_VECTOR);
    }
    experimental(
        "double_exponential_smoothing", 3, 3, INSTANT_VECTOR, RANGE_VECTOR, SCALAR, SCALAR);

    stable("histogram_avg", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("histogram_count", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("histogram_stddev", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("histogram_stdvar", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("histogram_sum", INSTANT_VECTOR, INSTANT_VECTOR);
    stable("histogram_fraction", INSTANT_VECTOR, SCALAR, SCALAR, INSTANT_VECTOR);
    stable("histogram_quantile", INSTANT_VECTOR, SCALAR, INSTANT_VECTOR);
    experimental("histogram_quantiles", 3, 12, INSTANT_VECTOR, INSTANT_VECTOR, STRING, SCALAR);
  }

  private Functions() {}

  /// The signature of `name`, which is case-sensitive; null without such a function.
  public static @Nullable FunctionSignature find(String name) {
    return BY_NAME.get(name);
  }

  /// All of them, by name.
  public static Collection<FunctionSignature> all() {
    return List.copyOf(BY_NAME.values());
  }

  private static void stable(String name, ValueType returns, ValueType... arguments) {
    stable(name, arguments.length, arguments.length, returns, arguments);
  }

  private static void stable(
      String name, int min, int max, ValueType returns, ValueType... arguments) {
    BY_NAME.put(name, new FunctionSignature(name, List.of(arguments), min, max, returns, false));
  }

  private static void experimental(
      String name, int min, int max, ValueType returns, ValueType... arguments) {
    BY_NAME.put(name, new FunctionSignature(name, List.of(arguments), min, max, returns, true));
  }
}
