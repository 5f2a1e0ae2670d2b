package barograph.query.histogram;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import org.jspecify.annotations.Nullable;

/// Makes stored histograms into values to compute with, one thread's.
///
/// Neighbours mostly have the same layout object: what is made of it is kept for the next.
public final class StoredHistograms {
  private @Nullable HistogramLayout layout;
  private NativeHistogram.Scale scale = new NativeHistogram.Scale(0, 0, NativeHistogram.NO_BOUNDS);
  private int[] positive = new int[0];
  private int[] negative = new int[0];

  /// The same numbers, counts as doubles.
  public NativeHistogram of(Histogram stored) {
    if (!stored.layout().equals(layout)) {
      remember(stored.layout());
    }
    return NativeHistogram.of(
        scale,
        stored.counterReset(),
        stored.zeroCount(),
        stored.count(),
        stored.sum(),
        side(stored, positive, 0),
        side(stored, negative, positive.length));
  }

  private void remember(HistogramLayout next) {
    var bounds =
        next.customBounds() == 0 ? NativeHistogram.NO_BOUNDS : new double[next.customBounds()];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = next.customBound(i);
    }
    scale = new NativeHistogram.Scale(next.schema(), next.zeroThreshold(), bounds);
    positive = next.positive().indices();
    negative = next.negative().indices();
    layout = next;
  }

  private static Buckets side(Histogram stored, int[] indices, int from) {
    if (indices.length == 0) {
      return Buckets.NONE;
    }
    var counts = new double[indices.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = stored.bucket(from + i);
    }
    return new Buckets(indices, counts);
  }

  /// The histogram as the store takes it.
  ///
  /// @throws IllegalArgumentException if it has what the store refuses, as a count below zero
  public static Histogram toStored(NativeHistogram histogram) {
    var above = histogram.positive();
    var below = histogram.negative();
    var layout =
        histogram.isCustom()
            ? HistogramLayout.custom(histogram.bounds(), spans(above))
            : HistogramLayout.standard(
                histogram.schema(), histogram.zeroThreshold(), spans(above), spans(below));
    var counts = new double[above.size() + below.size()];
    for (int i = 0; i < above.size(); i++) {
      counts[i] = above.count(i);
    }
    for (int i = 0; i < below.size(); i++) {
      counts[above.size() + i] = below.count(i);
    }
    return Histogram.ofFloats(
        layout,
        histogram.counterReset(),
        histogram.count(),
        histogram.zeroCount(),
        histogram.sum(),
        counts);
  }

  private static BucketSpans spans(Buckets side) {
    int spans = 0;
    for (int i = 0; i < side.size(); i++) {
      spans += i == 0 || side.index(i) != side.index(i - 1) + 1 ? 1 : 0;
    }
    var pairs = new int[2 * spans];
    int at = -2;
    for (int i = 0; i < side.size(); i++) {
      int gap = i == 0 ? side.index(0) : side.index(i) - side.index(i - 1) - 1;
      if (i == 0 || gap > 0) {
        at += 2;
        pairs[at] = gap;
      }
      pairs[at + 1]++;
    }
    return BucketSpans.of(pairs);
  }
}
