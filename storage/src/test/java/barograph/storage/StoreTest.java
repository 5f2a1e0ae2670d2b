package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOW);
  private final List<Store> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    for (Store store : opened) {
      store.close();
    }
  }

  private Store open() throws IOException {
    return open(StoreOptions.in(folder));
  }

  private Store open(StoreOptions options) throws IOException {
    var store = Store.open(options, new FileDisk(), clock, StoreWatcher.NONE, false);
    opened.add(store);
    return store;
  }

  private static WriteResult append(Store store, Object... labelsTimesValues) {
    var batch = new SampleBatch();
    for (int i = 0; i < labelsTimesValues.length; i += 3) {
      int ref =
          store.appender().seriesFor(Labels.of("__name__", (String) labelsTimesValues[i]), "test");
      batch.add(ref, (Long) labelsTimesValues[i + 1], (Double) labelsTimesValues[i + 2]);
    }
    return store.appender().append(batch).join();
  }

  private static Map<Labels, Map<Long, Double>> read(Store store, TimeRange range) {
    var found = new TreeMap<Labels, Map<Long, Double>>();
    var columns = new SampleColumns();
    try (Selection selection = store.reader().select(List.of(), range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        var samples = new TreeMap<Long, Double>();
        for (int k = 0; k < columns.size(); k++) {
          samples.put(columns.timestamps()[k], columns.values()[k]);
        }
        assertThat(samples).hasSize(columns.size());
        if (!samples.isEmpty()) {
          assertThat(found.put(selection.labels(i), samples)).isNull();
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }

  @Test
  void aFolderIsNewUntilAStoreWasOpenedInIt() throws IOException {
    assertThat(Store.isNew(folder)).isTrue();

    open();

    assertThat(Store.isNew(folder)).isFalse();
  }

  @Test
  void whatIsAcknowledgedIsVisible() throws IOException {
    Store store = open();
    assertThat(append(store, "a", 1L, 1.5, "b", 1L, 2.0, "a", 2L, 1.5).accepted()).isEqualTo(3);
    assertThat(read(store, TimeRange.ALL))
        .isEqualTo(
            Map.of(
                Labels.of("__name__", "a"), Map.of(1L, 1.5, 2L, 1.5),
                Labels.of("__name__", "b"), Map.of(1L, 2.0)));
    assertThat(read(store, new TimeRange(2, 2)))
        .isEqualTo(Map.of(Labels.of("__name__", "a"), Map.of(2L, 1.5)));
  }

  @Test
  void aGoodSampleNextToABadOneIsStored() throws IOException {
    Store store = open(StoreOptions.in(folder).withOutOfOrderWindow(Duration.ZERO));
    long ahead = NOW.plus(Duration.ofMinutes(11)).toEpochMilli();
    append(store, "a", 10L, 1.0);
    WriteResult result =
        append(
            store,
            "a",
            9L,
            1.0,
            "a",
            10L,
            1.0,
            "a",
            10L,
            2.0,
            "a",
            ahead,
            1.0,
            "b",
            Long.MIN_VALUE,
            1.0,
            "b",
            Long.MAX_VALUE,
            1.0,
            "b",
            11L,
            7.0);
    assertThat(result.accepted()).isEqualTo(2);
    assertThat(result.refusals())
        .containsExactly(
            new Refusal(0, Reason.OUT_OF_ORDER),
            new Refusal(2, Reason.DUPLICATE_TIMESTAMP),
            new Refusal(3, Reason.TOO_FAR_AHEAD),
            new Refusal(4, Reason.TOO_OLD),
            new Refusal(5, Reason.TOO_FAR_AHEAD));
    assertThat(read(store, TimeRange.ALL))
        .containsEntry(Labels.of("__name__", "b"), Map.of(11L, 7.0));
  }

  @Test
  void samplesOfAnyTimeUpToNowAreTakenByAnEmptyStore() throws IOException {
    Store store = open();
    long old = NOW.minus(Duration.ofDays(3650)).toEpochMilli();
    assertThat(append(store, "a", -1L, 1.0, "b", 0L, 1.0, "c", old, 1.0).complete()).isTrue();
    assertThat(read(store, TimeRange.ALL)).hasSize(3);
  }

  @Test
  void aReopenedStoreHoldsWhatItHeld() throws IOException {
    Store store = open();
    for (long t = 0; t < 500; t++) {
      append(store, "a", t, (double) t, "b", t, Math.sqrt((double) t));
    }
    var before = read(store, TimeRange.ALL);
    store.close();
    Store again = open();
    assertThat(read(again, TimeRange.ALL)).isEqualTo(before);
    assertThat(append(again, "a", 499L, 499.0).complete()).isTrue();
    assertThat(append(again, "a", 498L, 498.0).complete()).isTrue();
    assertThat(append(again, "a", 498L, 499.0).complete()).isFalse();
    append(again, "a", 600L, 1.0);
    again.close();
    assertThat(read(open(), new TimeRange(500, 1000)))
        .isEqualTo(Map.of(Labels.of("__name__", "a"), Map.of(600L, 1.0)));
  }

  @Test
  void theSeriesLimitKeepsNewSeriesOutAndLetsOldOnesGoOn() throws IOException {
    Store store = open(StoreOptions.in(folder).withSeriesLimit(1));
    append(store, "a", 1L, 1.0);
    assertThatExceptionOfType(SeriesLimitException.class)
        .isThrownBy(() -> append(store, "b", 1L, 1.0))
        .withMessageContaining("limit");
    assertThat(append(store, "a", 2L, 1.0).complete()).isTrue();
  }

  @Test
  void aHeadThatTakesTooMuchMemoryKeepsNewSeriesOutAndLetsOldOnesGoOn() throws IOException {
    Store store = open(StoreOptions.in(folder).withHeadBytes(1));
    append(store, "a", 1L, 1.0);
    assertThatExceptionOfType(SeriesLimitException.class)
        .isThrownBy(() -> append(store, "b", 1L, 1.0))
        .withMessageContaining("the 1 bytes of memory that they may");
    assertThat(append(store, "a", 2L, 1.0).complete()).isTrue();
  }

  @Test
  void aClosedStoreTakesNothing() throws IOException {
    Store store = open();
    int ref = store.appender().seriesFor(Labels.of("a", "b"), "t");
    store.close();
    var batch = new SampleBatch();
    batch.add(ref, 1, 1);
    assertThat(store.appender().append(batch))
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void namesAndValuesComeSortedAndNarrowedByMatchers() throws IOException {
    Store store = open();
    append(store, "b", 1L, 1.0, "a", 1L, 1.0, "c", 1L, 1.0);
    assertThat(store.reader().labelNames(List.of(), TimeRange.ALL)).containsExactly("__name__");
    assertThat(store.reader().labelValues("__name__", List.of(), TimeRange.ALL))
        .containsExactly("a", "b", "c");
    var matcher = new Matcher(Matcher.Type.REGEX, "__name__", "a|c");
    assertThat(store.reader().labelValues("__name__", List.of(matcher), TimeRange.ALL))
        .containsExactly("a", "c");
  }

  private static final long HOUR = Duration.ofHours(1).toMillis();

  /// Loads one sample a minute of each of three series, as fast as possible, from `from` on.
  private static void load(Store store, long from, int minutes) throws IOException {
    for (int m = 0; m < minutes; m += 30) {
      var samples = new ArrayList<>();
      for (int k = m; k < Math.min(m + 30, minutes); k++) {
        long t = from + k * 60_000L;
        samples.addAll(List.of("a", t, (double) k, "b", t, 7.0, "c", t + k % 7, Math.sin(k)));
      }
      assertThat(append(store, samples.toArray()).complete()).isTrue();
      store.maintenance().maintain();
    }
  }

  private static void assertLoaded(Store store, long from, int minutes) {
    var found = read(store, TimeRange.ALL);
    assertThat(found).hasSize(3);
    for (String name : List.of("a", "b", "c")) {
      var samples = found.getOrDefault(Labels.of("__name__", name), Map.of());
      assertThat(samples).hasSize(minutes);
      for (int m = 0; m < minutes; m++) {
        long t = from + m * 60_000L;
        switch (name) {
          case "a" -> assertThat(samples.get(t)).isEqualTo(m);
          case "b" -> assertThat(samples.get(t)).isEqualTo(7.0);
          default -> assertThat(samples.get(t + m % 7)).isEqualTo(Math.sin(m));
        }
      }
    }
  }

  @Test
  void aDayLoadedAtOnceIsCutAndMergedIntoBlocksByTheSamplesOwnTime() throws IOException {
    Store store = open();
    long from = NOW.minus(Duration.ofDays(400)).toEpochMilli();
    load(store, from, 24 * 60);
    var blocks = store.status().blocks();
    assertThat(blocks).extracting(StoreStatus.BlockStatus::level).containsExactly(3, 2, 1);
    assertThat(store.status().headRange()).isNotNull();
    for (var block : blocks) {
      long window = List.of(2 * HOUR, 8 * HOUR, 24 * HOUR).get(block.level() - 1);
      assertThat(block.range().startMillis() / window)
          .isEqualTo(block.range().endMillis() / window);
    }
    assertLoaded(store, from, 24 * 60);
    store.close();
    Store again = open();
    assertThat(again.status().replay().samples()).isZero();
    assertLoaded(again, from, 24 * 60);
  }

  @Test
  void aSampleOfLongAgoAndOneOfNowAreBothKept() throws IOException {
    Store store = open(StoreOptions.in(folder).withRetention(Duration.ZERO, 0));
    append(store, "a", 0L, 1.0);
    append(store, "b", NOW.toEpochMilli(), 2.0);
    for (int i = 0; i < 3; i++) {
      store.maintenance().maintain();
    }
    assertThat(read(store, TimeRange.ALL))
        .isEqualTo(
            Map.of(
                Labels.of("__name__", "a"), Map.of(0L, 1.0),
                Labels.of("__name__", "b"), Map.of(NOW.toEpochMilli(), 2.0)));
    assertThat(append(store, "c", NOW.toEpochMilli() - HOUR, 2.0).complete()).isTrue();
    assertThat(append(store, "c", 1L, 2.0).refusals())
        .containsExactly(new Refusal(0, Reason.TOO_OLD));
    assertThat(append(store, "d", 1L, 2.0).refusals())
        .containsExactly(new Refusal(0, Reason.TOO_OLD));
  }

  @Test
  void whatRetentionWouldDeleteAtOnceIsTooOld() throws IOException {
    Store store = open(StoreOptions.in(folder).withRetention(Duration.ofHours(6), 0));
    long now = NOW.toEpochMilli();
    assertThat(append(store, "a", now - 7 * HOUR, 1.0).complete()).isTrue();
    append(store, "a", now, 1.0);
    long bound = now - 6 * HOUR;
    assertThat(append(store, "b", bound - 1, 1.0).refusals())
        .containsExactly(new Refusal(0, Reason.TOO_OLD));
    assertThat(append(store, "b", bound, 1.0).complete()).isTrue();
    store.retain(Duration.ofHours(8), 0);
    assertThat(append(store, "c", bound - 1, 1.0).complete()).isTrue();
    store.retain(Duration.ofHours(6), 0);
    store.compactNow();
    store.maintenance().maintain();
    assertThat(read(store, TimeRange.ALL).getOrDefault(Labels.of("__name__", "b"), Map.of()))
        .containsOnlyKeys(bound);
  }

  @Test
  void inOneBatchTooWhatRetentionWouldDeleteAtOnceIsTooOld() throws IOException {
    Store store = open(StoreOptions.in(folder).withRetention(Duration.ofHours(6), 0));
    long now = NOW.toEpochMilli();
    var batch = new SampleBatch();
    batch.add(store.appender().seriesFor(Labels.of("__name__", "a"), "t"), now, 1);
    batch.add(store.appender().seriesFor(Labels.of("__name__", "b"), "t"), now - 7 * HOUR, 1);
    assertThat(store.appender().append(batch).join().refusals())
        .containsExactly(new Refusal(1, Reason.TOO_OLD));
  }

  @Test
  void samplesOfATimeThatTheClockHasJumpedAheadToDoNotPushOutThoseOfNow() throws IOException {
    Store store = open(StoreOptions.in(folder).withRetention(Duration.ofHours(6), 0));
    long now = NOW.toEpochMilli();
    append(store, "a", now - 2 * HOUR, 1.0);
    clock.move(Duration.ofDays(1));
    append(store, "b", now + 24 * HOUR, 1.0);
    clock.move(Duration.ofDays(-1));
    assertThat(append(store, "c", now - HOUR, 1.0).complete()).isTrue();
    store.compactNow();
    store.maintenance().maintain();
    assertThat(read(store, TimeRange.ALL).keySet())
        .contains(Labels.of("__name__", "a"), Labels.of("__name__", "c"));
  }

  @Test
  void compactNowLeavesNothingInTheHeadAndLosesNothing() throws IOException {
    Store store = open();
    long from = NOW.minus(Duration.ofHours(5)).toEpochMilli();
    load(store, from, 200);
    store.compactNow();
    assertThat(store.status().headRange()).isNull();
    assertLoaded(store, from, 200);
    assertThat(append(store, "a", from + 1, 1.0).refusals())
        .containsExactly(new Refusal(0, Reason.TOO_OLD));
    assertThat(append(store, "a", NOW.toEpochMilli(), 1.0).complete()).isTrue();
    assertThat(read(store, TimeRange.ALL).getOrDefault(Labels.of("__name__", "a"), Map.of()))
        .hasSize(201);
    store.compactNow();
    store.compactNow();
    store.close();
    assertThat(read(open(), TimeRange.ALL).getOrDefault(Labels.of("__name__", "a"), Map.of()))
        .hasSize(201);
  }

  @Test
  void aSelectionKeepsWhatItHasFoundWhileTheHeadIsCut() throws IOException {
    Store store = open();
    long from = NOW.minus(Duration.ofHours(10)).toEpochMilli();
    load(store, from, 170);
    try (Selection before = store.reader().select(List.of(), TimeRange.ALL)) {
      for (int m = 170; m < 400; m++) {
        append(store, "a", from + m * 60_000L, (double) m);
      }
      store.maintenance().maintain();
      assertThat(store.status().blocks()).isNotEmpty();
      var columns = new SampleColumns();
      for (int i = 0; i < 3; i++) {
        before.read(i, new TimeRange(from, from + 169 * 60_000L + 6), columns);
        assertThat(columns.size()).isEqualTo(170);
      }
    }
    store.maintenance().maintain();
    assertThat(read(store, TimeRange.ALL).getOrDefault(Labels.of("__name__", "a"), Map.of()))
        .hasSize(400);
  }

  @Test
  void blocksPastRetentionAreDeletedOldestFirst() throws IOException {
    Store store = open(StoreOptions.in(folder).withRetention(Duration.ofHours(6), 0));
    long from = NOW.minus(Duration.ofDays(3)).toEpochMilli();
    load(store, from, 24 * 60);
    assertThat(store.status().blocks()).hasSizeBetween(2, 4);
    long newest = from + (24 * 60 - 1) * 60_000L;
    assertThat(store.status().blocks().getFirst().range().endMillis())
        .isGreaterThan(newest - 6 * HOUR);
    store.close();
    Store bySize = open(StoreOptions.in(folder).withRetention(Duration.ZERO, 1));
    bySize.maintenance().maintain();
    assertThat(bySize.status().blocks()).isEmpty();
    assertThat(folder.resolve("blocks")).isEmptyDirectory();
  }
}
