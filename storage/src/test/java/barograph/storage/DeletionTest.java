package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletionTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();

  private static StoreOptions options() {
    return StoreOptions.in(FOLDER)
        .withBlockSpan(Duration.ofMinutes(1))
        .withRetention(Duration.ZERO, 0)
        .withCheckpoints(Duration.ofHours(1), 6_000);
  }

  private static Store open(SimulatedDisk disk) throws IOException {
    return Store.open(options(), disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  private static Labels series(int number) {
    return Labels.of("__name__", "m" + number % 3, "n", "" + number);
  }

  /// One sample of each of nine series, in both stores.
  private static void send(Store store, NaiveStore naive, long time, Random random) {
    var batch = new SampleBatch();
    for (int i = 0; i < 9; i++) {
      long its = i == 8 ? time + random.nextInt(900) : time;
      double value = random.nextInt(4);
      batch.add(store.appender().seriesFor(series(i), "t" + i % 2), its, value);
      naive.put(series(i), its, value);
    }
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  /// One sample of a new series, of one that is older than all others of it, or of between.
  private static void sendLate(Store store, NaiveStore naive, long now, Random random) {
    int number = random.nextInt(14);
    long time = BEGIN + 1 + random.nextInt((int) (now - BEGIN) / 10 + 1) * 10L;
    double value = random.nextInt(4);
    var batch = new SampleBatch();
    batch.add(store.appender().seriesFor(series(number), "t" + number % 2), time, value);
    if (store.appender().append(batch).join().complete()) {
      naive.put(series(number), time, value);
    }
  }

  private static Map<Labels, Map<Long, Double>> read(Reader reader) {
    var all = new HashMap<Labels, Map<Long, Double>>();
    var columns = new SampleColumns();
    try (Selection selection = reader.select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        var samples = new HashMap<Long, Double>();
        for (int k = 0; k < columns.size(); k++) {
          samples.put(columns.timestamps()[k], columns.values()[k]);
        }
        if (!samples.isEmpty()) {
          all.put(selection.labels(i), samples);
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return all;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatIsDeletedIsGoneAndNothingElse(long seed) throws IOException {
    var random = new Random(seed);
    var disk = new SimulatedDisk();
    var naive = new NaiveStore();
    Store store = open(disk);
    for (int step = 0; step < 60; step++) {
      long now = BEGIN + step * 10_000L;
      send(store, naive, now, random);
      switch (random.nextInt(9)) {
        case 0 -> store.maintenance().maintain();
        case 1, 2 -> {
          List<List<Matcher>> selectors =
              random.nextBoolean()
                  ? List.of(List.of(Matcher.equal("n", "" + random.nextInt(9))))
                  : List.of(
                      List.of(Matcher.equal("__name__", "m" + random.nextInt(3))),
                      List.of(Matcher.equal("n", "8")));
          long from = BEGIN + random.nextInt(step * 10_000 + 1);
          var range =
              random.nextInt(3) == 0
                  ? TimeRange.ALL
                  : new TimeRange(from, from + random.nextInt(200_000));
          store.delete(selectors, range);
          naive.delete(selectors, range);
        }
        case 3 -> {
          store.close();
          disk = disk.afterPowerCut(random.nextLong());
          store = open(disk);
        }
        case 4 -> {
          // A kill: the old store is left as it stands.
          disk = disk.afterKill();
          store = open(disk);
        }
        case 5 -> {
          if (random.nextInt(3) == 0) {
            store.cleanTombstones();
          }
        }
        case 6 -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            sendLate(store, naive, now, random);
          }
        }
        default -> {}
      }
      assertThat(read(store.reader())).as("step %d", step).isEqualTo(read(naive));
    }
    store.compactNow();
    assertThat(read(store.reader())).isEqualTo(read(naive));
    store.close();
    assertThat(read(open(disk).reader())).isEqualTo(read(naive));
  }

  @Test
  void whatComesAfterADeletionIsThere() throws IOException {
    Store store = open(new SimulatedDisk());
    var naive = new NaiveStore();
    send(store, naive, BEGIN, new Random(1));
    store.delete(List.of(List.of()), TimeRange.ALL);
    var later = new NaiveStore();
    send(store, later, BEGIN + 1000, new Random(2));
    assertThat(read(store.reader())).isEqualTo(read(later));
  }

  @Test
  void whatComesAMillisecondAfterADeletionIsThereHoweverManyTimesSeriesHave() throws IOException {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    sendEachAtItsTime(store, 1500, 0);
    store.delete(List.of(List.of()), TimeRange.ALL);
    assertThat(read(store.reader())).isEmpty();
    sendEachAtItsTime(store, 1500, 1);
    assertThat(read(store.reader())).hasSize(1500);
    store.close();
    try (Store again = open(disk)) {
      assertThat(read(again.reader())).hasSize(1500);
    }
  }

  private static void sendEachAtItsTime(Store store, int count, long later) {
    var batch = new SampleBatch();
    for (int i = 0; i < count; i++) {
      batch.add(store.appender().seriesFor(series(i), "t"), BEGIN + i * 3L + later, i);
    }
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aDeletionThatWasAcknowledgedOutlivesAStopAnywhere(long seed) throws IOException {
    var random = new Random(seed);
    SimulatedDisk disk = SimulatedDisk.recording();
    var naive = new NaiveStore();
    Store store = open(disk);
    for (int step = 0; step < 30; step++) {
      send(store, naive, BEGIN + step * 10_000L, random);
      store.maintenance().maintain();
    }
    var selectors = List.of(List.of(Matcher.equal("__name__", "m1")));
    var before = read(naive);
    long begun = disk.operations();
    store.delete(selectors, TimeRange.ALL);
    long done = disk.operations();
    naive.delete(selectors, TimeRange.ALL);
    store.maintenance().maintain();
    store.compactNow();
    store.close();
    for (long k = begun; k <= disk.operations(); k++) {
      SimulatedDisk then = disk.after(k);
      for (SimulatedDisk left : List.of(then.afterKill(), then.afterPowerCut(seed * 1000 + k))) {
        try (Store again = open(left)) {
          var found = read(again.reader());
          if (k >= done) {
            assertThat(found).as("operation %d", k).isEqualTo(read(naive));
          } else {
            assertThat(found).as("operation %d", k).containsAllEntriesOf(read(naive));
            assertThat(before.keySet()).containsAll(found.keySet());
          }
          assertThat(again.status().damages()).isZero();
        }
      }
    }
  }

  @Test
  void afterACompactionNotAByteOfWhatWasDeletedIsLeft() throws IOException {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    var naive = new NaiveStore();
    var random = new Random(1);
    var secrets = new ArrayList<Double>();
    Labels secret = Labels.of("__name__", "m", "who", "a_value_that_is_nowhere_else");
    for (int step = 0; step < 40; step++) {
      long now = BEGIN + step * 10_000L;
      send(store, naive, now, random);
      double value = random.nextGaussian();
      secrets.add(value);
      var batch = new SampleBatch();
      batch.add(store.appender().seriesFor(secret, "t1"), now, value);
      assertThat(store.appender().append(batch).join().complete()).isTrue();
      if (step % 15 == 14) {
        store.maintenance().maintain();
      }
    }
    assertThat(holding(disk, secrets)).isNotEmpty();
    store.delete(List.of(List.of(Matcher.equal("who", secret.get("who")))), TimeRange.ALL);
    store.compactNow();
    assertThat(holding(disk, secrets)).isEmpty();
    assertThat(read(store.reader())).isEqualTo(read(naive));
    send(store, naive, BEGIN + 1_000_000, random);
    store.close();
    assertThat(holding(disk, secrets)).isEmpty();
    assertThat(read(open(disk).reader())).isEqualTo(read(naive));
  }

  /// Files in which the secret label value stands, or any of the secret numbers as it is.
  private static List<Path> holding(SimulatedDisk disk, List<Double> secrets) throws IOException {
    var found = new ArrayList<Path>();
    for (Path file : files(disk, FOLDER)) {
      String bytes = new String(disk.readAll(file), StandardCharsets.ISO_8859_1);
      boolean holds = bytes.contains("nowhere_else");
      for (double secret : secrets) {
        var number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(secret);
        holds |= bytes.contains(new String(number.array(), StandardCharsets.ISO_8859_1));
      }
      if (holds) {
        found.add(file);
      }
    }
    return found;
  }

  private static List<Path> files(SimulatedDisk disk, Path folder) {
    var files = new ArrayList<Path>();
    for (Path path : disk.list(folder)) {
      if (disk.isFolder(path)) {
        files.addAll(files(disk, path));
      } else {
        files.add(path);
      }
    }
    return files;
  }
}
