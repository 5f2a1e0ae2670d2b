package barograph.query.histogram;

import barograph.query.function.Neumaier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The functions that make a number of each histogram, by their PromQL names.
public enum HistogramStatistic {
  HISTOGRAM_COUNT(NativeHistogram::count),
  HISTOGRAM_SUM(NativeHistogram::sum),
  HISTOGRAM_AVG(h -> h.sum() / h.count()),
  HISTOGRAM_STDDEV(h -> Math.sqrt(variance(h))),
  HISTOGRAM_STDVAR(HistogramStatistic::variance);

  private static final Map<String, HistogramStatistic> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(s -> s.name().toLowerCase(Locale.ROOT), Function.identity()));

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
  private final ToDoubleFunction<NativeHistogram> statistic;

  HistogramStatistic(ToDoubleFunction<NativeHistogram> statistic) {
    this.statistic = statistic;
  }

  /// The function that PromQL calls `name`; null if it is none of these.
  public static @Nullable HistogramStatistic find(String name) {
    return BY_NAME.get(name);
  }

  public double of(NativeHistogram histogram) {
    return statistic.applyAsDouble(histogram);
  }

  /// As if all observations of a bucket had its middle as value: the geometric one, but zero in the
  /// zero bucket and the arithmetic one between bounds of the histogram's own.
  private static double variance(NativeHistogram histogram) {
    double mean = histogram.sum() / histogram.count();
    double squares = 0;
    double lost = 0;
    for (var bucket : histogram.buckets()) {
      if (bucket.count() == 0) {
        continue;
      }
      double distance = middle(bucket, histogram.isCustom()) - mean;
      double part = bucket.count() * distance * distance;
      double total = squares + part;
      lost = Neumaier.compensation(part, squares, total, lost);
      squares = total;
    }
    return (squares + lost) / histogram.count();
  }

  private static double middle(Bucket bucket, boolean custom) {
    if (custom) {
      return (bucket.upper() + bucket.lower()) / 2;
    }
    if (bucket.lower() <= 0 && bucket.upper() >= 0) {
      return 0;
    }
    double middle = Math.sqrt(bucket.upper() * bucket.lower());
    return bucket.upper() < 0 ? -middle : middle;
  }
}
