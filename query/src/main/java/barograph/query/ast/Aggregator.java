package barograph.query.ast;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An operation that folds the series of a group.
public enum Aggregator {
  SUM,
  AVG,
  COUNT,
  MIN,
  MAX,
  GROUP,
  STDDEV,
  STDVAR,
  TOPK(ValueType.SCALAR),
  BOTTOMK(ValueType.SCALAR),
  COUNT_VALUES(ValueType.STRING),
  QUANTILE(ValueType.SCALAR),
  LIMITK(ValueType.SCALAR),
  LIMIT_RATIO(ValueType.SCALAR);

  private final @Nullable ValueType parameter;

  Aggregator() {
    this.parameter = null;
  }

  Aggregator(ValueType parameter) {
    this.parameter = parameter;
  }

  /// As PromQL writes it.
  public String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The type of the parameter that comes before the vector; null without one.
  public @Nullable ValueType parameter() {
    return parameter;
  }

  /// Whether it needs the feature `promql-experimental-functions`.
  public boolean isExperimental() {
    return this == LIMITK || this == LIMIT_RATIO;
  }
}
