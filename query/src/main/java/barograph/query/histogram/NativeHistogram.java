package barograph.query.histogram;

import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A native histogram as a value that can be computed with: all counts are doubles and may be
/// negative, infinite or NaN, as differences and quotients are.
///
/// Immutable, and shared freely between series, steps and threads. A histogram has either a
/// standard schema, with a zero bucket and buckets on both sides, or bounds of its own ("custom"),
/// with buckets on one side alone; the two kinds cannot be added.
public final class NativeHistogram {
  private static final int OBJECT_BYTES = 112;
  private static final int BYTES_PER_BUCKET = 8;
  static final double[] NO_BOUNDS = {};

  private final int schema;
  private final double[] bounds;
  private final CounterReset counterReset;
  private final double zeroThreshold;
  private final double zeroCount;
  private final double count;
  private final double sum;
  private final Buckets positive;
  private final Buckets negative;

  private NativeHistogram(
      Scale scale,
      CounterReset counterReset,
      double zeroCount,
      double count,
      double sum,
      Buckets positive,
      Buckets negative) {
    this.schema = scale.schema;
    this.bounds = scale.bounds;
    this.zeroThreshold = scale.zeroThreshold;
    this.counterReset = counterReset;
    this.zeroCount = zeroCount;
    this.count = count;
    this.sum = sum;
    this.positive = positive;
    this.negative = negative;
  }

  /// Where the buckets lie.
  record Scale(int schema, double zeroThreshold, double[] bounds) {}

  static NativeHistogram of(
      Scale scale,
      CounterReset counterReset,
      double zeroCount,
      double count,
      double sum,
      Buckets positive,
      Buckets negative) {
    return new NativeHistogram(scale, counterReset, zeroCount, count, sum, positive, negative);
  }

  Scale scale() {
    return new Scale(schema, zeroThreshold, bounds);
  }

  private NativeHistogram with(double newZero, double newCount, double newSum, Buckets... sides) {
    return new NativeHistogram(
        scale(), counterReset, newZero, newCount, newSum, sides[0], sides[1]);
  }

  /// A histogram of this one's layout, in which nothing was observed.
  public NativeHistogram emptied() {
    return new NativeHistogram(
        new Scale(schema, 0, bounds), CounterReset.UNKNOWN, 0, 0, 0, Buckets.NONE, Buckets.NONE);
  }

  /// Only count, sum and schema of it.
  public NativeHistogram withoutBuckets() {
    return new NativeHistogram(
        new Scale(schema, 0, NO_BOUNDS), counterReset, 0, count, sum, Buckets.NONE, Buckets.NONE);
  }

  public int schema() {
    return schema;
  }

  /// Whether the bounds are its own.
  public boolean isCustom() {
    return schema == HistogramLayout.CUSTOM_BOUNDS;
  }

  /// What it says of its relation to the sample before.
  public CounterReset counterReset() {
    return counterReset;
  }

  public boolean isGauge() {
    return counterReset == CounterReset.GAUGE;
  }

  /// Up to where, on both sides of zero, the zero bucket reaches.
  public double zeroThreshold() {
    return zeroThreshold;
  }

  public double zeroCount() {
    return zeroCount;
  }

  /// How many observations there were.
  public double count() {
    return count;
  }

  /// The sum of all observations.
  public double sum() {
    return sum;
  }

  double[] bounds() {
    return bounds;
  }

  /// The bounds of its own, ascending; none with a standard schema.
  public double[] customBounds() {
    return bounds.clone();
  }

  Buckets positive() {
    return positive;
  }

  Buckets negative() {
    return negative;
  }

  /// About how many bytes of memory it takes.
  public long bytes() {
    return OBJECT_BYTES + (long) BYTES_PER_BUCKET * (positive.size() + negative.size());
  }

  public NativeHistogram withCounterReset(CounterReset other) {
    return other == counterReset
        ? this
        : new NativeHistogram(scale(), other, zeroCount, count, sum, positive, negative);
  }

  /// Every number of it times `factor`; a negative one makes it a gauge.
  public NativeHistogram times(double factor) {
    var scaled =
        with(
            zeroCount * factor,
            count * factor,
            sum * factor,
            positive.map(c -> c * factor),
            negative.map(c -> c * factor));
    return factor < 0 ? scaled.withCounterReset(CounterReset.GAUGE) : scaled;
  }

  /// Every number of it divided; by zero, no bucket is left.
  public NativeHistogram dividedBy(double divisor) {
    boolean byZero = divisor == 0;
    var quotient =
        with(
            zeroCount / divisor,
            count / divisor,
            sum / divisor,
            byZero ? Buckets.NONE : positive.map(c -> c / divisor),
            byZero ? Buckets.NONE : negative.map(c -> c / divisor));
    return divisor < 0 ? quotient.withCounterReset(CounterReset.GAUGE) : quotient;
  }

  /// Whether the two can be added: both have bounds of their own, or neither has.
  public boolean canJoin(NativeHistogram other) {
    return isCustom() == other.isCustom();
  }

