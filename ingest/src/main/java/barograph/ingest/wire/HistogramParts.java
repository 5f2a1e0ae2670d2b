package barograph.ingest.wire;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import java.util.Arrays;

/// A native histogram while it is being read, field by field and in any order; what the formats
/// that carry such histograms have in common. Reused; one thread at a time.
public final class HistogramParts {
  private static final int FINEST_ON_WIRE = 52;

  private final BucketRow positive = new BucketRow();
  private final BucketRow negative = new BucketRow();
  private boolean floats;
  private boolean differences;
  private long count;
  private double floatCount;
  private long zeroCount;
  private double floatZeroCount;
  private double sum;
  private int schema;
  private double zeroThreshold;
  private CounterReset counterReset = CounterReset.UNKNOWN;
  private double[] bounds = new double[16];
  private int boundCount;

  /// Forgets what was read.
  public void clear() {
    positive.clear();
    negative.clear();
    floats = false;
    differences = false;
    count = 0;
    floatCount = 0;
    zeroCount = 0;
    floatZeroCount = 0;
    sum = 0;
    schema = 0;
    zeroThreshold = 0;
    counterReset = CounterReset.UNKNOWN;
    boundCount = 0;
  }

  public void count(long observations) {
    count = observations;
  }

  /// The count of a histogram whose counts are doubles.
  public void floatCount(double observations) {
    floatCount = observations;
    floats = true;
  }

  public void zeroCount(long observations) {
    zeroCount = observations;
  }

  public void floatZeroCount(double observations) {
    floatZeroCount = observations;
    floats = true;
  }

  public void sum(double total) {
    sum = total;
  }

  public void schema(long number) {
    schema = Math.toIntExact(Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  public void zeroThreshold(double threshold) {
    zeroThreshold = threshold;
  }

  public void counterReset(CounterReset word) {
    counterReset = word;
  }

  public void addBound(double bound) {
    if (boundCount == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * boundCount);
    }
    bounds[boundCount++] = bound;
  }

  public void addSpan(boolean below, long offset, long length) {
    if (length < 0 || length > HistogramLayout.MAX_BUCKETS || offset != (int) offset) {
      throw new IllegalArgumentException(
          "histogram span with offset %d and length %d".formatted(offset, length));
    }
    row(below).addSpan((int) offset, (int) length);
  }

  /// An integer count, told by its difference to the one before.
  public void addDelta(boolean below, long delta) {
    row(below).addDelta(delta);
    differences = true;
  }

  public void addCount(boolean below, long observations) {
    row(below).addCount(observations);
  }

  public void addFloatCount(boolean below, double observations) {
    row(below).addCount(Double.doubleToRawLongBits(observations));
  }

  private BucketRow row(boolean below) {
    return below ? negative : positive;
  }

  /// Whether there is anything that only a native histogram has.
  public boolean isNative() {
    return positive.hasSpans()
        || negative.hasSpans()
        || zeroThreshold > 0
        || zeroCount > 0
        || floatZeroCount > 0;
  }

  public double sum() {
    return sum;
  }

  /// The number of observations, whichever kind of count it is.
  public double observations() {
    return floats && floatCount > 0 ? floatCount : (double) count;
  }

  /// The histogram, as fine as the store keeps any.
  ///
  /// @throws IllegalArgumentException if the parts contradict each other
  public Histogram build() {
    return build(0, HistogramLayout.MAX_SCHEMA);
  }

  /// The histogram, made coarser until it has few enough buckets.
  ///
  /// @param mostBuckets 0 for any number
  /// @param finestSchema the finest schema that is wanted
  /// @throws IllegalArgumentException if the parts contradict each other, or there are too many
  ///   buckets however coarse they are
  public Histogram build(int mostBuckets, int finestSchema) {
    if (floats && differences) {
      throw new IllegalArgumentException("histogram with counts both as integers and as doubles");
    }
    if (schema == HistogramLayout.CUSTOM_BOUNDS) {
      requireFew(mostBuckets);
      return built(HistogramLayout.custom(Arrays.copyOf(bounds, boundCount), positive.spans()));
    }
    int finest = Math.min(finestSchema, HistogramLayout.MAX_SCHEMA);
    if (schema > finest && schema <= FINEST_ON_WIRE) {
      coarsen(schema - finest);
    }
    while (mostBuckets > 0 && buckets() > mostBuckets && schema > HistogramLayout.MIN_SCHEMA) {
      coarsen(1);
    }
    requireFew(mostBuckets);
    return built(
        HistogramLayout.standard(schema, zeroThreshold, positive.spans(), negative.spans()));
  }

  private int buckets() {
    return positive.size() + negative.size();
  }

  private void requireFew(int mostBuckets) {
    if (mostBuckets > 0 && buckets() > mostBuckets) {
      throw new IllegalArgumentException("histogram bucket limit exceeded");
    }
  }

  private void coarsen(int steps) {
    positive.coarsen(Math.min(steps, Integer.SIZE - 1), !floats);
    negative.coarsen(Math.min(steps, Integer.SIZE - 1), !floats);
    schema -= steps;
  }

  private Histogram built(HistogramLayout layout) {
    var counts = new long[buckets()];
    positive.copyCounts(counts, 0);
    negative.copyCounts(counts, positive.size());
    if (!layout.negative().equals(BucketSpans.NONE)
        && layout.positive().buckets() != positive.size()) {
      throw new IllegalArgumentException(
          "histogram with %d counts above zero, expected %d as its spans say"
              .formatted(positive.size(), layout.positive().buckets()));
    }
    if (!floats) {
      return Histogram.ofIntegers(layout, counterReset, count, zeroCount, sum, counts);
    }
    var numbers = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      numbers[i] = Double.longBitsToDouble(counts[i]);
    }
    return Histogram.ofFloats(layout, counterReset, floatCount, floatZeroCount, sum, numbers);
  }
}
