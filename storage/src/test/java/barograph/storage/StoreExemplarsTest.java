package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.head.Exemplars;
import barograph.storage.head.MetadataTable;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreExemplarsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();
  private static final List<List<Matcher>> EVERYTHING = List.of(List.of());

  private SimulatedDisk disk = new SimulatedDisk();

  private Store open() throws IOException {
    var options =
        StoreOptions.in(Path.of("/data"))
            .withBlockSpan(Duration.ofMinutes(10))
            .withCheckpoints(Duration.ofHours(1), 3_000);
    return Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void saysWhatTheNaiveStoreSaysThroughRestartsAndPowerCuts(long seed) throws IOException {
    var random = new Random(seed);
    var naive = new NaiveStore();
    Store store = open();
    for (int step = 0; step < 120; step++) {
      var real = new ArrayList<SeriesExemplar>();
      var plain = new ArrayList<SeriesExemplar>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        Labels series = Labels.of("__name__", "m" + random.nextInt(4));
        var exemplar =
            new Exemplar(
                Labels.of("trace", "x".repeat(random.nextInt(140))),
                random.nextInt(3),
                BEGIN + step * 1000L + random.nextInt(1500));
        real.add(new SeriesExemplar(store.appender().seriesFor(series, "t"), exemplar));
        plain.add(new SeriesExemplar(naive.seriesFor(series, "t"), exemplar));
      }
      assertThat(store.appender().appendExemplars(real).join())
          .isEqualTo(naive.appendExemplars(plain).join());
      Map<String, MetricMetadata> told = new HashMap<>();
      told.put(
          "m" + random.nextInt(9),
          new MetricMetadata(
              MetricMetadata.Type.of(random.nextInt(8)), "help " + random.nextInt(3), ""));
      assertThat(store.appender().tellOf(told).join()).isEqualTo(naive.tellOf(told).join());
      switch (random.nextInt(12)) {
        case 0 -> store.maintenance().maintain();
        case 1 -> {
          store.close();
          store = open();
        }
        case 2 -> {
          var cut = disk.afterPowerCut(random.nextLong());
          store.close();
          disk = cut;
          store = open();
        }
        default -> {}
      }
      List<List<Matcher>> some =
          List.of(
              List.of(Matcher.equal("__name__", "m1")),
              List.of(new Matcher(Matcher.Type.REGEX, "__name__", "m[23]")));
      var range = new TimeRange(BEGIN + step * 500L, BEGIN + step * 900L);
      for (List<List<Matcher>> selectors : List.of(EVERYTHING, some)) {
        assertThat(store.reader().exemplars(selectors, TimeRange.ALL))
            .isEqualTo(naive.exemplars(selectors, TimeRange.ALL));
        assertThat(store.reader().exemplars(selectors, range))
            .isEqualTo(naive.exemplars(selectors, range));
      }
      assertThat(store.reader().metadata()).isEqualTo(naive.metadata());
    }
    store.close();
  }

  @Test
  void theOldestGoesWhenThereAreTooMany() throws IOException {
    try (Store store = open()) {
      int ref = store.appender().seriesFor(Labels.of("__name__", "m"), "t");
      store.keepExemplars(5);
      var all = new ArrayList<SeriesExemplar>();
      for (int i = 0; i < 12; i++) {
        all.add(new SeriesExemplar(ref, new Exemplar(Labels.EMPTY, i, BEGIN + i)));
      }
      assertThat(store.appender().appendExemplars(all).join())
          .isEqualTo(new ExemplarResult(12, 0, 0, 0));
      assertThat(store.reader().exemplars(EVERYTHING, TimeRange.ALL))
          .singleElement()
          .satisfies(one ->
              assertThat(one.exemplars())
                  .extracting(Exemplar::value)
                  .containsExactly(7.0, 8.0, 9.0, 10.0, 11.0));
      assertThat(Exemplars.CAPACITY).isEqualTo(100_000);
    }
  }

  @Test
  void theNewestStayWhenThereMayBeFewerAndMoreAreTakenWhenThereMayBeMore() throws IOException {
    try (Store store = open()) {
      int ref = store.appender().seriesFor(Labels.of("__name__", "m"), "t");
      for (int i = 0; i < 40; i++) {
        switch (i) {
          case 10 -> store.keepExemplars(4);
          case 20 -> store.keepExemplars(7);
          case 30 -> store.keepExemplars(0);
          case 35 -> store.keepExemplars(3);
          default -> {}
        }
        var exemplar = new SeriesExemplar(ref, new Exemplar(Labels.EMPTY, i, BEGIN + i));
        store.appender().appendExemplars(List.of(exemplar)).join();
        var expected =
            IntStream.rangeClosed(i < 20 ? Math.max(0, i < 10 ? 0 : i - 3) : Math.max(16, i - 6), i)
                .mapToObj(Double::valueOf)
                .toList();
        if (i < 30) {
          assertThat(valuesIn(store)).as("after %d", i).isEqualTo(expected);
        }
      }
      assertThat(valuesIn(store)).containsExactly(37.0, 38.0, 39.0);
    }
  }

  private static List<Double> valuesIn(Store store) {
    return store.reader().exemplars(EVERYTHING, TimeRange.ALL).stream()
        .flatMap(one -> one.exemplars().stream())
        .map(Exemplar::value)
        .toList();
  }

  @Test
  void anExemplarOfNoSeriesIsPassedOver() throws IOException {
    try (Store store = open()) {
      var exemplar = new Exemplar(Labels.EMPTY, 1, BEGIN);
      assertThat(store.appender().appendExemplars(List.of(new SeriesExemplar(77, exemplar))).join())
          .isEqualTo(new ExemplarResult(0, 0, 0, 1));
    }
  }

  @Test
  void whatIsToldOfMetricsStaysWithinBounds() throws IOException {
    var metadata = new MetricMetadata(MetricMetadata.Type.GAUGE, "h".repeat(10_000), "");
    try (Store store = open()) {
      Map<String, MetricMetadata> told = new HashMap<>();
      for (int i = 0; i < 2_000; i++) {
        told.put("m" + i, metadata);
      }
      store.appender().tellOf(told).join();
      store
          .appender()
          .tellOf(
              Map.of(
                  "long",
                  new MetricMetadata(
                      MetricMetadata.Type.GAUGE,
                      "h".repeat(MetadataTable.MOST_CHARACTERS + 1),
                      "")))
          .join();
      Map<String, MetricMetadata> known = store.reader().metadata();
      assertThat(known).hasSizeBetween(1_600, 1_700).doesNotContainKey("long");
    }
  }
}