  /// The sum of both, in the finest layout that both can be brought to.
  ///
  /// @param remarks is told of [Remark#RESETS_CONFLICT_IN_ADDITION] and
  ///   [Remark#BOUNDS_RECONCILED_IN_ADDITION]
  /// @throws IllegalArgumentException if they cannot join
  public NativeHistogram plus(NativeHistogram other, Consumer<Remark> remarks) {
    return combined(other, 1, remarks);
  }

  /// What is left of this one without the other; see [#plus]. It says of itself what a sum would:
  /// whoever shows it makes it a gauge.
  public NativeHistogram minus(NativeHistogram other, Consumer<Remark> remarks) {
    return combined(other, -1, remarks);
  }

  private NativeHistogram combined(NativeHistogram other, double sign, Consumer<Remark> remarks) {
    if (!canJoin(other)) {
      throw new IllegalArgumentException(
          "histograms of schemas %d and %d cannot be added".formatted(schema, other.schema));
    }
    boolean adding = sign > 0;
    var hint = joinedReset(counterReset, other.counterReset);
    if (resetsConflict(counterReset, other.counterReset)) {
      remarks.accept(
          adding ? Remark.RESETS_CONFLICT_IN_ADDITION : Remark.RESETS_CONFLICT_IN_SUBTRACTION);
    }
    var left = this;
    var right = other;
    if (isCustom()) {
      if (!Arrays.equals(bounds, other.bounds)) {
        remarks.accept(
            adding
                ? Remark.BOUNDS_RECONCILED_IN_ADDITION
                : Remark.BOUNDS_RECONCILED_IN_SUBTRACTION);
        double[] common = commonBounds(bounds, other.bounds);
        left = left.withBounds(common);
        right = right.withBounds(common);
      }
    } else {
      while (left.zeroThreshold != right.zeroThreshold) {
        if (left.zeroThreshold > right.zeroThreshold) {
          right = right.withWiderZero(left.zeroThreshold);
        } else {
          left = left.withWiderZero(right.zeroThreshold);
        }
      }
      int coarsest = Math.min(schema, other.schema);
      left = left.coarser(coarsest);
      right = right.coarser(coarsest);
    }
    return new NativeHistogram(
        left.scale(),
        hint,
        left.zeroCount + sign * right.zeroCount,
        count + sign * other.count,
        sum + sign * other.sum,
        left.positive.plus(right.positive, sign),
        left.negative.plus(right.negative, sign));
  }

  /// What a sum says when its parts say `a` and `b`: a gauge makes a gauge, and who knows nothing
  /// or is contradicted leaves nothing known.
  static CounterReset joinedReset(CounterReset a, CounterReset b) {
    if (a == b) {
      return a;
    }
    return a == CounterReset.GAUGE || b == CounterReset.GAUGE
        ? CounterReset.GAUGE
        : CounterReset.UNKNOWN;
  }

  private static boolean resetsConflict(CounterReset a, CounterReset b) {
    return (a == CounterReset.RESET && b == CounterReset.NOT_RESET)
        || (a == CounterReset.NOT_RESET && b == CounterReset.RESET);
  }

