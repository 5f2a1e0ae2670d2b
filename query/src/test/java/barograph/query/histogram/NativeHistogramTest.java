package barograph.query.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import barograph.storage.model.CounterReset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeHistogramTest {
  private static NativeHistogram literal(String text) {
    return HistogramLiteral.parse(text).histogram();
  }

  private static NativeHistogram random(Random random, int schema, double zeroThreshold) {
    return NativeHistogram.of(
        new NativeHistogram.Scale(schema, zeroThreshold, NativeHistogram.NO_BOUNDS),
        CounterReset.UNKNOWN,
        random.nextInt(5),
        100 + random.nextInt(100),
        random.nextInt(1000),
        side(random, 1 + 4 * Math.max(0, schema)),
        side(random, 1 + 4 * Math.max(0, schema)));
  }

  private static Buckets side(Random random, int first) {
    var indices = new TreeSet<Integer>();
    for (int i = random.nextInt(8); i > 0; i--) {
      indices.add(first + random.nextInt(20));
    }
    var counts = new double[indices.size()];
    Arrays.setAll(counts, i -> random.nextInt(9));
    return new Buckets(indices.stream().mapToInt(Integer::intValue).toArray(), counts);
  }

  /// Counts by the upper bounds that they get in a coarser schema, added the plain way.
  private static Map<Double, Double> byBound(int schema, List<NativeHistogram> parts) {
    var counts = new TreeMap<Double, Double>();
    for (var part : parts) {
      for (int i = 0; i < part.positive().size(); i++) {
        double own = BucketBounds.upper(part.positive().index(i), part.schema());
        int index = -50;
        while (BucketBounds.upper(index, schema) < own) {
          index++;
        }
        double count = part.positive().count(i);
        if (count != 0) {
          counts.merge(BucketBounds.upper(index, schema), count, Double::sum);
        }
      }
    }
    return counts;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSumHoldsEveryCountInTheBucketThatItsBoundFallsInto(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int coarse = random.nextInt(4) - 1;
      int fine = coarse + random.nextInt(3);
      var a = random(random, fine, 0.5);
      var b = random(random, coarse, 0.5);
      var sum = a.plus(b, remark -> {}).compact();
      assertThat(sum.schema()).isEqualTo(coarse);
      assertThat(byBound(coarse, List.of(sum))).isEqualTo(byBound(coarse, List.of(a, b)));
      assertThat(sum.count()).isEqualTo(a.count() + b.count());
      assertThat(sum.minus(b, remark -> {}).compact()).isEqualTo(a.coarser(coarse).compact());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aCompensatedSumIsThePlainOneWhereNothingIsRoundedAway(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var parts = new ArrayList<NativeHistogram>();
      for (int i = 0; i < 6; i++) {
        parts.add(random(random, random.nextInt(3), 0.25 * (1 + random.nextInt(2))));
      }
      var plain = parts.getFirst();
      var sum = new HistogramSum(parts.getFirst());
      var mean = new HistogramMean(parts.getFirst());
      for (var part : parts.subList(1, parts.size())) {
        plain = plain.plus(part, remark -> {});
        sum.add(part, remark -> {});
        mean.add(part, remark -> {});
      }
      assertThat(sum.total().compact()).isEqualTo(plain.compact());
      assertThat(mean.total().count()).isCloseTo(plain.count() / 6, within(1e-9));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aWiderZeroBucketLosesNoObservation(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var histogram = random(random, random.nextInt(3), 0.5);
      var widened = histogram.withWiderZero(0.5 + random.nextDouble() * 200);
      assertThat(observations(widened)).isEqualTo(observations(histogram));
      for (var bucket : widened.buckets()) {
        boolean isZero = bucket.lower() == -widened.zeroThreshold();
        assertThat(isZero || Math.abs(bucket.lower() + bucket.upper()) > widened.zeroThreshold())
            .isTrue();
      }
    }
  }

  private static double observations(NativeHistogram histogram) {
    return Arrays.stream(histogram.buckets()).mapToDouble(Bucket::count).sum();
  }

  @Test
  void whatIsStoredComesBackAsItWas() {
    for (String text :
        List.of(
            "{{schema:2 count:9 sum:-3.5 z_bucket:2 z_bucket_w:0.01 offset:-3 buckets:[1 0 2]"
                + " n_offset:4 n_buckets:[4]}}",
            "{{schema:-53 count:6 sum:12 custom_values:[-1 2.5 10] buckets:[1 2 0 3]}}",
            "{{}}")) {
      var histogram = literal(text);
      assertThat(new StoredHistograms().of(StoredHistograms.toStored(histogram)))
          .isEqualTo(histogram);
    }
  }

  @Test
  void aResetIsSeenInAnyCountThatFell() {
    var before = literal("{{schema:0 count:7 sum:5 z_bucket:1 z_bucket_w:0.5 buckets:[0 2 4]}}");
    assertThat(literal("{{schema:0 count:7 z_bucket:1 z_bucket_w:0.5 buckets:[0 2 4]}}"))
        .matches(after -> !after.wasResetSince(before));
    for (String fell :
        List.of(
            "{{schema:0 count:6 z_bucket:1 z_bucket_w:0.5 buckets:[0 2 4]}}",
            "{{schema:0 count:9 z_bucket:0 z_bucket_w:0.5 buckets:[0 4 5]}}",
            "{{schema:0 count:9 z_bucket:1 z_bucket_w:0.5 buckets:[3 1 4]}}",
            "{{schema:0 count:9 z_bucket:1 z_bucket_w:0.5 buckets:[3 5]}}",
            "{{schema:1 count:9 z_bucket:1 z_bucket_w:0.5 buckets:[0 2 4]}}",
            "{{schema:0 count:9 z_bucket:1 z_bucket_w:0.25 buckets:[0 4 4]}}",
            "{{schema:-53 count:9 custom_values:[1 2] buckets:[1 4 4]}}")) {
      assertThat(literal(fell).wasResetSince(before)).as(fell).isTrue();
    }
  }

  @Test
  void onlyTheBoundsThatBothHaveAreLeftOfASum() {
    var remarks = new ArrayList<Remark>();
    var sum =
        literal("{{schema:-53 count:10 custom_values:[1 2 5] buckets:[1 2 3 4]}}")
            .plus(
                literal("{{schema:-53 count:3 custom_values:[2 4 5] buckets:[1 1 0 1]}}"),
                remarks::add);
    assertThat(remarks).containsExactly(Remark.BOUNDS_RECONCILED_IN_ADDITION);
    assertThat(sum.compact())
        .isEqualTo(literal("{{schema:-53 count:13 custom_values:[2 5] buckets:[4 4 5]}}"));
  }

  @Test
  void aHistogramCutInTwoHasAllItsObservationsInTheParts() {
    var histogram =
        literal(
            "{{schema:0 count:16 sum:9 z_bucket:3 z_bucket_w:0.1 buckets:[4 5] n_buckets:[4]}}");
    for (double at : new double[] {-2, -0.7, -0.05, 0, 0.07, 0.9, 1.3, 2, 9}) {
      var below = HistogramTrim.below(histogram, at);
      var above = HistogramTrim.above(histogram, at);
      assertThat(below.count() + above.count()).as("cut at %s", at).isCloseTo(16, within(1e-9));
    }
  }

  @Test
  void boundsAreThosePowersOfTwoThatEverybodyRoundsTheSameWay() {
    assertThat(BucketBounds.upper(1, 1)).isEqualTo(1.414213562373095);
    assertThat(BucketBounds.upper(-1, 0)).isEqualTo(0.5);
    assertThat(BucketBounds.upper(3, -1)).isEqualTo(64);
    assertThat(BucketBounds.upper(1024, 0)).isEqualTo(Double.MAX_VALUE);
    assertThat(BucketBounds.upper(1025, 0)).isEqualTo(Double.POSITIVE_INFINITY);
    for (int schema = -1; schema <= 8; schema++) {
      for (int i = -400; i < 400; i++) {
        assertThat(BucketBounds.upper(i, schema)).isLessThan(BucketBounds.upper(i + 1, schema));
      }
    }
  }
}
