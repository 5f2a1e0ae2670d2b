package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.Disk;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.testkit.SimulatedDisk.Fault;
import barograph.storage.wal.Replayed.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stops the machine after every single operation, and asks each time: is all there that somebody
/// was told is stored, and nothing that nobody sent?
@ExtendWith(QuietLog.class)
class LogCrashTest {
  private static final Path ROOT = Path.of("/data");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));

  /// Segments so small that the workloads cross several.
  private static final LogOptions SMALL = LogOptions.DEFAULT.withSegmentBytes(4096);

  /// What had been acknowledged once the disk had seen so many operations.
  private record Acknowledged(long operations, Set<Point> points, Set<Integer> series) {}

  /// Hears whether the log gave up.
  private static final class Watching implements LogWatcher {
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    @Override
    public void failed(Throwable cause) {
      failed.complete(cause);
    }
  }

  private static Log start(Disk disk, LogWatcher watcher) throws IOException {
    var summary = new Replayed().run(disk, ROOT, 0);
    return Log.start(disk, ROOT.resolve("wal"), summary, SMALL, CLOCK, watcher);
  }

  private static @Nullable LogUnavailableException flush(Log log) {
    var done = new CompletableFuture<@Nullable LogUnavailableException>();
    log.flush(done::complete);
    return done.join();
  }

  /// Runs a workload with a flush every few steps and tells what was acknowledged when.
  private static List<Acknowledged> run(SimulatedDisk disk, Workload workload, int steps)
      throws IOException {
    var all = new ArrayList<Acknowledged>();
    all.add(new Acknowledged(0, Set.of(), Set.of()));
    try (var log = start(disk, LogWatcher.NONE)) {
      for (int i = 0; i < steps; i++) {
        workload.step(log);
        if (i % 3 == 2) {
          var points = Set.copyOf(workload.points);
          var series = Set.copyOf(workload.series.keySet());
          var done = new CompletableFuture<Acknowledged>();
          log.flush(failure -> {
            assertThat(failure).isNull();
            done.complete(new Acknowledged(disk.operations(), points, series));
          });
          all.add(done.join());
        }
      }
    }
    return all;
  }

  /// Fails unless all of `expected` is in `found`; AssertJ takes the product of the sizes for it.
  private static <T> void requireAll(Set<T> found, Set<T> expected, String moment) {
    if (!found.containsAll(expected)) {
      assertThat(found).as(moment).containsAll(expected);
    }
  }

  private static Acknowledged before(List<Acknowledged> all, long operations) {
    var last = all.getFirst();
    for (var acknowledged : all) {
      if (acknowledged.operations <= operations) {
        last = acknowledged;
      }
    }
    return last;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void afterAPowerCutAtAnyMomentEverythingAcknowledgedIsThere(long seed) throws IOException {
    var disk = SimulatedDisk.recording();
    var workload = new Workload(new Random(seed));
    var acknowledged = run(disk, workload, 60);
    for (long k = 0; k <= disk.operations(); k++) {
      var before = before(acknowledged, k);
      var then = disk.after(k);
      for (int cut = 0; cut < 12; cut++) {
        var replayed = Replayed.of(then.afterPowerCut(1000 * k + cut), ROOT);
        var moment = "operation %d, power cut %d".formatted(k, cut);
        assertThat(replayed.damages).as(moment).isEmpty();
        requireAll(replayed.points, before.points, moment);
        requireAll(workload.points, replayed.points, moment);
        requireAll(replayed.series.keySet(), before.series, moment);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void afterAKillAtAnyMomentNothingIsDamaged(long seed) throws IOException {
    var disk = SimulatedDisk.recording();
    var workload = new Workload(new Random(seed));
    var acknowledged = run(disk, workload, 60);
    for (long k = 0; k <= disk.operations(); k++) {
      var replayed = Replayed.of(disk.after(k).afterKill(), ROOT);
      assertThat(replayed.damages).as("operation %d", k).isEmpty();
      requireAll(replayed.points, before(acknowledged, k).points, "operation " + k);
      requireAll(workload.points, replayed.points, "operation " + k);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aSecondPowerCutDuringTheNextStartLosesNothingMore(long seed) throws IOException {
    var first = SimulatedDisk.recording();
    var workload = new Workload(new Random(seed));
    var acknowledged = run(first, workload, 30);
    for (long k = 0; k <= first.operations(); k += 3) {
      var then = first.after(k).afterPowerCut(k);
      var found = Replayed.of(then, ROOT).points;
      for (long left = 0; left < 8; left++) {
        var again = then.afterKill();
        again.failFrom(left, Fault.BROKEN);
        var late = Point.of(1_000_000, 5, 42);
        boolean safe = false;
        try (var log = start(again, LogWatcher.NONE)) {
          log.sample(1_000_000, 5, 42);
          safe = flush(log) == null;
        } catch (IOException broken) {
          // The disk broke before the log had a folder.
        }
        var replayed = Replayed.of(again.afterPowerCut(left), ROOT);
        requireAll(replayed.points, before(acknowledged, k).points, "operation " + k);
        requireAll(replayed.points, found, "operation " + k);
        assertThat(replayed.points.contains(late) || !safe).isTrue();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Fault.class,
      names = {"BROKEN", "FORCE_FAILS"})
  void onceTheDiskFailsNothingIsAcknowledgedAnyMore(Fault fault) throws IOException {
    for (int from = 2; from < 60; from++) {
      var disk = new SimulatedDisk();
      disk.failFrom(from, fault);
      var workload = new Workload(new Random(from));
      var acknowledged = new HashSet<Point>();
      var watcher = new Watching();
      boolean failed = false;
      try (var log = start(disk, watcher)) {
        for (int i = 0; i < 40; i++) {
          workload.step(log);
          if (flush(log) == null) {
            assertThat(failed).as("acknowledged after a failure").isFalse();
            acknowledged.addAll(workload.points);
          } else {
            failed = true;
            assertThat(log.unavailable()).hasMessageStartingWith("the log has failed: ");
          }
        }
      }
      assertThat(watcher.failed.isDone()).isEqualTo(failed);
      disk.heal();
      var replayed = Replayed.of(disk.afterPowerCut(from), ROOT);
      requireAll(replayed.points, acknowledged, "from operation " + from);
      requireAll(workload.points, replayed.points, "from operation " + from);
    }
  }

  @ParameterizedTest(name = "from operation {0}")
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 21, 34})
  void onAFullDiskNothingIsAcknowledgedAndAllGoesOnOnceThereIsSpace(int from) throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(ROOT.resolve("wal"));
    disk.failFrom(from, Fault.FULL);
    var workload = new Workload(new Random(from));
    var acknowledged = new HashSet<Point>();
    var watcher = new Watching();
    try (var log = start(disk, watcher)) {
      LogUnavailableException refusal = null;
      for (int i = 0; i < 400 && refusal == null; i++) {
        workload.step(log);
        refusal = flush(log);
        if (refusal == null) {
          acknowledged.addAll(workload.points);
        }
      }
      assertThat(refusal).hasMessageStartingWith("the disk is full: ");
      assertThat(log.unavailable()).isNotNull();
      var cut = Replayed.of(disk.afterPowerCut(from), ROOT);
      requireAll(cut.points, acknowledged, "while the disk is full");
      assertThat(Replayed.of(disk.afterKill(), ROOT).damages).isEmpty();

      disk.heal();
      while (log.unavailable() != null) {
        flush(log);
      }
      workload.step(log);
      assertThat(flush(log)).isNull();
      assertThat(watcher.failed).isNotDone();
      var replayed = Replayed.of(disk.afterPowerCut(from), ROOT);
      assertThat(replayed.points).as("what was refused is there too").isEqualTo(workload.points);
      assertThat(replayed.damages).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aFlippedBitNeverMakesAWrongSampleAndCostsOneSegmentAtMost(long seed) throws IOException {
    var disk = SimulatedDisk.recording();
    var workload = new Workload(new Random(seed));
    run(disk, workload, 90);
    var random = new Random(seed);
    var segments = disk.list(ROOT.resolve("wal"));
    assertThat(segments).hasSizeGreaterThan(2);
    for (int flip = 0; flip < 200; flip++) {
      var damaged = disk.afterKill();
      var segment = segments.get(random.nextInt(segments.size()));
      damaged.flipBit(segment, random.nextLong(damaged.size(segment) * 8));
      var others = disk.afterKill();
      others.delete(segment);
      var replayed = Replayed.of(damaged, ROOT);
      requireAll(workload.points, replayed.points, "flip " + flip);
      requireAll(replayed.points, Replayed.of(others, ROOT).points, "flip " + flip);
      if (replayed.points.size() < workload.points.size()) {
        assertThat(replayed.damages).isNotEmpty();
        assertThat(damaged.list(ROOT.resolve("quarantine"))).isNotEmpty();
      }
    }
  }

  @ParameterizedTest(name = "segment {0}")
  @ValueSource(ints = {0, 1, 2})
  void aSegmentOnABadSectorIsReportedAndTheOthersAreRead(int bad) throws IOException {
    var disk = new SimulatedDisk();
    try (var log = start(disk, LogWatcher.NONE)) {
      for (int i = 0; i < 3; i++) {
        log.sample(i, i, i);
        log.rotate();
      }
    }
    disk.failReads(disk.list(ROOT.resolve("wal")).get(bad));
    for (int start = 0; start < 2; start++) {
      var replayed = Replayed.of(disk, ROOT);
      assertThat(replayed.points).hasSize(2).doesNotContain(Point.of(bad, bad, bad));
      assertThat(replayed.damages).hasSize(1);
      start(disk, LogWatcher.NONE).close();
    }
  }
}
