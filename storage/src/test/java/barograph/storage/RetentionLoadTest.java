package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.crash.Effort;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Retention by size while samples come in as fast as the store's own threads make blocks of them:
/// minutes of samples in a few seconds each, an hour of them in the long run. The disk says how
/// much was on it at any operation.
@Execution(ExecutionMode.CONCURRENT)
class RetentionLoadTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration SPAN = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofSeconds(2);
  private static final int SERIES = 10_000;
  private static final long BUDGET = 25_000_000;

  /// Too little for a reserve, which is not counted.
  private static final long DISK_BYTES = 127L << 20;

  private final SettableClock clock = new SettableClock(BEGIN);
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Random random = new Random(1);
  private final int[] refs = new int[SERIES];
  private long largest;

  /// Where the oldest block began, at the latest.
  private long oldest;

  private Store open() throws IOException {
    disk.capacity(DISK_BYTES);
    var options =
        StoreOptions.in(Path.of("/data"))
            .withBlockSpan(SPAN)
            .withRetention(Duration.ZERO, BUDGET)
            .withCheckpoints(Duration.ofMinutes(1), 8_000_000);
    return Store.open(options, disk, clock, StoreWatcher.NONE, true);
  }

  private void send(Store store) {
    var batch = new SampleBatch();
    for (int ref : refs) {
      batch.add(ref, clock.millis(), random.nextGaussian());
    }
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  /// Waits until the head holds less than two blocks would.
  private static void waitForCuts(Store store) throws InterruptedException {
    while (true) {
      TimeRange head = store.status().headRange();
      if (head == null || head.endMillis() - head.startMillis() < 2 * SPAN.toMillis()) {
        return;
      }
      Thread.sleep(5);
    }
  }

  private void look(Store store) {
    var blocks = store.status().blocks();
    for (var block : blocks) {
      largest = Math.max(largest, block.bytes());
    }
    if (!blocks.isEmpty()) {
      oldest = Math.max(oldest, blocks.getFirst().range().startMillis());
    }
  }

  @Test
  void theBudgetIsNotPassedByMoreThanABlockWhileBlocksAndCheckpointsAreWritten() throws Exception {
    Duration time = Effort.isLong() ? Duration.ofHours(1) : Duration.ofMinutes(10);
    long most = 0;
    try (Store store = open()) {
      for (int i = 0; i < SERIES; i++) {
        refs[i] = store.appender().seriesFor(Labels.of("__name__", "m", "n", "" + i), "t");
      }
      while (clock.instant().isBefore(BEGIN.plus(time))) {
        disk.watchBytes();
        send(store);
        waitForCuts(store);
        look(store);
        most = Math.max(most, disk.mostBytes());
        assertThat(disk.mostBytes()).as("%s", clock.instant()).isLessThan(BUDGET + largest);
        clock.move(STEP);
      }
      assertThat(oldest).as("the oldest have gone").isGreaterThan(BEGIN.plus(SPAN).toEpochMilli());
    }
    Effort.say(
        "retention by size: %s of samples, budget %d, at most %d bytes, the largest block %d"
            .formatted(time, BUDGET, most, largest));
  }
}