  /// The bounds that are in both, which both have in ascending order.
  static double[] commonBounds(double[] a, double[] b) {
    var common = new double[Math.min(a.length, b.length)];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      if (a[i] == b[j]) {
        common[size++] = a[i];
      }
      boolean forwardA = a[i] <= b[j];
      boolean forwardB = b[j] <= a[i];
      i += forwardA ? 1 : 0;
      j += forwardB ? 1 : 0;
    }
    return Arrays.copyOf(common, size);
  }

  /// The same observations with only some of its bounds.
  NativeHistogram withBounds(double[] kept) {
    return new NativeHistogram(
        new Scale(schema, zeroThreshold, kept),
        counterReset,
        zeroCount,
        count,
        sum,
        positive.within(bounds, kept),
        Buckets.NONE);
  }

  /// The same observations in the buckets of a coarser schema.
  public NativeHistogram coarser(int coarserSchema) {
    int steps = schema - coarserSchema;
    return steps == 0
        ? this
        : new NativeHistogram(
            new Scale(coarserSchema, zeroThreshold, bounds),
            counterReset,
            zeroCount,
            count,
            sum,
            positive.coarser(steps),
            negative.coarser(steps));
  }

  /// The same observations with a zero bucket that reaches up to `threshold`, or up to the end of
  /// the bucket with observations that it would cut through.
  NativeHistogram withWiderZero(double threshold) {
    double reach = threshold;
    while (true) {
      int fromPositive = buckets(positive, reach);
      int fromNegative = buckets(negative, reach);
      double further = Math.max(end(positive, fromPositive, reach), reach);
      further = Math.max(end(negative, fromNegative, reach), further);
      if (further == reach) {
        double zero = zeroCount;
        for (int i = 0; i < fromPositive; i++) {
          zero += positive.count(i);
        }
        for (int i = 0; i < fromNegative; i++) {
          zero += negative.count(i);
        }
        return new NativeHistogram(
            new Scale(schema, reach, bounds),
            counterReset,
            zero,
            count,
            sum,
            positive.from(fromPositive),
            negative.from(fromNegative));
      }
      reach = further;
    }
  }

  /// How many of the first buckets begin below `reach`.
  private int buckets(Buckets side, double reach) {
    int inside = 0;
    while (inside < side.size() && BucketBounds.upper(side.index(inside) - 1, schema) < reach) {
      inside++;
    }
    return inside;
  }

  /// Where the last of the first `inside` buckets that has observations ends, if it is the last.
  private double end(Buckets side, int inside, double reach) {
    return inside > 0 && side.count(inside - 1) != 0
        ? BucketBounds.upper(side.index(inside - 1), schema)
        : reach;
  }

  /// Without buckets that nothing fell into.
  public NativeHistogram compact() {
    var above = positive.compact();
    var below = negative.compact();
    return above == positive && below == negative
        ? this
        : with(zeroCount, count, sum, above, below);
  }

  /// Whether buckets and zero bucket lie where the other's do.
  public boolean hasScaleOf(NativeHistogram other) {
    return schema == other.schema
        && zeroThreshold == other.zeroThreshold
        && Arrays.equals(bounds, other.bounds);
  }

  /// Whether counting began anew between `before` and this one: as it says itself, or else because
  /// something is smaller than it was.
  public boolean wasResetSince(NativeHistogram before) {
    return switch (counterReset) {
      case RESET -> true;
      case NOT_RESET -> false;
      case UNKNOWN, GAUGE -> fellSince(before);
    };
  }

  private boolean fellSince(NativeHistogram before) {
    if (count < before.count) {
      return true;
    }
    if (isCustom()) {
      if (!before.isCustom()) {
        return true;
      }
      if (!Arrays.equals(bounds, before.bounds)) {
        double[] common = commonBounds(bounds, before.bounds);
        return positive
            .within(bounds, common)
            .fellSince(before.positive.within(before.bounds, common));
      }
      return positive.fellSince(before.positive);
    }
    if (schema > before.schema || zeroThreshold < before.zeroThreshold) {
      return true;
    }
    var widened =
        zeroThreshold == before.zeroThreshold ? before : before.withWiderZero(zeroThreshold);
    if (widened.zeroThreshold != zeroThreshold || zeroCount < widened.zeroCount) {
      return true;
    }
    var coarse = widened.coarser(schema);
    return positive.fellSince(coarse.positive) || negative.fellSince(coarse.negative);
  }

  /// Whether one of its numbers has left the range of doubles.
  boolean hasInfinite() {
    return Double.isInfinite(zeroCount)
        || Double.isInfinite(count)
        || Double.isInfinite(sum)
        || positive.hasInfinite()
        || negative.hasInfinite();
  }

  /// The buckets from the lowest to the highest, the zero bucket in its place if it has
  /// observations; the others also without.
  public Bucket[] buckets() {
    boolean zero = zeroCount > 0;
    var all = new Bucket[negative.size() + positive.size() + (zero ? 1 : 0)];
    int at = 0;
    for (int i = negative.size() - 1; i >= 0; i--) {
      all[at++] = negativeBucket(i);
    }
    if (zero) {
      all[at++] = zeroBucket();
    }
    for (int i = 0; i < positive.size(); i++) {
      all[at++] = positiveBucket(i);
    }
    return all;
  }

  private Bucket zeroBucket() {
    return new Bucket(-zeroThreshold, zeroThreshold, true, true, zeroCount);
  }

  private Bucket positiveBucket(int place) {
    int index = positive.index(place);
    double count = positive.count(place);
    if (isCustom()) {
      return new Bucket(bound(index - 1), bound(index), index == 0, true, count);
    }
    double lower = BucketBounds.upper(index - 1, schema);
    double upper = BucketBounds.upper(index, schema);
    return new Bucket(Math.max(lower, zeroThreshold), upper, false, true, count);
  }

  private Bucket negativeBucket(int place) {
    int index = negative.index(place);
    double lower = -BucketBounds.upper(index, schema);
    double upper = -BucketBounds.upper(index - 1, schema);
    return new Bucket(lower, Math.min(upper, -zeroThreshold), true, false, negative.count(place));
  }

  private double bound(int index) {
    if (index < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return index < bounds.length ? bounds[index] : Double.POSITIVE_INFINITY;
  }

  /// Whether all numbers are the same bit by bit and lie in the same buckets; what is said of
  /// resets does not count.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NativeHistogram that
        && schema == that.schema
        && bits(count) == bits(that.count)
        && bits(sum) == bits(that.sum)
        && zeroThreshold == that.zeroThreshold
        && bits(zeroCount) == bits(that.zeroCount)
        && Arrays.equals(bounds, that.bounds)
        && negative.isSame(that.negative)
        && positive.isSame(that.positive);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * schema + Double.hashCode(count)) + Double.hashCode(sum);
  }

  @Override
  public String toString() {
    return "{schema %d count %s sum %s zero %s up to %s positive %s negative %s%s %s}"
        .formatted(
            schema,
            count,
            sum,
            zeroCount,
            zeroThreshold,
            positive,
            negative,
            isCustom() ? " bounds " + Arrays.toString(bounds) : "",
            counterReset);
  }
}
