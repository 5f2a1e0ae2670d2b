package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.block.BlockDamage;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.wal.Contents;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogOptions;
import barograph.storage.wal.LogWatcher;
import barograph.storage.wal.ReplaySummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One bit of any file turned over: the store opens, shows nothing wrong, and says so if anything
/// is missing.
class StoreDamageTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(2)).toEpochMilli();
  private static final int FLIPS = 150;

  private record Key(Labels series, long time) {}

  private static Store open(SimulatedDisk disk) throws IOException {
    return Store.open(
        StoreOptions.in(FOLDER).withBlockSpan(Duration.ofMinutes(20)),
        disk,
        InstantSource.fixed(NOW),
        StoreWatcher.NONE,
        false);
  }

  private static Map<Key, Double> fill(Store store, long from, int steps, Random random)
      throws IOException {
    var sent = new HashMap<Key, Double>();
    for (int step = 0; step < steps; step++) {
      var batch = new SampleBatch();
      for (int i = 0; i < 8; i++) {
        Labels labels = Labels.of("__name__", "m" + i, "host", "h" + i % 3);
        long time = from + step * 10_000L + (i == 7 ? random.nextInt(5_000) : 0);
        double value = i % 2 == 0 ? random.nextGaussian() : i;
        batch.add(store.appender().seriesFor(labels, "t" + i % 2), time, value);
        sent.put(new Key(labels, time), value);
      }
      assertThat(store.appender().append(batch).join().complete()).isTrue();
    }
    return sent;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void nothingIsWrongAndNothingIsMissingInSilence(long seed) throws IOException {
    var random = new Random(seed);
    var disk = SimulatedDisk.recording();
    var sent = new HashMap<Key, Double>();
    Store store = open(disk);
    sent.putAll(fill(store, BEGIN, 400, random));
    store.maintenance().maintain();
    assertThat(store.status().blocks()).isNotEmpty();
    sent.putAll(fill(store, BEGIN + 4_000_000, 30, random));
    long operations = disk.operations();
    store.close();
    int noticed = 0;
    for (int flip = 0; flip < FLIPS; flip++) {
      SimulatedDisk then = disk.after(operations).afterKill();
      List<Path> files = files(then, FOLDER);
      Path file = files.get(random.nextInt(files.size()));
      if (then.size(file) == 0) {
        continue;
      }
      long bit = random.nextLong(then.size(file) * 8);
      if (file.endsWith("block.bg") && random.nextInt(4) > 0) {
        BlockDamage.flip(then, file, bit);
      } else {
        then.flipBit(file, bit);
      }
      noticed += assertHonest(then, sent, file) ? 1 : 0;
    }
    assertThat(noticed).isGreaterThan(FLIPS / 8);
  }

  @Test
  void aNumberThatNoLogCountsUpToIsNotBelieved() throws IOException {
    var disk = new SimulatedDisk();
    Path folder = FOLDER.resolve("wal");
    disk.createFolder(FOLDER);
    var clock = InstantSource.fixed(NOW);
    var nothing = new ReplaySummary(0, 0, 0, 0, 0, 0, 0, 0, Contents.NONE, 1);
    try (var log = Log.start(disk, folder, nothing, LogOptions.DEFAULT, clock, LogWatcher.NONE)) {
      log.target(0, "t");
      log.series(0, 0, Labels.of("__name__", "a"));
      log.series((1 << 30) - 2, 0, Labels.of("__name__", "forged"));
      log.series(1, 0, Labels.of("__name__", "b"));
      log.row(0, BEGIN, new int[] {0, (1 << 30) - 2, 1}, new double[] {1, 2, 3}, 0, 3);
    }
    try (Store store = open(disk)) {
      assertThat(store.status().damageReports())
          .extracting(report -> report.damage().samples())
          .containsExactlyInAnyOrder(-1L, 1L);
      assertThat(store.status().series()).isEqualTo(2);
      assertThat(store.appender().seriesFor(Labels.of("__name__", "c"), "t")).isEqualTo(2);
    }
  }

  @Test
  void aDamagedFrameOfACheckpointIsToldBySeriesAndTime() throws IOException {
    var disk = new SimulatedDisk();
    var options = StoreOptions.in(FOLDER).withCheckpoints(Duration.ofDays(1), 1);
    Store store = Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
    fill(store, BEGIN, 20, new Random(1));
    store.maintenance().maintain();
    SimulatedDisk left = disk.afterKill();
    store.close();
    List<Path> files = left.list(FOLDER.resolve("head"));
    Path checkpoint =
        files.stream().filter(file -> file.toString().contains("checkpoint-")).findFirst().get();
    left.flipBit(checkpoint, 60 * 8);
    try (Store again = open(left)) {
      assertThat(again.status().damageReports())
          .anySatisfy(report -> {
            assertThat(report.damage().series()).isEqualTo(8);
            TimeRange lost = Objects.requireNonNull(report.damage().lost());
            assertThat(lost.contains(BEGIN)).isTrue();
            assertThat(lost.contains(BEGIN + 190_000)).isTrue();
          });
    }
  }

  /// A store whose checkpoint has lost a frame.
  private static SimulatedDisk damagedCheckpoint() throws IOException {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    fill(store, BEGIN, 20, new Random(1));
    store.close();
    Path checkpoint =
        disk.list(FOLDER.resolve("head")).stream()
            .filter(file -> file.toString().contains("checkpoint-"))
            .findFirst()
            .get();
    disk.flipBit(checkpoint, 60 * 8);
    return disk;
  }

  @Test
  void damageIsToldAfterEveryStartUntilAnOperatorHasSeenIt() throws IOException {
    SimulatedDisk disk = damagedCheckpoint();
    List<StoreStatus.DamageReport> reports;
    try (Store store = open(disk)) {
      reports = store.status().damageReports();
      assertThat(reports).isNotEmpty();
    }
    disk = disk.afterPowerCutKeeping(0);
    try (Store store = open(disk)) {
      assertThat(store.status().damageReports()).isEqualTo(reports);
      assertThat(store.status().damages()).isEqualTo(reports.size());
      store.forgetDamages();
      assertThat(store.status().damages()).isZero();
      disk = disk.afterPowerCutKeeping(0);
    }
    try (Store store = open(disk)) {
      assertThat(store.status().damages()).isZero();
      assertThat(store.status().damageReports()).isEmpty();
    }
  }

  @Test
  void answersAboutLostTimeWarnAfterEveryStartUntilAnOperatorHasSeenIt() throws IOException {
    SimulatedDisk disk = damagedCheckpoint();
    for (int start = 0; start < 2; start++) {
      try (Store store = open(disk)) {
        assertThat(warnings(store, BEGIN, BEGIN + 60_000)).isNotEmpty();
        assertThat(warnings(store, BEGIN + 3_600_000, BEGIN + 7_200_000)).isEmpty();
      }
      disk = disk.afterPowerCutKeeping(0);
    }
    try (Store store = open(disk)) {
      store.forgetDamages();
      assertThat(warnings(store, BEGIN, BEGIN + 60_000)).isEmpty();
    }
  }

  private static List<String> warnings(Store store, long from, long to) {
    try (Selection selection = store.reader().select(List.of(), new TimeRange(from, to))) {
      return selection.warnings();
    }
  }

  @Test
  void whatAQueryHasFoundDamagedIsToldAfterTheNextStart() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (Store store = open(disk)) {
      store.damaged("found by a query");
      store.maintenance().maintain();
      disk = disk.afterPowerCutKeeping(0);
    }
    try (Store store = open(disk)) {
      assertThat(store.status().damageReports())
          .singleElement()
          .satisfies(report -> assertThat(report.damage().reason()).isEqualTo("found by a query"));
    }
  }

  /// A disk with blocks of which the first cannot be opened.
  private static SimulatedDisk damagedBlock(int bit) throws IOException {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    fill(store, BEGIN, 400, new Random(1));
    store.maintenance().maintain();
    SimulatedDisk left = disk.afterKill();
    store.close();
    BlockDamage.flip(left, left.list(FOLDER.resolve("blocks")).getFirst().resolve("block.bg"), bit);
    return left;
  }

  @Test
  void aBlockThatIsPutAsideIsWarnedOfWithItsTimeUntilAnOperatorHasSeenIt() throws IOException {
    SimulatedDisk disk = damagedBlock(0);
    for (int start = 0; start < 3; start++) {
      try (Store store = open(disk)) {
        assertThat(store.status().damageReports())
            .singleElement()
            .satisfies(report -> {
              assertThat(report.damage().file().getParent())
                  .isEqualTo(FOLDER.resolve("quarantine"));
              assertThat(report.damage().lost()).isNotNull();
            });
        assertThat(warnings(store, BEGIN, BEGIN + 60_000)).isNotEmpty();
        if (start == 2) {
          store.forgetDamages();
          assertThat(warnings(store, BEGIN, BEGIN + 60_000)).isEmpty();
        }
      }
      disk = disk.afterPowerCutKeeping(0);
    }
  }

  @Test
  void whatABlockThatIsPutAsideHadIsToldByItsHeader() throws IOException {
    SimulatedDisk disk = damagedBlock(0);
    Path file = disk.list(FOLDER.resolve("blocks")).getFirst().resolve("block.bg");
    disk.flipBit(file, 0);
    BlockDamage.flip(disk, file, 8 * disk.size(file) - 1);
    try (Store store = open(disk)) {
      assertThat(store.status().damageReports())
          .singleElement()
          .satisfies(report -> {
            TimeRange lost = Objects.requireNonNull(report.damage().lost());
            assertThat(lost.startMillis()).isEqualTo(BEGIN);
            assertThat(report.damage().series()).isEqualTo(8);
          });
      assertThat(store.status().samplesDamaged()).isPositive();
      assertThat(warnings(store, BEGIN + 3_600_000, BEGIN + 7_200_000)).isEmpty();
    }
  }

  @Test
  void whereverAStartIsStoppedABlockIsNotPutAsideInSilence() throws IOException {
    SimulatedDisk recording = damagedBlock(0).recordingCopy();
    open(recording).close();
    for (long operation = 0; operation <= recording.operations(); operation++) {
      for (int kept = 0; kept < 2; kept++) {
        SimulatedDisk then = recording.after(operation);
        SimulatedDisk left = kept == 0 ? then.afterKill() : then.afterPowerCut(operation);
        try (Store store = open(left)) {
          assertThat(warnings(store, BEGIN, BEGIN + 60_000))
              .as("after operation %d", operation)
              .isNotEmpty();
        }
      }
    }
  }

  @Test
  void damageIsForgottenWithWhatItIsAbout() throws IOException {
    SimulatedDisk disk = damagedCheckpoint();
    var clock = new SettableClock(NOW);
    var options =
        StoreOptions.in(FOLDER)
            .withBlockSpan(Duration.ofMinutes(20))
            .withRetention(Duration.ofHours(6), 0);
    try (Store store = Store.open(options, disk, clock, StoreWatcher.NONE, false)) {
      assertThat(store.status().damages()).isPositive();
      fill(store, BEGIN + 1_000_000, 20, new Random(2));
      for (int hour = 1; hour <= 12; hour++) {
        clock.move(Duration.ofHours(1));
        fill(store, clock.millis(), 2, new Random(hour));
        store.maintenance().maintain();
        if (hour == 3) {
          assertThat(store.status().damages()).isPositive();
        }
      }
      assertThat(store.status().damages()).isZero();
    }
    try (Store store = open(disk)) {
      assertThat(store.status().damages()).isZero();
    }
  }

  @Test
  void aDamagedListOfDamagesIsADamage() throws IOException {
    SimulatedDisk disk = damagedCheckpoint();
    open(disk).close();
    disk.flipBit(FOLDER.resolve("damages"), 200);
    try (Store store = open(disk)) {
      assertThat(store.status().damageReports())
          .singleElement()
          .satisfies(report ->
              assertThat(report.damage().reason()).contains("what was found damaged before"));
    }
  }

  @Test
  void aDamagedChunkOfTheHeadCostsItsOwnSamplesAndIsToldWithTheirTime() throws IOException {
    var disk = new SimulatedDisk();
    var random = new Random(7);
    try (Store store = open(disk)) {
      int ref = store.appender().seriesFor(Labels.of("__name__", "a"), "t");
      for (int i = 0; i < 700; i++) {
        var batch = new SampleBatch();
        batch.add(ref, BEGIN + i * 1_000L, random.nextGaussian());
        assertThat(store.appender().append(batch).join().complete()).isTrue();
      }
    }
    Path file =
        disk.list(FOLDER.resolve("head")).stream()
            .filter(each -> each.toString().contains("chunks-"))
            .findFirst()
            .get();
    var bytes = ByteBuffer.wrap(disk.readAll(file)).order(ByteOrder.LITTLE_ENDIAN);
    int second = 16 + (bytes.getInt(16 + 4) + 7 & ~7);
    disk.flipBit(file, (second + 60) * 8L);
    long firstLost = bytes.getLong(second + 16);
    long lastLost = bytes.getLong(second + 24);
    try (Store store = open(disk)) {
      var columns = new SampleColumns();
      try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
        selection.read(0, TimeRange.ALL, columns);
        assertThat(selection.warnings()).hasSize(1);
      }
      long gone = (lastLost - firstLost) / 1_000 + 1;
      assertThat(columns.size()).isEqualTo((int) (700 - gone));
      assertThat(columns.timestamps()[0]).isEqualTo(BEGIN);
      assertThat(store.status().damageReports())
          .singleElement()
          .satisfies(report -> {
            TimeRange lost = Objects.requireNonNull(report.damage().lost());
            assertThat(lost.contains(firstLost)).isTrue();
            assertThat(lost.contains(lastLost)).isTrue();
            assertThat(lost.endMillis() - lost.startMillis()).isLessThan(gone * 1_000 + 1_000);
            assertThat(report.damage().series()).isEqualTo(1);
          });
    }
  }

  private static boolean assertHonest(SimulatedDisk disk, Map<Key, Double> sent, Path flipped)
      throws IOException {
    try (Store store = open(disk)) {
      assertHonestAboutLabels(store, flipped);
      var found = new HashMap<Key, Double>();
      var columns = new SampleColumns();
      boolean told;
      try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
        for (int i = 0; i < selection.size(); i++) {
          selection.read(i, TimeRange.ALL, columns);
          for (int k = 0; k < columns.size(); k++) {
            var key = new Key(selection.labels(i), columns.timestamps()[k]);
            assertThat(found.put(key, columns.values()[k])).as("twice: %s", key).isNull();
          }
        }
        told = !selection.warnings().isEmpty() || store.status().damages() > 0;
      }
      assertThat(sent).as("a bit of %s", flipped).containsAllEntriesOf(found);
      if (found.size() < sent.size()) {
        assertThat(told).as("%s was turned over", flipped).isTrue();
      }
      return told;
    }
  }

  private static void assertHonestAboutLabels(Store store, Path flipped) {
    boolean toldAtStart = store.status().damages() > 0;
    Reader reader = store.reader();
    LabelTexts names = reader.labelNames(List.of(), TimeRange.ALL, Allowance.UNLIMITED);
    if (!names.texts().equals(List.of("__name__", "host")) && !toldAtStart) {
      assertThat(names.warnings()).as("names, a bit of %s", flipped).isNotEmpty();
    }
    LabelTexts hosts = reader.labelValues("host", List.of(), TimeRange.ALL, Allowance.UNLIMITED);
    if (!hosts.texts().equals(List.of("h0", "h1", "h2")) && !toldAtStart) {
      assertThat(hosts.warnings()).as("values, a bit of %s", flipped).isNotEmpty();
    }
  }

  @Test
  void labelsOfABlockWhoseIndexIsDamagedAreSaidToBeMissing() throws IOException {
    var random = new Random(4);
    var disk = SimulatedDisk.recording();
    Store store = open(disk);
    int series = 2_000;
    var batch = new SampleBatch();
    for (int i = 0; i < series; i++) {
      String host = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
      batch.add(store.appender().seriesFor(Labels.of("host", host), "t"), BEGIN, i);
    }
    assertThat(store.appender().append(batch).join().complete()).isTrue();
    store.compactNow();
    store.close();
    // The head has the series, too, but nothing of theirs so early.
    var before = new TimeRange(BEGIN, BEGIN);
    long operations = disk.operations();
    int missing = 0;
    for (int flip = 0; flip < FLIPS; flip++) {
      SimulatedDisk then = disk.after(operations).afterKill();
      List<Path> files = files(then, FOLDER.resolve("blocks"));
      Path file = files.get(random.nextInt(files.size()));
      BlockDamage.flip(then, file, random.nextLong(then.size(file) * 8));
      try (Store again = open(then)) {
        if (again.status().damages() > 0) {
          continue;
        }
        LabelTexts hosts =
            again.reader().labelValues("host", List.of(), before, Allowance.UNLIMITED);
        if (hosts.texts().size() < series) {
          missing++;
          assertThat(hosts.warnings()).as("a bit of %s", file).isNotEmpty();
        }
      }
    }
    assertThat(missing).isPositive();
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
