package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.RandomHistograms;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreHistogramsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(10)).toEpochMilli();

  private SimulatedDisk disk = new SimulatedDisk();

  private static StoreOptions options(Duration span, long checkpointBytes) {
    return StoreOptions.in(Path.of("/data"))
        .withBlockSpan(span)
        .withRetention(Duration.ZERO, 0)
        .withCheckpoints(Duration.ofHours(1), checkpointBytes);
  }

  private static Store open(SimulatedDisk disk, StoreOptions options) throws IOException {
    return Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  private Store open() throws IOException {
    return open(disk, options(Duration.ofMinutes(10), 20_000));
  }

  private static Labels series(int number) {
    return Labels.of("__name__", "latency", "i", "" + number);
  }

  /// Series 0 to 3 have histograms only, 4 and 5 floats too, 6 and 7 nothing else.
  private static final class Senders {
    final Random random;
    final List<RandomHistograms> sources = new ArrayList<>();
    final Map<Integer, Long> newest = new HashMap<>();
    final Set<String> used = new HashSet<>();

    Senders(Random random) {
      this.random = random;
      for (int i = 0; i < 8; i++) {
        sources.add(new RandomHistograms(random));
      }
    }

    /// The same batch for both stores, some samples of it out of order, again, or contradicting.
    void send(Store store, NaiveStore naive, long now) {
      var real = new SampleBatch();
      var plain = new SampleBatch();
      for (int i = 0; i < 8; i++) {
        int ref = store.appender().seriesFor(series(i), "target");
        int naiveRef = naive.seriesFor(series(i), "");
        long time = i % 2 == 0 ? now : now + random.nextInt(2000);
        Long last = newest.get(i);
        if (last != null && i != 6 && i != 7 && random.nextInt(20) == 0) {
          time = last - random.nextInt(3);
        } else if (last != null && random.nextInt(10) == 0) {
          // Not at a time that a block may have: nobody looks there before answering.
          do {
            time = now - random.nextInt(3_000_000);
          } while (used.contains(i + " " + time));
        }
        used.add(i + " " + time);
        newest.merge(i, time, Math::max);
        if (i > 5 || (i > 3 && random.nextInt(3) == 0)) {
          double value = random.nextInt(100);
          real.add(ref, time, value);
          plain.add(naiveRef, time, value);
        } else {
          Histogram histogram = sources.get(i).next();
          for (int again = random.nextInt(15) == 0 ? 2 : 1; again > 0; again--) {
            real.add(ref, time, histogram);
            plain.add(naiveRef, time, histogram);
          }
        }
      }
      assertThat(store.appender().append(real).join()).isEqualTo(naive.append(plain).join());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void saysWhatTheNaiveStoreSays(long seed) throws IOException {
    var random = new Random(seed);
    var naive = new NaiveStore().acceptOutOfOrder(Duration.ofHours(1));
    var senders = new Senders(random);
    Store store = open();
    long now = BEGIN;
    for (int step = 0; step < 500; step++) {
      now += 2_000 + random.nextInt(20_000);
      senders.send(store, naive, now);
      switch (random.nextInt(40)) {
        case 0, 1, 2 -> store.maintenance().maintain();
        case 3 -> {
          store.close();
          store = open();
        }
        case 4 -> {
          var cut = disk.afterPowerCut(random.nextLong());
          store.close();
          disk = cut;
          store = open();
        }
        case 5 -> assertSame(store, naive, now, random);
        default -> {}
      }
    }
    assertThat(store.status().blocks()).isNotEmpty();
    assertSame(store, naive, now, random);
    store.compactNow();
    assertSame(store, naive, now, random);
    store.close();
    store = open();
    assertSame(store, naive, now, random);
    store.close();
  }

  private static void assertSame(Store store, NaiveStore naive, long now, Random random) {
    long from = BEGIN + random.nextLong(now - BEGIN + 1);
    for (TimeRange range :
        List.of(TimeRange.ALL, new TimeRange(from, from + random.nextInt(3_000_000)))) {
      assertThat(read(store.reader(), range)).isEqualTo(read(naive, range));
    }
  }

  /// Samples by series and time: bits of a float, or a histogram.
  private static Map<String, Object> read(Reader reader, TimeRange range) {
    var found = new HashMap<String, Object>();
    var columns = new SampleColumns();
    try (Selection selection = reader.select(List.of(), range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        String series = selection.labels(i).get("i") + " at ";
        for (int k = 0; k < columns.size(); k++) {
          long bits = Double.doubleToRawLongBits(columns.values()[k]);
          assertThat(found.put(series + columns.timestamps()[k], bits)).isNull();
        }
        HistogramColumns histograms = columns.histograms();
        for (int k = 0; k < histograms.size(); k++) {
          String key = series + histograms.timestamps()[k];
          assertThat(found.put(key, histograms.histogram(k))).as("%s twice", key).isNull();
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whateverTheOperationItStopsAtNoAcknowledgedHistogramIsLost(long seed) throws IOException {
    SimulatedDisk recorded = SimulatedDisk.recording();
    StoreOptions options = options(Duration.ofMinutes(1), 6_000);
    var naive = new NaiveStore().acceptOutOfOrder(Duration.ofHours(1));
    var acknowledgedAt = new HashMap<String, Long>();
    var senders = new Senders(new Random(seed));
    try (Store store = open(recorded, options)) {
      for (int step = 0; step < 16; step++) {
        senders.send(store, naive, BEGIN + step * 15_000L);
        for (String key : read(naive, TimeRange.ALL).keySet()) {
          acknowledgedAt.putIfAbsent(key, recorded.operations());
        }
        store.maintenance().maintain();
      }
      assertThat(store.status().blocks()).hasSizeGreaterThan(1);
    }
    Map<String, Object> sent = read(naive, TimeRange.ALL);
    for (long k = 0; k <= recorded.operations(); k++) {
      SimulatedDisk then = recorded.after(k).afterPowerCut(seed * 1000 + k);
      try (Store store = open(then, options)) {
        assertThat(store.status().damages()).isZero();
        Map<String, Object> found = read(store.reader(), TimeRange.ALL);
        assertThat(sent).containsAllEntriesOf(found);
        long operations = k;
        acknowledgedAt.forEach((key, at) -> {
          if (at <= operations) {
            assertThat(found).as("%s was acknowledged", key).containsKey(key);
          }
        });
      }
    }
  }

  @Test
  void aTimeHasAFloatOrAHistogramAndWithoutAWindowBothAreTakenInOrder() throws IOException {
    try (Store store = open()) {
      store.acceptOutOfOrder(Duration.ZERO);
      int ref = store.appender().seriesFor(series(1), "t");
      var batch = new SampleBatch();
      batch.add(ref, BEGIN, 1.0);
      batch.add(ref, BEGIN, counting(1));
      batch.add(ref, BEGIN + 2, counting(2));
      batch.add(ref, BEGIN + 2, counting(2));
      batch.add(ref, BEGIN + 2, counting(3));
      batch.add(ref, BEGIN + 2, 2.0);
      batch.add(ref, BEGIN + 1, 2.0);
      batch.add(ref, BEGIN + 1, counting(1));
      batch.add(ref, BEGIN + 3, 4.0);
      batch.add(ref, BEGIN + 3, counting(4));
      WriteResult result = store.appender().append(batch).join();
      assertThat(result.refusals())
          .containsExactly(
              new Refusal(1, Reason.DUPLICATE_TIMESTAMP),
              new Refusal(4, Reason.DUPLICATE_TIMESTAMP),
              new Refusal(5, Reason.DUPLICATE_TIMESTAMP),
              new Refusal(6, Reason.OUT_OF_ORDER),
              new Refusal(7, Reason.OUT_OF_ORDER),
              new Refusal(9, Reason.DUPLICATE_TIMESTAMP));
      assertThat(result.accepted()).isEqualTo(4);
      assertThat(read(store.reader(), TimeRange.ALL).keySet())
          .containsExactlyInAnyOrder("1 at " + BEGIN, "1 at " + (BEGIN + 2), "1 at " + (BEGIN + 3));
    }
  }

  private static List<Refusal> append(Store store, Object... timesSamples) {
    var batch = new SampleBatch();
    int ref = store.appender().seriesFor(series(1), "t");
    for (int i = 0; i < timesSamples.length; i += 2) {
      if (timesSamples[i + 1] instanceof Histogram histogram) {
        batch.add(ref, (Long) timesSamples[i], histogram);
      } else {
        batch.add(ref, (Long) timesSamples[i], (Double) timesSamples[i + 1]);
      }
    }
    return store.appender().append(batch).join().refusals();
  }

  @Test
  void lateHistogramsAreReadWhereTheyBelongAndOutliveStopsAndMerges() throws IOException {
    Store store = open();
    long now = NOW.toEpochMilli();
    assertThat(append(store, now - 50, counting(2), now, counting(6))).isEmpty();
    assertThat(append(store, now - 20, counting(3), now - 10, 2.5, now - 5, counting(5))).isEmpty();
    store.maintenance().maintain();
    assertThat(append(store, now - 30, counting(1))).isEmpty();
    assertThat(append(store, now - 3_600_001, counting(1)))
        .containsExactly(new Refusal(0, Reason.TOO_OLD));
    Map<String, Object> expected =
        Map.of(
            "1 at " + (now - 50), counting(2),
            "1 at " + (now - 30), counting(1),
            "1 at " + (now - 20), counting(3),
            "1 at " + (now - 10), Double.doubleToRawLongBits(2.5),
            "1 at " + (now - 5), counting(5),
            "1 at " + now, counting(6));
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(expected);
    SimulatedDisk cut = disk.afterPowerCut(1);
    store.close();
    disk = cut;
    store = open();
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(expected);
    assertThat(store.status().lateSamples()).isEqualTo(4);
    store.close();
    store = open();
    assertThat(store.status().replay().samples()).isZero();
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(expected);
    store.compactNow();
    assertThat(store.status().lateSamples()).isZero();
    assertThat(append(store, now - 40, counting(9))).isEmpty();
    store.compactNow();
    store.close();
    store = open();
    var more = new HashMap<>(expected);
    more.put("1 at " + (now - 40), counting(9));
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(more);
    store.close();
  }

  @Test
  void lateSamplesOfEitherKindAreHeldAgainstBothKinds() throws IOException {
    try (Store store = open()) {
      long now = NOW.toEpochMilli();
      for (int i = 200; i > 0; i--) {
        append(store, now - 10L * i, i % 2 == 0 ? counting(i) : (Object) (double) i);
      }
      append(store, now - 5, counting(7), now, 1.0);
      assertThat(append(store, now - 1000, counting(100), now - 990, 99.0, now - 5, counting(7)))
          .isEmpty();
      assertThat(append(store, now - 1005, counting(1), now - 995, 1.0)).isEmpty();
      assertThat(append(store, now - 1005, counting(1), now - 995, 1.0)).isEmpty();
      assertThat(store.status().lateSamples()).isEqualTo(2);
      List<Refusal> refusals =
          append(
              store,
              now - 1000,
              counting(1),
              now - 1000,
              100.0,
              now - 990,
              counting(99),
              now - 990,
              98.0,
              now - 1005,
              counting(2),
              now - 1005,
              1.0,
              now - 995,
              counting(1),
              now - 5,
              7.0);
      assertThat(refusals).hasSize(8);
      assertThat(refusals).allMatch(refusal -> refusal.reason() == Reason.DUPLICATE_TIMESTAMP);
      assertThat(read(store.reader(), TimeRange.ALL)).hasSize(204);
    }
  }

  @Test
  void deletionTakesHistogramsFromTheHeadAndTheyMayComeAgain() throws IOException {
    Store store = open();
    long now = NOW.toEpochMilli();
    append(store, now - 300, counting(1), now - 200, counting(2), now, counting(3));
    append(store, now - 250, counting(5), now - 100, counting(6));
    store.delete(List.of(List.of()), new TimeRange(now - 270, now));
    Map<String, Object> left = Map.of("1 at " + (now - 300), counting(1));
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(left);
    SimulatedDisk cut = disk.afterPowerCut(1);
    store.close();
    disk = cut;
    store = open();
    assertThat(read(store.reader(), TimeRange.ALL)).isEqualTo(left);
    assertThat(append(store, now - 200, counting(9), now, counting(8))).isEmpty();
    assertThat(read(store.reader(), TimeRange.ALL)).hasSize(3);
    store.compactNow();
    assertThat(read(store.reader(), TimeRange.ALL))
        .hasSize(3)
        .containsEntry("1 at " + now, counting(8));
    store.close();
  }

  @Test
  void aSeriesWithHistogramsAloneIsForgottenOnlyWhenItHasFallenSilent() throws IOException {
    try (Store store = open()) {
      for (int minute = 0; minute < 45; minute++) {
        var batch = new SampleBatch();
        long time = BEGIN + minute * 60_000L;
        batch.add(store.appender().seriesFor(series(1), "t"), time, counting(minute));
        if (minute < 5) {
          batch.add(store.appender().seriesFor(series(2), "t"), time, counting(minute));
        }
        assertThat(store.appender().append(batch).join().complete()).isTrue();
        store.maintenance().maintain();
      }
      assertThat(store.head().find(series(1))).isNotNegative();
      assertThat(store.head().find(series(2))).isNegative();
      assertThat(read(store.reader(), TimeRange.ALL)).hasSize(50);
    }
    try (Store store = open()) {
      assertThat(read(store.reader(), TimeRange.ALL)).hasSize(50);
      var batch = new SampleBatch();
      int ref = store.appender().seriesFor(series(1), "t");
      batch.add(ref, BEGIN + 44 * 60_000L, counting(44));
      batch.add(ref, BEGIN + 44 * 60_000L, counting(45));
      assertThat(store.appender().append(batch).join())
          .isEqualTo(new WriteResult(1, List.of(new Refusal(1, Reason.DUPLICATE_TIMESTAMP))));
    }
  }

  private static Histogram counting(long count) {
    return Histogram.ofIntegers(
        HistogramLayout.standard(3, 0, BucketSpans.of(0, 1), BucketSpans.NONE),
        CounterReset.UNKNOWN,
        count,
        0,
        count * 0.5,
        new long[] {count});
  }
}
