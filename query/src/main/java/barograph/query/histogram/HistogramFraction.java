package barograph.query.histogram;

/// The share of a histogram's observations that lie between two values, and whether NaNs, which lie
/// nowhere, are missing from it.
public record HistogramFraction(double value, boolean excludesNans) {

  public static HistogramFraction of(double lower, double upper, NativeHistogram histogram) {
    if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
      return new HistogramFraction(Double.NaN, false);
    }
    if (lower >= upper) {
      return new HistogramFraction(0, false);
    }
    double total = histogram.count();
    boolean excludesNans = false;
    if (Double.isNaN(histogram.sum())) {
      total = 0;
      for (var bucket : histogram.buckets()) {
        total += bucket.count();
      }
      excludesNans = total < histogram.count();
    }
    double share = (rank(upper, histogram, total) - rank(lower, histogram, total));
    return new HistogramFraction(share / histogram.count(), excludesNans);
  }

  /// How many observations lie below `value`, at most `total`.
  private static double rank(double value, NativeHistogram histogram, double total) {
    double below = 0;
    for (var whole : histogram.buckets()) {
      boolean zero = whole.lower() <= 0 && whole.upper() >= 0;
      var bucket = HistogramQuantile.ofOneSign(whole, histogram, zero);
      if (bucket.lower() >= value) {
        return Math.min(below, total);
      }
      if (bucket.upper() > value) {
        return Math.min(inside(bucket, value, below, histogram.isCustom() || zero), total);
      }
      below += bucket.count();
    }
    return total;
  }

  private static double inside(Bucket bucket, double value, double below, boolean linear) {
    if (linear && bucket.lower() == Double.NEGATIVE_INFINITY) {
      return bucket.count();
    }
    return below + bucket.count() * bucket.shareBelow(value, linear);
  }
}
