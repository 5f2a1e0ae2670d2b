package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.disk.Disk;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.wal.Replayed.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLog.class)
class LogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));

  @TempDir private Path root;

  private final Disk disk = new FileDisk();

  private Log start(LogOptions options) throws IOException {
    var summary = new Replayed().run(disk, root, 0);
    return Log.start(disk, root.resolve("wal"), summary, options, CLOCK, LogWatcher.NONE);
  }

  private static void flush(Log log) {
    var done = new CompletableFuture<@Nullable LogUnavailableException>();
    log.flush(done::complete);
    var failure = done.join();
    if (failure != null) {
      throw failure;
    }
  }

  private List<Path> segments() throws IOException {
    return disk.list(root.resolve("wal"));
  }

  @Test
  void deletionsComeBackWhateverTheirRangeAndNumber() throws IOException {
    var refs = IntStream.range(0, 5000).map(i -> i * 7919 % 10_007).toArray();
    try (var log = start(LogOptions.DEFAULT)) {
      log.tombstone(TimeRange.ALL, refs);
      log.tombstone(new TimeRange(-5, 17), new int[] {3});
      log.lateTombstone(new TimeRange(-7, 19), refs);
    }
    assertThat(Replayed.of(disk, root).tombstones)
        .containsExactly(
            TimeRange.ALL + Arrays.toString(Arrays.copyOf(refs, 4096)),
            TimeRange.ALL + Arrays.toString(Arrays.copyOfRange(refs, 4096, 5000)),
            new TimeRange(-5, 17) + "[3]",
            "late " + new TimeRange(-7, 19) + Arrays.toString(Arrays.copyOf(refs, 4096)),
            "late "
                + new TimeRange(-7, 19)
                + Arrays.toString(Arrays.copyOfRange(refs, 4096, 5000)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesBackWhatWasRecordedBitForBit(long seed) throws IOException {
    var workload = new Workload(new Random(seed));
    var options = LogOptions.DEFAULT.withSegmentBytes(seed % 2 == 0 ? 64L << 20 : 20_000);
    for (int start = 0; start < 3; start++) {
      try (var log = start(options)) {
        for (int i = 0; i < 400; i++) {
          workload.step(log);
          if (i % 7 == 0) {
            flush(log);
          }
        }
      }
    }
    var replayed = Replayed.of(disk, root);
    assertThat(replayed.damages).isEmpty();
    assertThat(replayed.series).isEqualTo(workload.series);
    assertThat(replayed.points).isEqualTo(workload.points);
    assertThat(replayed.handedOver).isEqualTo(workload.points.size());
    if (seed % 2 == 1) {
      assertThat(segments()).hasSizeGreaterThan(10);
    }
  }

  @Test
  void rowsLongerThanARecordAreCut() throws IOException {
    int[] refs = IntStream.range(0, 10_001).toArray();
    double[] values = IntStream.range(0, 10_001).mapToDouble(i -> i * 0.1).toArray();
    try (var log = start(LogOptions.DEFAULT)) {
      log.row(7, 5, refs, values, 0, refs.length);
      log.row(7, 6, refs, values, 0, refs.length);
    }
    var replayed = Replayed.of(disk, root);
    assertThat(replayed.points).hasSize(20_002).contains(Point.of(10_000, 6, 10_000 * 0.1));
  }

  @Test
  void flushesAnswerInTheirOrder() throws IOException {
    var answered = new ArrayList<Integer>();
    try (var log = start(LogOptions.DEFAULT)) {
      for (int i = 0; i < 500; i++) {
        int number = i;
        log.sample(1, i, i);
        log.flush(failure -> answered.add(failure == null ? number : -1));
      }
    }
    assertThat(answered).isEqualTo(IntStream.range(0, 500).boxed().toList());
  }

  @Test
  void aCheckpointNeedsOnlyTheSegmentsFromItsRotationOn() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      log.sample(1, 10, 1);
      long segment = log.rotate();
      log.checkpoint(new byte[] {4, 2});
      log.sample(1, 20, 2);
      flush(log);
      log.dropBefore(segment);
      assertThat(segments()).hasSize(1);
      assertThat(log.rotate()).isEqualTo(segment + 1);
      assertThat(log.rotate()).as("nothing was recorded in between").isEqualTo(segment + 1);
      log.sample(1, 30, 3);
      flush(log);

      var replayed = new Replayed();
      replayed.run(disk, root, segment);
      assertThat(replayed.points).containsExactlyInAnyOrder(Point.of(1, 20, 2), Point.of(1, 30, 3));
      assertThat(replayed.checkpoints).containsExactly(new byte[] {4, 2});
      assertThat(replayed.damages).isEmpty();
    }
  }

  @Test
  void aCleanStopLeavesNothingReserved() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      log.sample(1, 10, 1);
      flush(log);
      assertThat(Files.size(segments().getFirst())).isGreaterThanOrEqualTo(1 << 20);
    }
    assertThat(Files.size(segments().getFirst())).isLessThan(1100);
  }

  @Test
  void withASyncIntervalAnAcknowledgedSampleOutlivesAKillAndACleanStopAPowerCut()
      throws IOException {
    var simulated = new SimulatedDisk();
    var summary = new Replayed().run(simulated, root, 0);
    var options = LogOptions.DEFAULT.withSyncInterval(Duration.ofDays(1));
    try (var log =
        Log.start(simulated, root.resolve("wal"), summary, options, CLOCK, LogWatcher.NONE)) {
      log.sample(1, 10, 1);
      flush(log);
      assertThat(log.syncs()).isZero();
      assertThat(Replayed.of(simulated.afterKill(), root).points).hasSize(1);
    }
    for (long seed = 0; seed < 20; seed++) {
      assertThat(Replayed.of(simulated.afterPowerCut(seed), root).points).hasSize(1);
    }
  }

  @Test
  void aMissingSegmentIsReportedAndTheOthersAreRead() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      for (int i = 1; i <= 3; i++) {
        log.sample(1, i, i);
        flush(log);
        log.rotate();
      }
    }
    Files.delete(segments().get(1));
    var replayed = Replayed.of(disk, root);
    assertThat(replayed.points).containsExactlyInAnyOrder(Point.of(1, 1, 1), Point.of(1, 3, 3));
    assertThat(replayed.damages)
        .singleElement()
        .satisfies(damage -> assertThat(damage.file()).hasFileName("0000000000000002"))
        .satisfies(damage -> assertThat(damage.reason()).isEqualTo("the segment is missing"));
  }

  @Test
  void aMissingFirstSegmentOfACheckpointIsReported() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      log.sample(1, 1, 1);
      log.rotate();
      log.sample(1, 2, 2);
      log.rotate();
      log.sample(1, 3, 3);
    }
    Files.delete(segments().get(1));
    var replayed = new Replayed();
    replayed.run(disk, root, 2);
    assertThat(replayed.damages).hasSize(1);
    assertThat(replayed.points).containsExactly(Point.of(1, 3, 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void filesThatAreNoSegmentsAtAllAreReportedAndNothingElse(long seed) throws IOException {
    var random = new Random(seed);
    try (var log = start(LogOptions.DEFAULT)) {
      log.sample(1, 10, 1);
      log.rotate();
      log.sample(1, 20, 2);
    }
    for (int i = 3; i < 20; i++) {
      var garbage = new byte[random.nextInt(20_000)];
      random.nextBytes(garbage);
      for (int at = 0; at + 4 < garbage.length; at += 1 + random.nextInt(40)) {
        // Plausible lengths, and zeros where the sequence number would be.
        garbage[at + 2] = 0;
        garbage[at + 3] = 0;
      }
      Files.write(root.resolve("wal/" + LogFormat.segmentName(i)), garbage);
    }
    Files.write(root.resolve("wal/notes.txt"), new byte[10]);
    Files.write(root.resolve("wal/" + LogFormat.segmentName(-1)), new byte[10]);
    var replayed = Replayed.of(disk, root);
    assertThat(replayed.points).containsExactlyInAnyOrder(Point.of(1, 10, 1), Point.of(1, 20, 2));
    assertThat(replayed.damages).hasSizeGreaterThan(10);
    try (var log = start(LogOptions.DEFAULT)) {
      log.sample(1, 30, 3);
    }
    assertThat(Replayed.of(disk, root).points).hasSize(3);
  }

  @Test
  void aSeriesLargerThanARecordIsRefusedAndTheRestGoesOn() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      var large = Labels.of("__name__", "x".repeat(LogFormat.MAX_RECORD_BYTES));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> log.series(3, 1, large))
          .withMessage("series 3 takes 4194321 bytes in the log, expected at most 4194304");
      log.series(4, 1, Labels.of("__name__", "x".repeat(1_000_000)));
    }
    assertThat(Replayed.of(disk, root).series).containsOnlyKeys(4);
  }

  @Test
  void nothingIsTakenOnceItIsClosed() throws IOException {
    var log = start(LogOptions.DEFAULT);
    assertThat(log.unavailable()).isNull();
    log.close();
    assertThat(log.unavailable()).hasMessage("the log is closed");
  }

  @Test
  void aSeriesThatComesTwiceInARowIsAnError() throws IOException {
    try (var log = start(LogOptions.DEFAULT)) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> log.row(9, 1, new int[] {5, 6, 5}, new double[3], 0, 3))
          .withMessage("series 5 comes twice in one row of target 9");
    }
  }
}
