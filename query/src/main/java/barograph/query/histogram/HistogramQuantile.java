package barograph.query.histogram;

import barograph.query.function.GoMath;

/// A quantile of a histogram, and what NaN observations did to it.
///
/// Within a bucket, observations are taken to lie evenly: on a logarithmic scale with a standard
/// schema, plainly in the zero bucket and between bounds of the histogram's own. Searched from the
/// nearer end, as the last bits of the answer depend on it.
public record HistogramQuantile(double value, NanEffect effect) {
  /// NaNs are counted but fall into no bucket, so that the sum is NaN and counts do not add up.
  public enum NanEffect {
    NONE,
    RESULT_IS_NAN,
    RESULT_IS_HIGHER
  }

  public static HistogramQuantile of(double q, NativeHistogram histogram) {
    if (q < 0) {
      return plain(Double.NEGATIVE_INFINITY);
    }
    if (q > 1) {
      return plain(Double.POSITIVE_INFINITY);
    }
    if (histogram.count() == 0 || Double.isNaN(q)) {
      return plain(Double.NaN);
    }
    boolean maybeNans = Double.isNaN(histogram.sum());
    boolean forwards = maybeNans || q < 0.5;
    double rank = (forwards ? q : 1 - q) * histogram.count();
    var buckets = histogram.buckets();
    var bucket = new Bucket(0, 0, false, false, 0);
    double count = 0;
    int next = 0;
    while (next < buckets.length) {
      bucket = buckets[forwards ? next : buckets.length - 1 - next];
      next++;
      if (bucket.count() != 0) {
        count += bucket.count();
        if (count >= rank) {
          break;
        }
      }
    }
    if (histogram.isCustom()) {
      if (bucket.lower() == Double.NEGATIVE_INFINITY) {
        if (bucket.upper() <= 0) {
          return plain(bucket.upper());
        }
        bucket = bucket.withLower(0);
      } else if (bucket.upper() == Double.POSITIVE_INFINITY) {
        return plain(bucket.lower());
      }
    } else {
      bucket = ofOneSign(bucket, histogram, bucket.lower() < 0 && bucket.upper() > 0);
    }
    count = Math.min(count, histogram.count());
    if (count < rank) {
      return maybeNans
          ? new HistogramQuantile(Double.NaN, NanEffect.RESULT_IS_NAN)
          : plain(bucket.upper());
    }
    double inside = forwards ? rank - (count - bucket.count()) : count - rank;
    double value = interpolated(bucket, inside / bucket.count(), histogram.isCustom());
    for (; maybeNans && next < buckets.length; next++) {
      count += buckets[next].count();
    }
    return maybeNans && count < histogram.count()
        ? new HistogramQuantile(value, NanEffect.RESULT_IS_HIGHER)
        : plain(value);
  }

  private static HistogramQuantile plain(double value) {
    return new HistogramQuantile(value, NanEffect.NONE);
  }

  /// The zero bucket, where there are buckets on one side of it alone, cut at zero.
  static Bucket ofOneSign(Bucket bucket, NativeHistogram histogram, boolean isZeroBucket) {
    if (!isZeroBucket) {
      return bucket;
    }
    boolean above = !histogram.positive().isEmpty();
    boolean below = !histogram.negative().isEmpty();
    if (above && !below) {
      return bucket.withLower(0);
    }
    return below && !above ? bucket.withUpper(0) : bucket;
  }

  private static double interpolated(Bucket bucket, double share, boolean custom) {
    double lower = bucket.lower();
    double upper = bucket.upper();
    if (custom || (lower <= 0 && upper >= 0)) {
      return lower + (upper - lower) * share;
    }
    double low = GoMath.log2(Math.abs(lower));
    double high = GoMath.log2(Math.abs(upper));
    return lower > 0
        ? GoMath.exp2(low + (high - low) * share)
        : -GoMath.exp2(high + (low - high) * (1 - share));
  }
}
