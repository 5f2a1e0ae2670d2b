package barograph.storage.block;

import barograph.storage.model.Labels;
import java.util.Arrays;

/// The order of series in a block: by metric name, then by the labels, where a histogram's bucket
/// bounds come last and count as numbers.
///
/// So a metric's series are neighbours and their numbers a run, and each bucket stands behind the
/// one below it, from which it differs least. Pairs are numbered in order of name and value, so
/// that numbers are compared here and no strings.
final class BlockOrder {
  private static final String BOUND = "le";
  private static final String BUCKETS = "_bucket";

  private final LabelPairs pairs;
  private final int firstMetric;
  private final boolean[] hasBuckets;
  private final int firstBound;
  private final double[] bounds;

  BlockOrder(LabelPairs pairs) {
    this.pairs = pairs;
    String[] metrics = pairs.values(Labels.METRIC_NAME);
    firstMetric = pairs.firstPair(Labels.METRIC_NAME);
    hasBuckets = new boolean[metrics.length];
    for (int i = 0; i < metrics.length; i++) {
      hasBuckets[i] = metrics[i].endsWith(BUCKETS);
    }
    String[] texts = pairs.values(BOUND);
    firstBound = pairs.firstPair(BOUND);
    bounds = new double[texts.length];
    for (int i = 0; i < texts.length; i++) {
      bounds[i] = bound(texts[i]);
    }
  }

  /// The series, by the order in which they came in, as the block has them.
  int[] sorted() {
    var order = new Integer[pairs.seriesCount()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Arrays.sort(order, this::compare);
    var sorted = new int[order.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = order[i];
    }
    return sorted;
  }

  /// Whether two series are buckets of the same histogram.
  boolean sameHistogram(int a, int b) {
    return isBucket(a)
        && isBucket(b)
        && place(a, firstBound, bounds.length) >= 0
        && place(b, firstBound, bounds.length) >= 0
        && compareWithoutBound(a, b) == 0;
  }

  private int compare(int a, int b) {
    int order =
        Integer.compare(
            place(a, firstMetric, hasBuckets.length), place(b, firstMetric, hasBuckets.length));
    if (order == 0 && isBucket(a)) {
      order = compareWithoutBound(a, b);
      order = order != 0 ? order : Double.compare(bound(a), bound(b));
    }
    return order != 0 ? order : comparePairs(a, b);
  }

  private boolean isBucket(int series) {
    int metric = place(series, firstMetric, hasBuckets.length);
    return metric >= 0 && hasBuckets[metric];
  }

  private double bound(int series) {
    int place = place(series, firstBound, bounds.length);
    return place < 0 ? Double.NEGATIVE_INFINITY : bounds[place];
  }

  /// Which of the `count` pairs from `first` on the series has, or -1.
  private int place(int series, int first, int count) {
    for (int i = pairs.start(series); i < pairs.end(series); i++) {
      int place = pairs.pair(i) - first;
      if (place >= 0 && place < count) {
        return place;
      }
    }
    return -1;
  }

  private boolean isBound(int pair) {
    return pair >= firstBound && pair < firstBound + bounds.length;
  }

  private int comparePairs(int a, int b) {
    int i = pairs.start(a);
    int j = pairs.start(b);
    while (i < pairs.end(a) && j < pairs.end(b)) {
      int order = Integer.compare(pairs.pair(i++), pairs.pair(j++));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(pairs.end(a) - i, pairs.end(b) - j);
  }

  private int compareWithoutBound(int a, int b) {
    int i = pairs.start(a);
    int j = pairs.start(b);
    while (true) {
      i = i < pairs.end(a) && isBound(pairs.pair(i)) ? i + 1 : i;
      j = j < pairs.end(b) && isBound(pairs.pair(j)) ? j + 1 : j;
      if (i == pairs.end(a) || j == pairs.end(b)) {
        return Integer.compare(pairs.end(a) - i, pairs.end(b) - j);
      }
      int order = Integer.compare(pairs.pair(i++), pairs.pair(j++));
      if (order != 0) {
        return order;
      }
    }
  }

  private static double bound(String text) {
    try {
      return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }
}
