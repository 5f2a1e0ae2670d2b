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
  static final String BOUND = "le";
  static final String BUCKETS = "_bucket";

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
  ///
  /// First by metric; then each metric's series, whose pairs alone are unpacked at a time.
  int[] sorted() {
    var keys = new long[pairs.seriesCount()];
    var unpacked = new Unpacked(pairs);
    for (int i = 0; i < keys.length; i++) {
      unpacked.clear().add(i);
      keys[i] = (unpacked.metric(this, 0) + 1L) << 32 | i;
    }
    Arrays.sort(keys);
    var sorted = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = (int) keys[i];
    }
    for (int from = 0; from < keys.length; ) {
      int to = from;
      unpacked.clear();
      while (to < keys.length && keys[to] >>> 32 == keys[from] >>> 32) {
        unpacked.add(sorted[to++]);
      }
      sort(unpacked, sorted, from, to);
      from = to;
    }
    return sorted;
  }

  private void sort(Unpacked unpacked, int[] sorted, int from, int to) {
    var places = new int[to - from];
    Arrays.setAll(places, place -> place);
    boolean bucket = unpacked.isBucket(this, 0);
    IndexSort.sort(places, (a, b) -> compare(unpacked, a, b, bucket));
    var series = Arrays.copyOfRange(sorted, from, to);
    for (int i = 0; i < places.length; i++) {
      sorted[from + i] = series[places[i]];
    }
  }

  private int compare(Unpacked of, int a, int b, boolean bucket) {
    int order = 0;
    if (bucket) {
      order =
          compareWithoutBound(
              of.pairs, of.starts[a], of.starts[a + 1], of.pairs, of.starts[b], of.starts[b + 1]);
      order = order != 0 ? order : Double.compare(of.bound(this, a), of.bound(this, b));
    }
    return order != 0
        ? order
        : Arrays.compare(
            of.pairs, of.starts[a], of.starts[a + 1], of.pairs, of.starts[b], of.starts[b + 1]);
  }

  /// Whether two series with the first `aSize` and `bSize` of these pairs are buckets of the same
  /// histogram.
  boolean sameHistogram(int[] a, int aSize, int[] b, int bSize) {
    return isBucket(a, 0, aSize)
        && isBucket(b, 0, bSize)
        && place(a, 0, aSize, firstBound, bounds.length) >= 0
        && place(b, 0, bSize, firstBound, bounds.length) >= 0
        && compareWithoutBound(a, 0, aSize, b, 0, bSize) == 0;
  }

  private boolean isBucket(int[] of, int from, int to) {
    int metric = place(of, from, to, firstMetric, hasBuckets.length);
    return metric >= 0 && hasBuckets[metric];
  }

  /// Which of the `count` pairs from `first` on is among those from `from` to `to`, or -1.
  private static int place(int[] of, int from, int to, int first, int count) {
    for (int i = from; i < to; i++) {
      int place = of[i] - first;
      if (place >= 0 && place < count) {
        return place;
      }
    }
    return -1;
  }

  private boolean isBound(int pair) {
    return pair >= firstBound && pair < firstBound + bounds.length;
  }

  private int compareWithoutBound(int[] a, int aFrom, int aTo, int[] b, int bFrom, int bTo) {
    int i = aFrom;
    int j = bFrom;
    while (true) {
      i = i < aTo && isBound(a[i]) ? i + 1 : i;
      j = j < bTo && isBound(b[j]) ? j + 1 : j;
      if (i == aTo || j == bTo) {
        return Integer.compare(aTo - i, bTo - j);
      }
      int order = Integer.compare(a[i++], b[j++]);
      if (order != 0) {
        return order;
      }
    }
  }

  /// The pairs of a few series, one series behind the other.
  private static final class Unpacked {
    private final LabelPairs source;
    private int[] pairs = new int[1024];
    private int[] starts = new int[64];
    private int count;

    Unpacked(LabelPairs source) {
      this.source = source;
    }

    Unpacked clear() {
      count = 0;
      return this;
    }

    void add(int series) {
      int at = starts[count];
      int size = source.pairs(series, pairs, at);
      if (size < 0) {
        pairs = Arrays.copyOf(pairs, Math.max(at - size, at + (at >> 1)));
        size = source.pairs(series, pairs, at);
      }
      if (count + 2 > starts.length) {
        starts = Arrays.copyOf(starts, count + (count >> 1));
      }
      starts[++count] = at + size;
    }

    int metric(BlockOrder order, int place) {
      return BlockOrder.place(
          pairs, starts[place], starts[place + 1], order.firstMetric, order.hasBuckets.length);
    }

    boolean isBucket(BlockOrder order, int place) {
      return order.isBucket(pairs, starts[place], starts[place + 1]);
    }

    double bound(BlockOrder order, int place) {
      int found =
          BlockOrder.place(
              pairs, starts[place], starts[place + 1], order.firstBound, order.bounds.length);
      return found < 0 ? Double.NEGATIVE_INFINITY : order.bounds[found];
    }
  }

  static double bound(String text) {
    try {
      return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }
}
