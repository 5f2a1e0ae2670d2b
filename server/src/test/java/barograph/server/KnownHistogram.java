package barograph.server;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;

/// A native histogram of two buckets.
final class KnownHistogram {
  private KnownHistogram() {}

  /// @param buckets how many observations each has
  static Histogram of(long[] buckets, boolean integers, boolean gauge) {
    var layout = HistogramLayout.standard(3, 0.001, BucketSpans.of(1, 2), BucketSpans.NONE);
    var word = gauge ? CounterReset.GAUGE : CounterReset.UNKNOWN;
    long count = buckets[0] + buckets[1] + 1;
    double sum = buckets[0] * 1.1 + buckets[1] * 1.3;
    return integers
        ? Histogram.ofIntegers(layout, word, count, 1, sum, buckets)
        : Histogram.ofFloats(
            layout,
            word,
            count / 4.0,
            0.25,
            sum,
            new double[] {buckets[0] / 4.0, buckets[1] / 4.0});
  }
}
