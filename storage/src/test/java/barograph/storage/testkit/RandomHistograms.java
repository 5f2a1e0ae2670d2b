package barograph.storage.testkit;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.Staleness;
import java.util.Random;

/// Native histograms as a series of them may come: mostly one counter that goes on, now and then
/// something else.
public final class RandomHistograms {
  private static final double[] ODD = {
    Staleness.MARKER,
    Double.longBitsToDouble(Staleness.NAN_BITS),
    Double.longBitsToDouble(0xfff800000000abcdL),
    Double.POSITIVE_INFINITY,
    0.0,
    -0.0,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    1e18,
    0.1 + 0.2
  };

  private final Random random;
  private HistogramLayout layout;
  private boolean integer;
  private long[] counts = new long[0];
  private long zeroCount;
  private double sum;

  public RandomHistograms(Random random) {
    this.random = random;
    this.layout = layout(random);
    this.integer = random.nextInt(3) > 0;
    begin();
  }

  private void begin() {
    counts = new long[layout.buckets()];
    zeroCount = 0;
    sum = 0;
  }

  /// The next histogram of the series.
  public Histogram next() {
    switch (random.nextInt(60)) {
      case 0 -> begin();
      case 1 -> {
        layout = layout(random);
        begin();
      }
      case 2 -> {
        integer = !integer;
        begin();
      }
      case 3 -> {
        return Histogram.STALE;
      }
      case 4 -> {
        return odd();
      }
      default -> {}
    }
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] += random.nextInt(4) == 0 ? random.nextInt(1 + i * 7) : 0;
      total += counts[i];
    }
    zeroCount += layout.isCustom() ? 0 : random.nextInt(2);
    total += zeroCount;
    sum += random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(5);
    CounterReset reset =
        random.nextInt(10) == 0 ? CounterReset.of(random.nextInt(4)) : CounterReset.NOT_RESET;
    if (integer) {
      return Histogram.ofIntegers(layout, reset, total, zeroCount, sum, counts);
    }
    var doubles = new double[counts.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = counts[i] / 4.0;
    }
    return Histogram.ofFloats(layout, reset, total / 4.0, zeroCount / 4.0, sum, doubles);
  }

  /// Numbers that no counter has, of either kind.
  private Histogram odd() {
    CounterReset reset = CounterReset.of(random.nextInt(4));
    if (random.nextBoolean()) {
      var huge = new long[layout.buckets()];
      long total = 0;
      for (int i = 0; i < huge.length; i++) {
        huge[i] = random.nextLong(1 + (Long.MAX_VALUE - total) / 2);
        total += huge[i];
      }
      long more = random.nextBoolean() ? 1 + random.nextLong(Long.MAX_VALUE - total) : 0;
      double nan = Double.longBitsToDouble(0x7ff8000000000000L | random.nextLong(1L << 51));
      return Histogram.ofIntegers(
          layout, reset, total + more, 0, more > 0 ? nan : random.nextGaussian(), huge);
    }
    var doubles = new double[layout.buckets()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] =
          random.nextBoolean() ? ODD[random.nextInt(ODD.length)] : Math.abs(random.nextGaussian());
    }
    return Histogram.ofFloats(
        layout,
        reset,
        ODD[random.nextInt(ODD.length)],
        layout.isCustom() ? -0.0 : ODD[random.nextInt(ODD.length)],
        Double.longBitsToDouble(random.nextLong()),
        doubles);
  }

  /// Any layout, of any schema.
  public static HistogramLayout layout(Random random) {
    if (random.nextInt(3) == 0) {
      var bounds = new double[random.nextInt(12)];
      double bound = random.nextInt(5) == 0 ? Double.NEGATIVE_INFINITY : -3;
      for (int i = 0; i < bounds.length; i++) {
        bounds[i] = bound;
        bound = bound == Double.NEGATIVE_INFINITY ? -1 : bound + 0.1 + random.nextDouble();
      }
      int from = random.nextInt(bounds.length + 1);
      return HistogramLayout.custom(
          bounds, BucketSpans.of(from, random.nextInt(bounds.length + 2 - from)));
    }
    int schema =
        HistogramLayout.MIN_SCHEMA
            + random.nextInt(HistogramLayout.MAX_SCHEMA - HistogramLayout.MIN_SCHEMA + 1);
    double threshold =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> -0.0;
          case 2 -> random.nextDouble();
          default -> 2.938735877055719e-39;
        };
    return HistogramLayout.standard(schema, threshold, spans(random), spans(random));
  }

  private static BucketSpans spans(Random random) {
    int[] pairs = new int[2 * random.nextInt(4)];
    for (int i = 0; i < pairs.length; i += 2) {
      pairs[i] = i == 0 ? random.nextInt(2000) - 1000 : random.nextInt(20);
      pairs[i + 1] = random.nextInt(9);
    }
    return BucketSpans.of(pairs);
  }
}
