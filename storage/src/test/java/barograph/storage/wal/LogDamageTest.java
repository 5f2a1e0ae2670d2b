package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Damage;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.wal.Replayed.Point;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What damage costs is told in samples, series and time, and nothing that was acknowledged goes
/// missing in silence.
@ExtendWith(QuietLog.class)
class LogDamageTest {
  private static final Path ROOT = Path.of("/data");
  private static final Path FIRST = ROOT.resolve("wal/0000000000000001");
  private static final Path MARK = ROOT.resolve("wal-synced");
  private static final long BASE = 1_700_000_000_000L;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(BASE));
  private static final int SERIES = 40;

  private final SimulatedDisk disk = new SimulatedDisk();

  /// Where each row's frame ends.
  private final List<Long> ends = new ArrayList<>();

  private static Log start(SimulatedDisk disk) throws IOException {
    var summary = new Replayed().run(disk, ROOT, 0);
    return Log.start(
        disk, ROOT.resolve("wal"), summary, LogOptions.DEFAULT, CLOCK, LogWatcher.NONE);
  }

  private static void flush(Log log) {
    var done = new CompletableFuture<@Nullable LogUnavailableException>();
    log.flush(done::complete);
    assertThat(done.join()).isNull();
  }

  /// Rows 0, 1, … of forty series, a second apart, each synced; what the process leaves when
  /// killed.
  private SimulatedDisk withRows(int rows) throws IOException {
    ends.clear();
    var log = start(disk);
    int[] refs = IntStream.range(0, SERIES).toArray();
    for (int row = 0; row < rows; row++) {
      int number = row;
      double[] values = IntStream.range(0, SERIES).mapToDouble(i -> i * 0.1 + number).toArray();
      log.row(3, BASE + row * 1000L, refs, values, 0, SERIES);
      flush(log);
      ends.add(log.bytesWritten());
    }
    SimulatedDisk left = disk.afterKill();
    log.close();
    return left;
  }

  private static Damage only(SimulatedDisk left) throws IOException {
    var replayed = Replayed.of(left, ROOT);
    assertThat(replayed.damages).hasSize(1);
    return replayed.damages.getFirst();
  }

  private static TimeRange rows(int from, int to) {
    return new TimeRange(BASE + from * 1000L, BASE + to * 1000L);
  }

  @Test
  void aLostFrameIsToldBySamplesSeriesAndTime() throws IOException {
    SimulatedDisk left = withRows(80);
    left.flipBit(FIRST, (ends.get(40) - 5) * 8);
    var replayed = Replayed.of(left, ROOT);
    assertThat(replayed.points).doesNotContain(Point.of(0, BASE + 41_000, 41));
    long missing = 80L * SERIES - replayed.points.size();
    assertThat(replayed.damages)
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.samples()).isEqualTo(missing);
          assertThat(damage.lost()).isNotNull();
          TimeRange lost = java.util.Objects.requireNonNull(damage.lost());
          assertThat(lost.startMillis()).isEqualTo(BASE + 40_000);
          assertThat(lost.endMillis()).isEqualTo(BASE + 40_000 + (missing / SERIES - 1) * 1000);
          assertThat(damage.series()).isBetween((long) SERIES, 2L * SERIES);
        });
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {100, 1_000, 4_096})
  void severalLostFramesAreToldByBoundsThatHold(int zeroed) throws IOException {
    SimulatedDisk left = withRows(80);
    try (var out = left.reopen(FIRST, ends.get(30) - zeroed / 2)) {
      out.write(ByteBuffer.allocate(zeroed));
    }
    var replayed = Replayed.of(left, ROOT);
    long missing = 80L * SERIES - replayed.points.size();
    Damage damage = replayed.damages.getFirst();
    assertThat(replayed.damages).hasSize(1);
    assertThat(damage.samples()).isEqualTo(missing);
    TimeRange lost = java.util.Objects.requireNonNull(damage.lost());
    for (int row = 0; row < 80; row++) {
      if (!replayed.points.contains(Point.of(0, BASE + row * 1000L, row))) {
        assertThat(lost.contains(BASE + row * 1000L)).as("row %d", row).isTrue();
      }
    }
  }

  @Test
  void aDamagedLastFrameIsNotTakenForATornEnd() throws IOException {
    SimulatedDisk left = withRows(10);
    left.flipBit(FIRST, (ends.get(9) - 5) * 8);
    Damage damage = only(left);
    assertThat(damage.samples()).isEqualTo(SERIES);
    assertThat(damage.lost()).isEqualTo(rows(0, 9));
    assertThat(damage.offset() + damage.bytes()).isEqualTo(ends.get(9));
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {1, 100, 3_000})
  void aNewestSegmentThatWasCutShortIsReported(int bytes) throws IOException {
    SimulatedDisk left = withRows(60);
    try (var out = left.reopen(FIRST, 0)) {
      out.truncate(ends.get(59) - bytes);
    }
    var replayed = Replayed.of(left, ROOT);
    assertThat(replayed.damages)
        .singleElement()
        .satisfies(damage ->
            assertThat(damage.samples()).isEqualTo(60L * SERIES - replayed.points.size()));
  }

  @Test
  void aNewestSegmentThatIsGoneIsReported() throws IOException {
    SimulatedDisk left = withRows(10);
    left.delete(FIRST);
    Damage damage = only(left);
    assertThat(damage.file()).isEqualTo(FIRST);
    assertThat(damage.samples()).isEqualTo(10L * SERIES);
    assertThat(damage.lost()).isEqualTo(rows(0, 9));
    start(left).close();
    assertThat(left.list(ROOT.resolve("wal")))
        .as("its number is not given again")
        .containsExactly(ROOT.resolve("wal/0000000000000002"));
  }

  @Test
  void whatThePowerCutTookFromTheMarkIsCountedAnewForTheNextSegment() throws IOException {
    SimulatedDisk left = withRows(10).afterPowerCutKeeping(0);
    start(left).close();
    left.delete(FIRST);
    Damage damage = only(left);
    assertThat(damage.samples()).isEqualTo(10L * SERIES);
    assertThat(damage.lost()).isEqualTo(rows(0, 9));
  }

  @Test
  void aNewestSegmentThatIsEmptyIsReported() throws IOException {
    SimulatedDisk left = withRows(10);
    try (var out = left.reopen(FIRST, 0)) {
      out.truncate(0);
    }
    assertThat(only(left).lost()).isEqualTo(rows(0, 9));
  }

  @Test
  void aSegmentWithoutHeadersIsToldByTheNextOne() throws IOException {
    SimulatedDisk left = withRows(10);
    start(left).close();
    left.flipBit(FIRST, 3);
    left.flipBit(FIRST, 512 * 8 + 3);
    Damage damage = only(left);
    assertThat(damage.samples()).isEqualTo(10L * SERIES);
    assertThat(damage.lost()).isEqualTo(rows(0, 9));
  }

  @ParameterizedTest(name = "bit {0}")
  @ValueSource(ints = {0, 40, 100, 200, 4_100, 4_196, 4_300})
  void aDamagedMarkCostsNothing(int bit) throws IOException {
    SimulatedDisk left = withRows(10);
    left.flipBit(MARK, bit);
    var replayed = Replayed.of(left, ROOT);
    assertThat(replayed.damages).isEmpty();
    assertThat(replayed.points).hasSize(10 * SERIES);
    start(left).close();
    assertThat(Replayed.of(left, ROOT).points).hasSize(10 * SERIES);
  }

  @Test
  void aLogWithoutAMarkIsReadAllTheSame() throws IOException {
    SimulatedDisk left = withRows(10);
    left.delete(MARK);
    var replayed = Replayed.of(left, ROOT);
    assertThat(replayed.damages).isEmpty();
    assertThat(replayed.points).hasSize(10 * SERIES);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatWasNeverSyncedIsNoDamage(long seed) throws IOException {
    var log = start(disk);
    int[] refs = IntStream.range(0, 4_000).toArray();
    double[] values = IntStream.range(0, 4_000).mapToDouble(i -> i * 0.37 + 1).toArray();
    log.row(1, BASE, refs, values, 0, refs.length);
    flush(log);
    for (int row = 1; row < 30; row++) {
      // Frames, but no flush: they may reach the disk, in any order.
      log.row(row, BASE + row, refs, values, 0, refs.length);
    }
    var replayed = Replayed.of(disk.afterPowerCut(seed), ROOT);
    assertThat(replayed.damages).isEmpty();
    assertThat(replayed.points).hasSizeGreaterThanOrEqualTo(4_000);
    log.close();
  }
}
