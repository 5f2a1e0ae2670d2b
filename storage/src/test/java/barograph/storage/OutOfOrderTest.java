package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutOfOrderTest {
  private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private final List<Store> opened = new ArrayList<>();
  private SimulatedDisk disk = new SimulatedDisk();
  private long now = NOON;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);

  @AfterEach
  void closeAll() throws IOException {
    for (Store store : opened) {
      store.close();
    }
  }

  private Store open() throws IOException {
    return open(Duration.ofHours(1));
  }

  private Store open(Duration window) throws IOException {
    var options =
        StoreOptions.in(Path.of("/data"))
            .withRetention(Duration.ZERO, 0)
            .withOutOfOrderWindow(window);
    var store = Store.open(options, disk, clock, StoreWatcher.NONE, false);
    opened.add(store);
    return store;
  }

  private static WriteResult append(Store store, String name, Object... timesValues) {
    var batch = new SampleBatch();
    for (int i = 0; i < timesValues.length; i += 2) {
      int ref = store.appender().seriesFor(Labels.of("__name__", name), "test");
      batch.add(ref, (Long) timesValues[i], (Double) timesValues[i + 1]);
    }
    return store.appender().append(batch).join();
  }

  private static void assertTaken(WriteResult result) {
    assertThat(result.refusals()).isEmpty();
  }

  private static void assertRefused(WriteResult result, Reason reason) {
    assertThat(result.refusals()).containsExactly(new Refusal(0, reason));
  }

  private static Map<Long, Double> read(Store store, String name) {
    return read(store, name, TimeRange.ALL);
  }

  private static Map<Long, Double> read(Store store, String name, TimeRange range) {
    var found = new TreeMap<Long, Double>();
    var columns = new SampleColumns();
    try (Selection selection =
        store.reader().select(List.of(Matcher.equal("__name__", name)), range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        for (int k = 0; k < columns.size(); k++) {
          assertThat(k == 0 || columns.timestamps()[k] > columns.timestamps()[k - 1]).isTrue();
          assertThat(found.put(columns.timestamps()[k], columns.values()[k])).isNull();
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }

  @Test
  void aLateSampleIsReadWhereItBelongs() throws IOException {
    Store store = open();
    append(store, "a", NOON - 30_000, 1.0, NOON, 2.0);
    assertTaken(append(store, "a", NOON - 20_000, 1.5, NOON - HOUR, 0.5));
    assertThat(read(store, "a"))
        .isEqualTo(Map.of(NOON - HOUR, 0.5, NOON - 30_000, 1.0, NOON - 20_000, 1.5, NOON, 2.0));
    assertThat(read(store, "a", new TimeRange(NOON - 25_000, NOON - 1)))
        .isEqualTo(Map.of(NOON - 20_000, 1.5));
    assertThat(store.status().samplesLate()).isEqualTo(2);
    assertThat(store.status().lateSamples()).isEqualTo(2);
  }

  @Test
  void ofABatchOfHintsOnlyWhatIsAheadIsStored() throws IOException {
    Store store = open();
    append(store, "a", NOON - 30_000, 1.0);
    int ref = store.appender().seriesFor(Labels.of("__name__", "a"), "t");
    for (int round = 0; round < 2; round++) {
      var hints = SampleBatch.onlyAhead();
      hints.addStart(ref, NOON - 40_000, NOON, null);
      hints.addStart(ref, NOON - 30_000, NOON, null);
      hints.addStart(ref, NOON - 20_000, NOON, null);
      hints.addStart(ref, NOON, NOON, null);
      hints.addStart(ref, NOON - 10_000, NOON + 2 * HOUR, null);
      assertThat(store.appender().append(hints).join().refusals()).isEmpty();
    }
    assertThat(read(store, "a")).isEqualTo(Map.of(NOON - 30_000, 1.0, NOON - 20_000, 0.0));
    assertThat(store.status().samplesLate()).isZero();
  }

  @Test
  void whatLiesBeyondTheWindowIsTooOld() throws IOException {
    Store store = open();
    append(store, "a", NOON, 2.0);
    assertRefused(append(store, "a", NOON - HOUR - 1, 1.0), Reason.TOO_OLD);
    store.acceptOutOfOrder(Duration.ofHours(2));
    assertTaken(append(store, "a", NOON - HOUR - 1, 1.0));
    store.acceptOutOfOrder(Duration.ZERO);
    assertRefused(append(store, "a", NOON - 1, 1.0), Reason.OUT_OF_ORDER);
  }

  @Test
  void aBatchSentAgainIsAcceptedAndStoredOnce() throws IOException {
    Store store = open();
    long begin = NOON - 50 * MINUTE;
    for (int i = 0; i < 500; i++) {
      append(store, "shared", begin + i * 2_000L, (double) (i % 17));
      append(store, "own", begin + i * 2_000L + 3 + i % 5, Math.sqrt((double) i));
      append(store, "constant", begin + i * 2_000L, 7.0);
    }
    append(store, "shared", begin + 1, 5.0);
    long stored = store.status().samplesAppended();
    for (int i = 0; i < 500; i++) {
      assertTaken(append(store, "shared", begin + i * 2_000L, (double) (i % 17)));
      assertTaken(append(store, "own", begin + i * 2_000L + 3 + i % 5, Math.sqrt((double) i)));
      assertTaken(append(store, "constant", begin + i * 2_000L, 7.0));
    }
    assertTaken(append(store, "shared", begin + 1, 5.0));
    assertThat(store.status().samplesAppended()).isEqualTo(stored);
    assertThat(store.status().lateSamples()).isEqualTo(1);
    for (int i = 0; i < 500; i += 7) {
      assertRefused(append(store, "shared", begin + i * 2_000L, 99.0), Reason.DUPLICATE_TIMESTAMP);
      assertRefused(
          append(store, "own", begin + i * 2_000L + 3 + i % 5, -1.0), Reason.DUPLICATE_TIMESTAMP);
      assertRefused(append(store, "constant", begin + i * 2_000L, 8.0), Reason.DUPLICATE_TIMESTAMP);
    }
    assertRefused(append(store, "shared", begin + 1, 6.0), Reason.DUPLICATE_TIMESTAMP);
  }

  @Test
  void aSampleNineMinutesAheadKeepsNoneOfNowOut() throws IOException {
    Store store = open();
    append(store, "a", NOON + 9 * MINUTE, 1.0);
    assertRefused(append(store, "a", NOON + 11 * MINUTE, 1.0), Reason.TOO_FAR_AHEAD);
    for (int i = 0; i < 20; i++) {
      now += 15_000;
      assertTaken(append(store, "a", now, (double) i));
    }
    assertThat(read(store, "a")).hasSize(21);
  }

  @Test
  void aClockThatJumpsADayAheadAndBackKeepsNoSampleOut() throws IOException {
    Store store = open();
    append(store, "a", now - MINUTE, 1.0, now, 2.0);
    now += 24 * HOUR;
    for (int i = 0; i < 10; i++) {
      now += MINUTE;
      assertTaken(append(store, "a", now, 3.0));
      assertTaken(append(store, "jumper", now, 3.0));
      store.maintenance().maintain();
    }
    now -= 24 * HOUR;
    for (int i = 0; i < 300; i++) {
      now += MINUTE;
      assertTaken(append(store, "a", now, (double) i));
      assertTaken(append(store, "new", now, (double) i));
      store.maintenance().maintain();
      if (i % 100 == 50) {
        store.compactNow();
      }
    }
    assertThat(read(store, "a")).hasSize(312);
    assertThat(read(store, "new")).hasSize(300);
    store.close();
    Store again = open();
    now += MINUTE;
    assertTaken(append(again, "a", now, 1.0));
    assertThat(read(again, "a")).hasSize(313);
    assertThat(read(again, "new")).hasSize(300);
  }

  @Test
  void afterACompactionSamplesWithinTheWindowAreStillTaken() throws IOException {
    Store store = open();
    for (int i = 0; i < 50; i++) {
      append(store, "a", NOON - i * -1L * 1_000 - 2 * HOUR, (double) i);
    }
    append(store, "a", NOON, 1.0);
    store.compactNow();
    assertThat(store.status().headRange()).isNull();
    assertRefused(append(store, "a", NOON - 2 * HOUR + 500, 5.0), Reason.TOO_OLD);
    assertTaken(append(store, "a", NOON - HOUR, 5.0, NOON - HOUR + 7, 6.0));
    assertTaken(append(store, "fresh", NOON - MINUTE, 8.0));
    assertThat(read(store, "a")).hasSize(53);
    assertThat(read(store, "fresh")).isEqualTo(Map.of(NOON - MINUTE, 8.0));
    assertThat(read(store, "fresh", new TimeRange(NOON - 2 * MINUTE, NOON - 2))).hasSize(1);
    store.compactNow();
    assertThat(store.status().lateSamples()).isZero();
    assertThat(read(store, "a")).hasSize(53);
    assertThat(read(store, "fresh")).hasSize(1);
  }

  @Test
  void whereASampleIsInABlockTheOneWrittenLaterCounts() throws IOException {
    Store store = open();
    now += 5 * MINUTE;
    append(store, "a", NOON + MINUTE, 1.0, NOON + 2 * MINUTE, 1.0);
    store.compactNow();
    assertTaken(append(store, "a", NOON + MINUTE, 2.0));
    assertThat(read(store, "a")).containsEntry(NOON + MINUTE, 2.0).hasSize(2);
    now += 29 * MINUTE;
    store.maintenance().maintain();
    now += 31 * MINUTE;
    store.maintenance().maintain();
    assertThat(store.status().lateSamples()).isZero();
    assertThat(store.status().blocks()).hasSize(2);
    now -= 3 * HOUR;
    assertThat(read(store, "a")).containsEntry(NOON + MINUTE, 2.0).hasSize(2);
    now += 3 * HOUR;
    assertTaken(append(store, "a", NOON + MINUTE, 3.0));
    store.compactNow();
    store.close();
    assertThat(read(open(), "a")).containsEntry(NOON + MINUTE, 3.0).hasSize(2);
  }

  @Test
  void aCutTakesSamplesInOrderAndLateOnesTogether() throws IOException {
    Store store = open();
    long begin = NOON - 4 * HOUR;
    for (long t = begin; t <= NOON; t += MINUTE) {
      append(store, "a", t, 1.0);
      if (t > begin + 10 * MINUTE) {
        assertTaken(append(store, "a", t - 10 * MINUTE + SECOND, 2.0));
      }
    }
    store.maintenance().maintain();
    assertThat(store.status().blocks()).hasSize(1);
    long end = store.status().blocks().getFirst().range().endMillis();
    assertThat(store.status().blocks().getFirst().samples())
        .isEqualTo(read(store, "a").keySet().stream().filter(t -> t <= end).count());
    assertThat(read(store, "a")).hasSize(241 + 230);
    assertThat(store.status().lateSamples()).isBetween(100L, 130L);
  }

  @Test
  void lateSamplesOfCutTimesBecomeABlockOnceTheyHaveWaited() throws IOException {
    Store store = open();
    append(store, "a", NOON, 1.0);
    store.compactNow();
    append(store, "a", NOON - MINUTE, 2.0);
    store.maintenance().maintain();
    now += 29 * MINUTE;
    store.maintenance().maintain();
    assertThat(store.status().blocks()).hasSize(1);
    now += MINUTE;
    store.maintenance().maintain();
    assertThat(store.status().blocks()).hasSize(2);
    assertThat(store.status().lateSamples()).isZero();
    assertThat(read(store, "a")).isEqualTo(Map.of(NOON - MINUTE, 2.0, NOON, 1.0));
  }

  @Test
  void deletionTakesLateSamplesToo() throws IOException {
    Store store = open();
    append(store, "a", NOON - MINUTE, 1.0, NOON, 1.0);
    append(store, "a", NOON - 2 * MINUTE, 2.0, NOON - 3 * MINUTE, 3.0);
    store.compactNow();
    append(store, "a", NOON - 4 * MINUTE, 4.0, NOON - 5 * MINUTE, 5.0);
    append(store, "b", NOON - 4 * MINUTE, 4.0);
    store.delete(List.of(List.of()), new TimeRange(NOON - 4 * MINUTE, NOON - 2 * MINUTE));
    Map<Long, Double> left = Map.of(NOON - 5 * MINUTE, 5.0, NOON - MINUTE, 1.0, NOON, 1.0);
    assertThat(read(store, "a")).isEqualTo(left);
    assertThat(read(store, "b")).isEmpty();
    SimulatedDisk cut = disk.afterPowerCut(1);
    store.close();
    disk = cut;
    store = open();
    assertThat(read(store, "a")).isEqualTo(left);
    assertThat(read(store, "b")).isEmpty();
    assertTaken(append(store, "a", NOON - 3 * MINUTE, 3.0));
    assertTaken(append(store, "b", NOON - 4 * MINUTE, 4.0));
    assertThat(read(store, "a")).hasSize(4);
    assertThat(read(store, "b")).hasSize(1);
    store.compactNow();
    assertThat(read(store, "a")).hasSize(4);
    assertThat(read(store, "b")).hasSize(1);
  }

  @Test
  void whatIsDeletedFromTheHeadMayComeAgain() throws IOException {
    Store store = open();
    append(store, "a", NOON - MINUTE, 1.0, NOON, 1.0);
    append(store, "a", NOON - 2 * MINUTE, 2.0);
    store.delete(List.of(List.of()), TimeRange.ALL);
    assertThat(read(store, "a")).isEmpty();
    assertTaken(append(store, "a", NOON - 2 * MINUTE, 2.5, NOON - MINUTE, 1.5, NOON, 1.0));
    Map<Long, Double> again = Map.of(NOON - 2 * MINUTE, 2.5, NOON - MINUTE, 1.5, NOON, 1.0);
    assertThat(read(store, "a")).isEqualTo(again);
    SimulatedDisk cut = disk.afterPowerCut(1);
    store.compactNow();
    assertThat(read(store, "a")).isEqualTo(again);
    store.close();
    disk = cut;
    assertThat(read(open(), "a")).isEqualTo(again);
  }

  @Test
  void lateSamplesOutliveAnyStop() throws IOException {
    Store store = open();
    append(store, "a", NOON, 1.0);
    append(store, "a", NOON - 1, Double.longBitsToDouble(0x7ff8_0000_0000_0abcL));
    store.maintenance().maintain();
    append(store, "a", NOON - 3, 3.0, NOON - 7, 4.0, NOON - 5, 3.0);
    SimulatedDisk cut = disk.afterPowerCut(1);
    store.close();
    store = open();
    assertThat(store.status().replay().samples()).isZero();
    assertThat(read(store, "a")).hasSize(5);
    store.close();
    disk = cut;
    store = open();
    assertThat(store.status().replay().samples()).isPositive();
    assertThat(read(store, "a")).hasSize(5).containsEntry(NOON - 5, 3.0);
    assertThat(store.status().lateSamples()).isEqualTo(4);
    assertTaken(append(store, "a", NOON - 7, 4.0));
    assertRefused(append(store, "a", NOON - 7, 5.0), Reason.DUPLICATE_TIMESTAMP);
    assertThat(Double.doubleToRawLongBits(read(store, "a").getOrDefault(NOON - 1, 0.0)))
        .isEqualTo(0x7ff8_0000_0000_0abcL);
  }

  @Test
  void aSeriesThatOnlyGetsLateSamplesIsNotForgottenWithThem() throws IOException {
    Store store = open();
    append(store, "a", NOON, 1.0);
    store.compactNow();
    append(store, "late", NOON - MINUTE, 2.0);
    for (int i = 1; i < 6; i++) {
      append(store, "a", NOON + i * MINUTE, 2.0);
      now += MINUTE;
      store.compactNow();
      assertTaken(append(store, "late", NOON - MINUTE + i, 2.0));
      assertThat(read(store, "late")).hasSize(i + 1);
    }
  }
}
