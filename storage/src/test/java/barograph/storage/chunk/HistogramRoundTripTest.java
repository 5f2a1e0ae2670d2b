package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.RandomHistograms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramRoundTripTest {
  private final ByteSink sink = new ByteSink();
  private final HistogramDecoder decoder = new HistogramDecoder();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyHistogramComesBackBitForBit(long seed) {
    var random = new Random(seed);
    var fast = new HistogramEncoder(false);
    var dense = new HistogramEncoder(true);
    for (int round = 0; round < 60; round++) {
      HistogramColumns histograms = series(random, 1 + random.nextInt(300));
      sink.clear();
      (round % 2 == 0 ? fast : dense).encode(histograms, 0, histograms.size(), sink);
      assertThat(decode(sink.toByteArray(), histograms.size(), TimeRange.ALL))
          .isEqualTo(told(histograms, TimeRange.ALL));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void onlyWhatLiesInTheRangeIsAdded(long seed) {
    var random = new Random(seed);
    HistogramColumns histograms = series(random, 200);
    new HistogramEncoder(false).encode(histograms, 0, 200, sink);
    for (int round = 0; round < 50; round++) {
      long from = histograms.timestamps()[random.nextInt(200)] - random.nextInt(2);
      var range = new TimeRange(from, from + random.nextInt(1_000_000));
      assertThat(decode(sink.toByteArray(), 200, range)).isEqualTo(told(histograms, range));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void rowsToldByTheOneBeforeComeBackBitForBit(long seed) {
    var random = new Random(seed);
    var source = new RandomHistograms(random);
    var written = new ArrayList<Histogram>();
    Histogram before = null;
    for (int i = 0; i < 2_000; i++) {
      Histogram next = source.next();
      HistogramRow.write(next, before, sink);
      written.add(next);
      before = next;
    }
    var cursor = new ByteCursor().reset(sink.array(), 0, sink.size());
    before = null;
    for (Histogram expected : written) {
      before = HistogramRow.read(cursor, before);
      assertThat(before).isEqualTo(expected);
    }
    assertThat(cursor.remaining()).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreRefusedOrReadButNeverMore(long seed) {
    var random = new Random(seed);
    HistogramColumns histograms = series(random, 60);
    new HistogramEncoder(seed % 2 == 0).encode(histograms, 0, 60, sink);
    byte[] sound = sink.toByteArray();
    sink.clear();
    HistogramRow.write(histograms.histogram(0), null, sink);
    byte[] row = sink.toByteArray();
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = damaged(sound, random);
      try {
        decoder.decode(bytes, 0, bytes.length, 60, TimeRange.ALL, new HistogramColumns());
      } catch (CorruptChunkException expected) {
        assertThat(expected).hasMessageNotContaining("null");
      }
      byte[] other = damaged(row, random);
      try {
        HistogramRow.read(new ByteCursor().reset(other, 0, other.length), null);
      } catch (CorruptChunkException expected) {
        assertThat(expected).hasMessageNotContaining("null");
      }
    }
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    switch (random.nextInt(3)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> random.nextBytes(bytes);
      default -> {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
    }
    return bytes;
  }

  @Test
  void largeHistogramsShareAChunkOnlyAsFarAsItStaysReadable() {
    var layout =
        HistogramLayout.standard(
            8, 0, BucketSpans.of(-1000, HistogramLayout.MAX_BUCKETS), BucketSpans.NONE);
    var histograms = new HistogramColumns();
    for (int i = 0; i < 20; i++) {
      var counts = new long[HistogramLayout.MAX_BUCKETS];
      counts[7 * i] = i;
      histograms.add(i, Histogram.ofIntegers(layout, CounterReset.GAUGE, i, 0, i * 0.5, counts));
    }
    int fitting = HistogramEncoder.fitting(histograms, 0);
    assertThat(fitting).isEqualTo(15);
    var encoder = new HistogramEncoder(false);
    assertThatThrownBy(() -> encoder.encode(histograms, 0, 16, sink))
        .hasMessageContaining("expected 1 to 15");
    encoder.encode(histograms, 0, 15, sink);
    assertThat(decode(sink.toByteArray(), 15, TimeRange.ALL))
        .isEqualTo(told(histograms, new TimeRange(0, 14)));
  }

  /// A web service's latencies, scraped every 15 s: 45 buckets of schema 3 around 20 ms.
  @Test
  void aLatencyHistogramTakesFarLessThanAByteABucket() {
    var random = new Random(1);
    int buckets = 45;
    var layout = HistogramLayout.standard(3, 1e-9, BucketSpans.of(-68, buckets), BucketSpans.NONE);
    var histograms = new HistogramColumns();
    var counts = new long[buckets];
    double sum = 0;
    long time = 1_790_000_000_000L;
    for (int row = 0; row < 1024; row++) {
      int requests = 300 + random.nextInt(100);
      for (int i = 0; i < requests; i++) {
        double at = Math.clamp(22 + 6 * random.nextGaussian(), 0, buckets - 1);
        counts[(int) at]++;
        sum += Math.pow(2, (at - 68) / 8);
      }
      time += 15_000 + random.nextInt(3);
      histograms.add(
          time,
          Histogram.ofIntegers(
              layout,
              row == 0 ? CounterReset.UNKNOWN : CounterReset.NOT_RESET,
              Arrays.stream(counts).sum(),
              0,
              sum,
              counts));
    }
    double fast = bytes(histograms, false);
    double dense = bytes(histograms, true);
    assertThat(fast / buckets).isLessThan(0.7);
    assertThat(dense / buckets).isLessThan(0.6);
  }

  private double bytes(HistogramColumns histograms, boolean dense) {
    sink.clear();
    new HistogramEncoder(dense).encode(histograms, 0, histograms.size(), sink);
    return (double) sink.size() / histograms.size();
  }

  private static HistogramColumns series(Random random, int count) {
    var source = new RandomHistograms(random);
    var histograms = new HistogramColumns();
    long time = random.nextLong(1L << 41);
    for (int i = 0; i < count; i++) {
      histograms.add(time, source.next());
      time += random.nextInt(5) == 0 ? 1 + random.nextInt(50_000) : 15_000;
    }
    return histograms;
  }

  private List<String> decode(byte[] bytes, int count, TimeRange range) {
    var found = new HistogramColumns();
    found.add(Long.MIN_VALUE, Histogram.STALE);
    decoder.decode(bytes, 0, bytes.length, count, range, found);
    return told(found, TimeRange.ALL).subList(1, found.size());
  }

  private static List<String> told(HistogramColumns histograms, TimeRange range) {
    var told = new ArrayList<String>();
    for (int i = 0; i < histograms.size(); i++) {
      if (range.contains(histograms.timestamps()[i])) {
        told.add(histograms.timestamps()[i] + " " + bits(histograms.histogram(i)));
      }
    }
    return told;
  }

  /// All that [Histogram#equals] compares, so that a difference can be read.
  private static String bits(Histogram histogram) {
    var raw = new long[histogram.buckets()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = histogram.rawBucket(i);
    }
    return "%s %x %x %x %s %s %s"
        .formatted(
            histogram.isInteger(),
            histogram.rawCount(),
            histogram.rawZeroCount(),
            Double.doubleToRawLongBits(histogram.sum()),
            histogram.counterReset(),
            histogram.layout().hashCode() + " " + histogram.layout(),
            raw.length > 100 ? Arrays.hashCode(raw) : Arrays.toString(raw));
  }
}
