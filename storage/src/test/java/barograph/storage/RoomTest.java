package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.block.Block;
import barograph.storage.model.Labels;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path RESERVE = FOLDER.resolve("reserve");
  private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");
  private final SettableClock clock = new SettableClock(BEGIN);
  private final SimulatedDisk disk = new SimulatedDisk();

  private Store open(long budget) throws IOException {
    var options =
        StoreOptions.in(FOLDER)
            .withBlockSpan(Duration.ofMinutes(1))
            .withRetention(Duration.ZERO, budget)
            .withCheckpoints(Duration.ofMinutes(1), 2_000_000);
    return Store.open(options, disk, clock, StoreWatcher.NONE, false);
  }

  private void moveTo(Instant instant) {
    clock.move(Duration.between(clock.instant(), instant));
  }

  private void send(Store store, int series, Random random) {
    var batch = new SampleBatch();
    for (int i = 0; i < series; i++) {
      int ref = store.appender().seriesFor(Labels.of("__name__", "m", "n", "" + i), "t");
      batch.add(ref, clock.millis(), random.nextGaussian());
    }
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  private long used(Path folder) throws IOException {
    long sum = 0;
    for (Path path : disk.list(folder)) {
      sum += disk.isFolder(path) ? used(path) : disk.size(path);
    }
    return sum;
  }

  @Test
  void theBudgetIsNotPassedByMoreThanABlockAtAnyMomentOfAnHourOfLoadAndNoBlockGoesThatHasRoom()
      throws IOException {
    long budget = 10_000_000;
    var random = new Random(1);
    Store store = open(budget);
    long largest = 0;
    int deepest = 0;
    int gone = 0;
    for (int step = 0; step < 300; step++) {
      moveTo(BEGIN.plusSeconds(step * 12L));
      disk.watchBytes();
      send(store, 4000, random);
      var before = store.status().blocks();
      store.maintenance().maintain();
      var after = store.status().blocks();
      largest = after.stream().mapToLong(StoreStatus.BlockStatus::bytes).reduce(largest, Math::max);
      for (var block : after) {
        deepest = Math.max(deepest, block.level());
      }
      assertThat(disk.mostBytes()).as("step %d", step).isLessThanOrEqualTo(budget + largest);
      for (var block : before) {
        if (after.isEmpty() || block.range().endMillis() < after.getFirst().range().startMillis()) {
          gone++;
          assertThat(disk.mostBytes() + block.bytes())
              .as("step %d with the block that has gone", step)
              .isGreaterThan(budget);
        }
      }
    }
    assertThat(gone).isGreaterThan(2);
    assertThat(deepest).as("merges were among it").isGreaterThan(1);
    assertThat(store.status().blocks()).isNotEmpty();
  }

  @Test
  void whatAMergeIsGoingToWriteIsCountedUntilItEnds() throws IOException {
    var random = new Random(1);
    long budget = 10_000_000;
    Store store = open(budget);
    for (int step = 0; step < 60; step++) {
      moveTo(BEGIN.plusSeconds(step * 12L));
      send(store, 2000, random);
      store.maintenance().maintain();
    }
    List<Block> held = store.blocks().holdEach();
    int blocks = held.size();
    assertThat(store.room().allowsMerge(held)).isTrue();
    held.forEach(Block::close);
    store.retain(Duration.ZERO, used(FOLDER) + 150_000);
    store.room().retain(0, List.of());
    assertThat(store.status().blocks()).hasSizeLessThan(blocks).isNotEmpty();
    store.room().mergeEnded();
    int left = store.status().blocks().size();
    store.room().retain(0, List.of());
    assertThat(store.status().blocks()).hasSize(left);
  }

  @Test
  void anotherRetentionTakesEffectAtOnce() throws IOException {
    var random = new Random(1);
    Store store = open(0);
    for (int step = 0; step < 100; step++) {
      moveTo(BEGIN.plusSeconds(step * 10L));
      send(store, 3, random);
      store.maintenance().maintain();
    }
    assertThat(store.status().blocks().getFirst().range().startMillis())
        .isEqualTo(BEGIN.toEpochMilli());
    store.retain(Duration.ofMinutes(5), 0);
    store.maintenance().maintain();
    assertThat(store.status().blocks().getFirst().range().endMillis())
        .isGreaterThanOrEqualTo(clock.instant().minusSeconds(300).toEpochMilli());
  }

  @Test
  void aMergeThatWouldFillTheDiskDoesNotBegin() throws IOException {
    var random = new Random(1);
    Store store = open(0);
    for (int step = 0; step < 20; step++) {
      moveTo(BEGIN.plusSeconds(step * 10L));
      send(store, 50, random);
    }
    disk.capacity(used(FOLDER) + (8 << 20));
    store.maintenance().maintain();
    store.compactNow();
    assertThat(store.status().blocks()).hasSizeGreaterThan(1).allMatch(b -> b.level() == 1);
    disk.capacity(1L << 40);
    store.compactNow();
    assertThat(store.status().blocks()).hasSize(1).allMatch(b -> b.level() > 1);
  }

  @Test
  void aCutForWhichThereIsNoRoomWaitsWhileSamplesCheckpointsAndAnswersGoOn() throws IOException {
    var random = new Random(1);
    Store store = open(0);
    disk.capacity(used(FOLDER) + (9 << 20));
    int taken = 0;
    while (!store.status().space().cutsWait()) {
      moveTo(clock.instant().plusSeconds(12));
      send(store, 1500, random);
      store.maintenance().maintain();
      disk.capacity(used(FOLDER) + (taken++ < 20 ? 9 << 20 : 3 << 20));
    }
    int blocks = store.status().blocks().size();
    for (int step = 0; step < 20; step++) {
      moveTo(clock.instant().plusSeconds(12));
      send(store, 1500, random);
      store.maintenance().maintain();
      disk.capacity(used(FOLDER) + (3 << 20));
    }
    assertThat(store.status().blocks()).hasSize(blocks);
    assertThat(disk.list(FOLDER.resolve("blocks"))).as("nothing half written").hasSize(blocks);
    assertThat(store.head().minTime())
        .isLessThan(clock.millis() - Duration.ofMinutes(3).toMillis());
    disk.capacity(1L << 40);
    store.maintenance().maintain();
    assertThat(store.status().space().cutsWait()).isFalse();
    assertThat(store.head().minTime())
        .isGreaterThan(clock.millis() - Duration.ofMinutes(2).toMillis());
  }

  @Test
  void theReserveIsTakenGivenAndTakenAgain() throws IOException {
    Store store = open(0);
    disk.capacity(512 << 20);
    store.room().takeReserve();
    assertThat(disk.size(RESERVE)).isEqualTo(16 << 20);
    assertThat(store.room().releaseReserve()).isTrue();
    assertThat(disk.exists(RESERVE)).isFalse();
    assertThat(store.room().releaseReserve()).isFalse();
    disk.capacity(100 << 20);
    store.room().takeReserve();
    assertThat(disk.exists(RESERVE)).as("it would take too much of what is free").isFalse();
  }

  @Test
  void blocksAreReadThroughAndDamageIsTold() throws IOException {
    var random = new Random(1);
    Store store = open(0);
    for (int step = 0; step < 40; step++) {
      moveTo(BEGIN.plusSeconds(step * 10L));
      send(store, 2000, random);
    }
    store.compactNow();
    assertThat(store.status().blocks()).hasSize(1);
    String ulid = store.status().blocks().getFirst().ulid();
    store.close();
    disk.flipBit(FOLDER.resolve("blocks").resolve(ulid).resolve("block.bg"), 8 * 100_000);
    store = open(0);
    var scrub = new Scrub(store, clock);
    scrub.step(() -> false);
    assertThat(scrub.status().blocksRead()).isEqualTo(1);
    assertThat(scrub.status().damagedPages()).isEqualTo(1);
    assertThat(scrub.status().lastRound()).isEqualTo(clock.instant());
    assertThat(store.status().damages()).isEqualTo(1);
    scrub.step(() -> false);
    assertThat(scrub.status().blocksRead()).as("it is not due again").isEqualTo(1);
    moveTo(clock.instant().plus(Duration.ofDays(4)));
    scrub.step(() -> false);
    assertThat(scrub.status().blocksRead()).isEqualTo(2);
    assertThat(Verification.of(FOLDER, disk)).hasSize(1).first().asString().contains(ulid);
    assertThat(List.of(disk.list(FOLDER.resolve("quarantine")))).containsExactly(List.of());
  }
}
