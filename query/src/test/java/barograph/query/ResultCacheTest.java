package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.SampleBatch;
import barograph.storage.SteppedStore;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are put together from earlier ones are those that are computed anew.
class ResultCacheTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(6)).toEpochMilli();
  private static final long STEP = 60_000;
  private static final int SERIES = 9;

  private static final List<String> QUERIES =
      List.of(
          "m_total",
          "sum by (job) (rate(m_total[5m]))",
          "max_over_time(m_total[10m] offset 3m)",
          "avg(m_total) / count(m_total)",
          "topk(2, m_total)",
          "m_total / on (i) group_left () sum by (i) (m_total)",
          "max_over_time(sum by (job) (increase(m_total[2m]))[10m:1m])",
          "absent(m_total{i=\"3\"})",
          "m_total * time() unless m_total > 50",
          "quantile(0.5, label_replace(m_total, \"j\", \"$1\", \"job\", \"(.*)\"))",
          "count_values(\"v\", m_total > bool 40)",
          "m_total or sum(m_total)",
          "m_total @ end()");

  private final StoreOptions options =
      StoreOptions.in(Path.of("/data"))
          .withBlockSpan(Duration.ofHours(1))
          .withRetention(Duration.ZERO, 0)
          .withOutOfOrderWindow(Duration.ofHours(2));

  private SteppedStore open() throws IOException {
    return SteppedStore.open(
        options, new SimulatedDisk(), InstantSource.fixed(NOW), StoreWatcher.NONE);
  }

  private static QueryEngine engine(SteppedStore store, long leastSamples) {
    return new QueryEngine(
        store.store().reader(),
        EngineOptions.defaults().withLeastSamplesKept(leastSamples),
        InstantSource.fixed(NOW));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void areTheSameAsAnewWhateverComesLateOrIsDeleted(long seed) throws IOException {
    var random = new Random(seed);
    try (var stepped = open()) {
      var engine = engine(stepped, 0);
      long now = BEGIN;
      for (int round = 0; round < 120; round++) {
        long until = now + random.nextInt(1, 4) * STEP;
        for (; now < until; now += 15_000) {
          sendRow(stepped, now, random);
        }
        switch (random.nextInt(12)) {
          case 0 -> sendLate(stepped, now, random);
          case 1 -> stepped.maintain();
          case 2 -> delete(stepped, now, random);
          case 3 -> {
            if (random.nextInt(4) == 0) {
              stepped.store().compactNow();
            }
          }
          default -> {}
        }
        for (int i = 0; i < 4; i++) {
          compare(engine, now, random);
        }
      }
      assertThat(engine.cacheHits()).as("answers from before").isGreaterThan(50);
      assertThat(engine.cacheMisses()).isPositive();
    }
  }

  private static void compare(QueryEngine engine, long now, Random random) {
    String query = QUERIES.get(random.nextInt(QUERIES.size()));
    long end = now / STEP * STEP - random.nextInt(3) * STEP;
    long start = end - random.nextInt(5, 90) * STEP;
    long step = random.nextInt(5) == 0 ? 3 * STEP : STEP;
    var known = engine.range(query, start, end, step, QueryLimits.DEFAULT);
    var anew = engine.range(query, start, end, step, QueryLimits.DEFAULT.computingAnew());
    assertThat(known.value().toString())
        .as("%s from %d to %d by %d", query, start, end, step)
        .isEqualTo(anew.value().toString());
    assertThat(known.warnings()).isEqualTo(anew.warnings());
    assertThat(known.infos()).isEqualTo(anew.infos());
  }

  private static Labels series(int number) {
    return Labels.of("__name__", "m_total", "i", "" + number, "job", number % 2 == 0 ? "a" : "b");
  }

  /// One time of most series; those that are left out may be sent later, in their own order.
  private static void sendRow(SteppedStore stepped, long now, Random random) {
    var batch = new SampleBatch();
    for (int i = 0; i < SERIES; i++) {
      int what = random.nextInt(30);
      if (what > 0) {
        double value = what == 1 ? Staleness.MARKER : random.nextInt(100);
        batch.add(stepped.store().appender().seriesFor(series(i), "t" + i % 2), now, value);
      }
    }
    assertThat(stepped.store().appender().append(batch).join().complete()).isTrue();
  }

  private static void sendLate(SteppedStore stepped, long now, Random random) {
    var batch = new SampleBatch();
    for (int i = 0; i < 4; i++) {
      // Also of series that there were none of so far.
      int series = random.nextInt(SERIES + 6);
      long late = now - random.nextInt(3_600_000) - 1;
      batch.add(stepped.store().appender().seriesFor(series(series), "t"), late, 1000 + i);
    }
    var _ = stepped.store().appender().append(batch).join();
  }

  private static void delete(SteppedStore stepped, long now, Random random) throws IOException {
    long from = now - random.nextInt(3_600_000);
    var matcher = Matcher.equal("i", "" + random.nextInt(SERIES));
    var range =
        random.nextInt(4) == 0
            ? TimeRange.ALL
            : new TimeRange(from, from + random.nextInt(600_000));
    stepped.store().delete(List.of(List.of(matcher)), range);
  }

  @Test
  void onlyTheNewStepsAreComputed() throws IOException {
    var random = new Random(1);
    try (var stepped = open()) {
      var engine = engine(stepped, 1);
      for (long now = BEGIN; now < BEGIN + 60 * STEP; now += 15_000) {
        sendRow(stepped, now, random);
      }
      long end = BEGIN + 50 * STEP;
      var first = engine.range("sum(rate(m_total[2m]))", BEGIN, end, STEP, QueryLimits.DEFAULT);
      var again = engine.range("sum(rate(m_total[2m]))", BEGIN, end, STEP, QueryLimits.DEFAULT);
      var more =
          engine.range(
              "sum(rate(m_total[2m]))", BEGIN + STEP, end + 2 * STEP, STEP, QueryLimits.DEFAULT);
      assertThat(first.stats().samplesRead()).isGreaterThan(1_000);
      assertThat(again.stats().samplesRead()).isZero();
      assertThat(more.stats().samplesRead()).isPositive().isLessThan(200);
      assertThat(engine.cacheHits()).isEqualTo(2);
      assertThat(engine.cacheMisses()).isEqualTo(1);
      assertThat(engine.cacheBytes()).isPositive();
    }
  }

  @Test
  void answersThatReadLittleAreNotKept() throws IOException {
    try (var stepped = open()) {
      var engine = engine(stepped, 1_000_000);
      sendRow(stepped, BEGIN, new Random(1));
      for (int i = 0; i < 3; i++) {
        engine.range("m_total", BEGIN, BEGIN + 10 * STEP, STEP, QueryLimits.DEFAULT);
      }
      assertThat(engine.cacheHits()).isZero();
      assertThat(engine.cacheBytes()).isZero();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + time() | 0",
        "m | 300",
        "rate(m[10m]) | 600",
        "m offset 1h | 3900",
        "max_over_time(sum(rate(m[5m] offset 1m))[1h:30s] offset 2h) | 11190",
        "topk(scalar(m offset 10m), n) | 900",
        "m @ 5 | -1",
        "m @ start() | -1",
        "m offset -1m | -1",
        "sum(rate({job=\"a\"}[1m])) | -1",
        "m or n | -1",
        "limitk(2, m) | -1",
        "sum(rate(m[5m]) * on (a) limit_ratio(0.5, m)) | -1",
        "info(m) | -1",
        "rate(m[range()]) | -1",
        "rate(m[5m] anchored) | -1",
        "avg_over_time(m[5m] @ end()) | -1",
        "max_over_time(m[1h:1m] offset -1m) | -1",
      })
  void aStepReachesSoFarBack(String query, long seconds) {
    var features =
        EngineOptions.defaults()
            .with(
                EngineOptions.Feature.EXPERIMENTAL_FUNCTIONS,
                EngineOptions.Feature.EXTENDED_RANGE_SELECTORS);
    var engine = new QueryEngine(new NaiveStore(), features, InstantSource.fixed(NOW));
    long reach = Reach.of(engine.prepare(query).expr(), 300_000, 60_000);
    assertThat(reach).isEqualTo(seconds < 0 ? Reach.NONE : seconds * 1_000);
  }
}
