package barograph.storage.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One sample of a native histogram: how many observations fell into each bucket, and their sum.
///
/// There are two flavours that never turn into each other by themselves: with integer counts, exact
/// up to 63 bits, and with counts that are doubles. Counts are of each bucket alone, neither
/// cumulative nor told by differences. Equality is bit for bit, so that a NaN equals itself and
/// `-0.0` is not `0.0`.
///
/// A histogram whose sum is the stale marker says that its series has ended; see [#isStale()].
public final class Histogram {
  /// The marker that ends a series of histograms.
  public static final Histogram STALE =
      ofIntegers(HistogramLayout.EMPTY, CounterReset.UNKNOWN, 0, 0, Staleness.MARKER, new long[0]);

  private final HistogramLayout layout;
  private final CounterReset counterReset;
  private final boolean integer;
  private final double sum;

  /// The counts, or their bits as doubles.
  private final long count;

  private final long zeroCount;

  /// Of the positive buckets, then of the negative ones.
  private final long[] buckets;

  private Histogram(
      HistogramLayout layout,
      CounterReset counterReset,
      boolean integer,
      long count,
      long zeroCount,
      double sum,
      long[] buckets) {
    this.layout = layout;
    this.counterReset = counterReset;
    this.integer = integer;
    this.count = count;
    this.zeroCount = zeroCount;
    this.sum = sum;
    this.buckets = buckets;
  }

  /// A histogram with integer counts.
  ///
  /// @param buckets counts of the positive buckets, from the least index on, then of the negative
  ///   ones
  /// @throws IllegalArgumentException if there are not as many counts as the layout has buckets,
  ///   one is negative, a custom layout has a zero count, or the count is less than all the others
  ///   together; it may be more only if the sum is NaN, as NaNs are counted but fall into no bucket
  public static Histogram ofIntegers(
      HistogramLayout layout,
      CounterReset counterReset,
      long count,
      long zeroCount,
      double sum,
      long[] buckets) {
    requireLength(layout, buckets.length);
    requireNoNegative("zero count", (double) zeroCount);
    requireNoZeroCount(layout, zeroCount != 0);
    long total = zeroCount;
    for (long bucket : buckets) {
      requireNoNegative("bucket count", (double) bucket);
      total += bucket;
      requireNoNegative("sum of all counts", (double) total);
    }
    if (Double.isNaN(sum) ? total > count : total != count) {
      throw new IllegalArgumentException(
          "histogram with a count of %d, expected %d as its buckets have".formatted(count, total));
    }
    return new Histogram(layout, counterReset, true, count, zeroCount, sum, buckets.clone());
  }

  /// A histogram with counts that are doubles.
  ///
  /// @param buckets counts of the positive buckets, from the least index on, then of the negative
  ///   ones
  /// @throws IllegalArgumentException if there are not as many counts as the layout has buckets,
  ///   one is below zero, or a custom layout has a zero count
  public static Histogram ofFloats(
      HistogramLayout layout,
      CounterReset counterReset,
      double count,
      double zeroCount,
      double sum,
      double[] buckets) {
    requireLength(layout, buckets.length);
    requireNoNegative("count", count);
    requireNoNegative("zero count", zeroCount);
    requireNoZeroCount(layout, zeroCount != 0);
    var bits = new long[buckets.length];
    for (int i = 0; i < buckets.length; i++) {
      requireNoNegative("bucket count", buckets[i]);
      bits[i] = Double.doubleToRawLongBits(buckets[i]);
    }
    return new Histogram(
        layout,
        counterReset,
        false,
        Double.doubleToRawLongBits(count),
        Double.doubleToRawLongBits(zeroCount),
        sum,
        bits);
  }

  private static void requireLength(HistogramLayout layout, int buckets) {
    if (buckets != layout.buckets()) {
      throw new IllegalArgumentException(
          "histogram with %d bucket counts, expected %d as its spans say"
              .formatted(buckets, layout.buckets()));
    }
  }

  private static void requireNoNegative(String what, double number) {
    if (number < 0) {
      throw new IllegalArgumentException(
          "histogram with a %s of %s, expected none below 0".formatted(what, number));
    }
  }

  private static void requireNoZeroCount(HistogramLayout layout, boolean has) {
    if (has && layout.isCustom()) {
      throw new IllegalArgumentException(
          "histogram with custom bounds and a zero count, expected none");
    }
  }

  /// What this histogram was before its first observation.
  public Histogram withoutObservations() {
    return new Histogram(layout.withoutBuckets(), counterReset, integer, 0, 0, 0, new long[0]);
  }

  public HistogramLayout layout() {
    return layout;
  }

  public CounterReset counterReset() {
    return counterReset;
  }

  /// Whether the counts are integers; else they are doubles.
  public boolean isInteger() {
    return integer;
  }

  /// The sum of all observations.
  public double sum() {
    return sum;
  }

  /// How many observations there were, NaNs included.
  public double count() {
    return number(count);
  }

  /// How many observations lay within the zero threshold.
  public double zeroCount() {
    return number(zeroCount);
  }

  /// The count of the `index`th bucket: first the positive ones, then the negative ones.
  public double bucket(int index) {
    return number(buckets[index]);
  }

  private double number(long count) {
    return integer ? (double) count : Double.longBitsToDouble(count);
  }

  /// [#count()] exactly: the integer, or the bits of the double.
  public long rawCount() {
    return count;
  }

  /// [#zeroCount()] exactly: the integer, or the bits of the double.
  public long rawZeroCount() {
    return zeroCount;
  }

  /// [#bucket] exactly: the integer, or the bits of the double.
  public long rawBucket(int index) {
    return buckets[index];
  }

  /// How many buckets there are on both sides, the zero bucket not counted.
  public int buckets() {
    return buckets.length;
  }

  /// Whether it only says that its series has ended.
  public boolean isStale() {
    return Staleness.isMarker(sum);
  }

  /// The same histogram with another word on what came before it.
  public Histogram withCounterReset(CounterReset other) {
    return other == counterReset
        ? this
        : new Histogram(layout, other, integer, count, zeroCount, sum, buckets);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Histogram that
        && integer == that.integer
        && counterReset == that.counterReset
        && count == that.count
        && zeroCount == that.zeroCount
        && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(that.sum)
        && Arrays.equals(buckets, that.buckets)
        && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    int hash = 31 * Long.hashCode(count) + Long.hashCode(zeroCount);
    hash = 31 * hash + Long.hashCode(Double.doubleToRawLongBits(sum));
    return 31 * (31 * hash + Arrays.hashCode(buckets)) + layout.hashCode();
  }

  @Override
  public String toString() {
    var counts = new StringBuilder();
    for (int i = 0; i < buckets.length; i++) {
      counts.append(' ').append(integer ? Long.toString(buckets[i]) : Double.toString(bucket(i)));
    }
    return "{count %s sum %s (%016x) zero %s buckets%s; %s, %s%s}"
        .formatted(
            integer ? Long.toString(count) : Double.toString(count()),
            sum,
            Double.doubleToRawLongBits(sum),
            integer ? Long.toString(zeroCount) : Double.toString(zeroCount()),
            counts,
            layout,
            counterReset,
            integer ? "" : ", float");
  }
}
