package barograph.storage.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Everything about a native histogram but its numbers: which buckets it has and where they lie.
///
/// A series nearly always keeps its layout from sample to sample, so histograms that are read
/// together share one object, and whoever computes with many can look at it once.
public final class HistogramLayout {
  private static final double[] NO_BOUNDS = {};

  /// The coarsest standard schema: each bucket's bound is the 65,536-fold of the one before.
  public static final int MIN_SCHEMA = -4;

  /// The finest standard schema: 256 buckets from one power of two to the next.
  public static final int MAX_SCHEMA = 8;

  /// The schema of histograms whose bounds are given one by one.
  public static final int CUSTOM_BOUNDS = -53;

  /// Most buckets of a histogram: far more than a sensible one has, and little enough that any can
  /// be logged, sealed and allocated on a wrong number's word.
  public static final int MAX_BUCKETS = 1 << 16;

  /// What a histogram without any bucket has.
  public static final HistogramLayout EMPTY = standard(0, 0, BucketSpans.NONE, BucketSpans.NONE);

  private final int schema;
  private final double zeroThreshold;
  private final BucketSpans positive;
  private final BucketSpans negative;
  private final double[] bounds;

  private HistogramLayout(
      int schema,
      double zeroThreshold,
      BucketSpans positive,
      BucketSpans negative,
      double[] bounds) {
    this.schema = schema;
    this.zeroThreshold = zeroThreshold;
    this.positive = positive;
    this.negative = negative;
    this.bounds = bounds;
  }

  /// A layout with exponential bounds.
  ///
  /// @param zeroThreshold up to where, on both sides of zero, the zero bucket reaches
  /// @throws IllegalArgumentException if the schema is none of the standard ones, the threshold is
  ///   negative, infinite or NaN, or there are more than [#MAX_BUCKETS] buckets
  public static HistogramLayout standard(
      int schema, double zeroThreshold, BucketSpans positive, BucketSpans negative) {
    if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
      throw new IllegalArgumentException(
          "histogram schema %d, expected %d to %d, or %d with bounds of its own"
              .formatted(schema, MIN_SCHEMA, MAX_SCHEMA, CUSTOM_BOUNDS));
    }
    if (!(zeroThreshold >= 0 && zeroThreshold < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "zero threshold %s, expected 0 or more".formatted(zeroThreshold));
    }
    if (positive.buckets() + negative.buckets() > MAX_BUCKETS) {
      throw new IllegalArgumentException(
          "histogram with %d and %d buckets, expected at most %d together"
              .formatted(positive.buckets(), negative.buckets(), MAX_BUCKETS));
    }
    return new HistogramLayout(schema, zeroThreshold, positive, negative, NO_BOUNDS);
  }

  /// A layout with bounds of its own, as classic histograms have: bucket `i` holds what is above
  /// `bounds[i - 1]` and up to `bounds[i]`, the one behind the last bound everything above.
  ///
  /// @throws IllegalArgumentException if the bounds do not ascend, one is NaN or +Inf, or a bucket
  ///   lies outside of them
  public static HistogramLayout custom(double[] bounds, BucketSpans positive) {
    for (int i = 0; i < bounds.length; i++) {
      if (!(bounds[i] < Double.POSITIVE_INFINITY) || (i > 0 && bounds[i] <= bounds[i - 1])) {
        throw new IllegalArgumentException(
            "custom bound %d is %s, expected ascending numbers below +Inf".formatted(i, bounds[i]));
      }
    }
    if (bounds.length >= MAX_BUCKETS) {
      throw new IllegalArgumentException(
          "%d custom bounds, expected fewer than %d".formatted(bounds.length, MAX_BUCKETS));
    }
    if (positive.begin() < 0 || positive.end() > bounds.length + 1) {
      throw new IllegalArgumentException(
          "buckets %d to %d with %d custom bounds, expected none outside"
              .formatted(positive.begin(), positive.end(), bounds.length));
    }
    return new HistogramLayout(CUSTOM_BOUNDS, 0, positive, BucketSpans.NONE, bounds.clone());
  }

  /// The same without any bucket.
  HistogramLayout withoutBuckets() {
    return new HistogramLayout(schema, zeroThreshold, BucketSpans.NONE, BucketSpans.NONE, bounds);
  }

  public int schema() {
    return schema;
  }

  /// Whether the bounds are its own rather than a schema's.
  public boolean isCustom() {
    return schema == CUSTOM_BOUNDS;
  }

  public double zeroThreshold() {
    return zeroThreshold;
  }

  /// Buckets above zero; those of a custom layout too, whatever their bounds.
  public BucketSpans positive() {
    return positive;
  }

  /// Buckets below zero.
  public BucketSpans negative() {
    return negative;
  }

  /// Buckets of both sides, the zero bucket not counted.
  public int buckets() {
    return positive.buckets() + negative.buckets();
  }

  /// How many bounds of its own it has; 0 for a standard schema.
  public int customBounds() {
    return bounds.length;
  }

  public double customBound(int index) {
    return bounds[index];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || (other instanceof HistogramLayout that
            && schema == that.schema
            && Double.doubleToRawLongBits(zeroThreshold)
                == Double.doubleToRawLongBits(that.zeroThreshold)
            && positive.equals(that.positive)
            && negative.equals(that.negative)
            && Arrays.equals(bounds, that.bounds));
  }

  @Override
  public int hashCode() {
    int hash = 31 * schema + Double.hashCode(zeroThreshold);
    hash = 31 * (31 * hash + positive.hashCode()) + negative.hashCode();
    return 31 * hash + Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return isCustom()
        ? "schema %d bounds %s buckets %s".formatted(schema, Arrays.toString(bounds), positive)
        : "schema %d zero %s positive %s negative %s"
            .formatted(schema, zeroThreshold, positive, negative);
  }
}
