package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stops a store of which everything happens in little time (blocks, checkpoints, retention) after
/// each of its disk's operations, and holds what the next start finds against what was sent and
/// what was acknowledged by then.
class StoreCrashTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();

  private record Key(String series, long time) {}

  /// What was sent, and after how many operations of the disk it was acknowledged.
  private static final class Ledger {
    final Map<Key, Double> sent = new HashMap<>();
    final Map<Key, Long> acknowledgedAt = new HashMap<>();
  }

  private static StoreOptions options() {
    return StoreOptions.in(FOLDER)
        .withBlockSpan(Duration.ofMinutes(1))
        .withRetention(Duration.ZERO, 0)
        .withCheckpoints(Duration.ofHours(1), 6_000);
  }

  private final AtomicLong now = new AtomicLong(NOW.toEpochMilli());

  private Store open(SimulatedDisk disk) throws IOException {
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    return Store.open(options(), disk, clock, StoreWatcher.NONE, false);
  }

  /// Twenty batches over four minutes of samples' time, with maintenance after each and some
  /// samples that come late.
  private void run(Store store, SimulatedDisk disk, Random random, Ledger ledger, int steps)
      throws IOException {
    for (int step = 0; step < steps; step++) {
      now.addAndGet(5_000);
      var batch = new SampleBatch();
      var keys = new ArrayList<Key>();
      for (int i = 0; i < 6; i++) {
        if (random.nextInt(5) == 0) {
          continue;
        }
        String name = i < 5 ? "s" + i : "short-lived-" + step / 5;
        int ref = store.appender().seriesFor(Labels.of("__name__", name), "t" + i % 2);
        for (int k = 0; k < 1 + i; k++) {
          long time = BEGIN + step * 12_000L + k * 100L + i % 3;
          double value = random.nextBoolean() ? random.nextInt(100) : random.nextGaussian();
          batch.add(ref, time, value);
          var key = new Key(name, time);
          keys.add(key);
          ledger.sent.put(key, value);
        }
      }
      for (int i = 0; i < 3; i++) {
        String name = random.nextInt(4) == 0 ? "only-late" : "s" + random.nextInt(5);
        int ref = store.appender().seriesFor(Labels.of("__name__", name), "t" + i % 2);
        long time = BEGIN + (step - random.nextInt(12)) * 12_000L + 5_000 + random.nextInt(8);
        // A function of the time, so that what comes twice is the same.
        double value = (double) (time % 1_000);
        batch.add(ref, time, value);
        var key = new Key(name, time);
        keys.add(key);
        ledger.sent.put(key, value);
      }
      try {
        WriteResult result = store.appender().append(batch).join();
        assertThat(result.complete()).isTrue();
        keys.forEach(key -> ledger.acknowledgedAt.put(key, disk.operations()));
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
      }
      store.maintenance().maintain();
    }
  }

  private static Map<Key, Double> read(Store store) {
    var found = new HashMap<Key, Double>();
    var columns = new SampleColumns();
    try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        for (int k = 0; k < columns.size(); k++) {
          var key = new Key(selection.labels(i).metricName(), columns.timestamps()[k]);
          assertThat(found.put(key, columns.values()[k])).as("%s comes twice", key).isNull();
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }

  private void assertNothingLost(SimulatedDisk disk, Ledger ledger, long operations)
      throws IOException {
    try (Store store = open(disk)) {
      assertThat(store.status().damages()).isZero();
      Map<Key, Double> found = read(store);
      assertThat(ledger.sent).containsAllEntriesOf(found);
      ledger.acknowledgedAt.forEach((key, at) -> {
        if (at <= operations) {
          assertThat(found).as("%s was acknowledged", key).containsKey(key);
        }
      });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whateverTheOperationItStopsAtNothingAcknowledgedIsLost(long seed) throws IOException {
    SimulatedDisk disk = SimulatedDisk.recording();
    var ledger = new Ledger();
    try (Store store = open(disk)) {
      run(store, disk, new Random(seed), ledger, 20);
      assertThat(store.status().blocks()).hasSizeGreaterThan(1);
    }
    long all = disk.operations();
    for (long k = 0; k <= all; k++) {
      SimulatedDisk then = disk.after(k);
      assertNothingLost(then.afterKill(), ledger, k);
      assertNothingLost(then.afterPowerCut(seed * 1000 + k), ledger, k);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aSecondPowerCutDuringRecoveryLosesNothingEither(long seed) throws IOException {
    SimulatedDisk disk = SimulatedDisk.recording();
    var ledger = new Ledger();
    try (Store store = open(disk)) {
      run(store, disk, new Random(seed), ledger, 14);
    }
    var random = new Random(seed);
    long all = disk.operations();
    for (int round = 0; round < 60; round++) {
      long k = random.nextLong(all + 1);
      SimulatedDisk then = disk.after(k).afterPowerCut(random.nextLong());
      then.failFrom(random.nextInt(12), SimulatedDisk.Fault.BROKEN);
      try {
        open(then).close();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("simulated");
      }
      assertNothingLost(then.afterPowerCut(random.nextLong()), ledger, k);
    }
  }

  private static boolean send(Store store, int step) {
    var batch = new SampleBatch();
    for (int i = 0; i <= step; i++) {
      int ref = store.appender().seriesFor(Labels.of("__name__", "s" + i), "t");
      batch.add(ref, BEGIN + step, i);
    }
    return store.appender().append(batch).join().complete();
  }

  /// Whoever gets no answer sends again, and is answered from what the kill has left.
  @Test
  void whatIsSentAgainAfterAKillOutlivesThePowerCutThatFollows() throws IOException {
    SimulatedDisk disk = SimulatedDisk.recording();
    int steps = 4;
    var acknowledgedAt = new long[steps];
    try (Store store = open(disk)) {
      for (int step = 0; step < steps; step++) {
        assertThat(send(store, step)).isTrue();
        acknowledgedAt[step] = disk.operations();
      }
    }
    for (long k = 0; k <= acknowledgedAt[steps - 1]; k++) {
      int step = 0;
      while (acknowledgedAt[step] < k) {
        step++;
      }
      SimulatedDisk then = disk.after(k).afterKill();
      Store store = open(then);
      assertThat(send(store, step)).isTrue();
      assertThat(send(store, step + 1)).isTrue();
      SimulatedDisk left = then.afterPowerCutKeeping(0);
      store.close();
      try (Store again = open(left)) {
        Map<Key, Double> found = read(again);
        for (int i = 0; i <= step + 1; i++) {
          assertThat(found)
              .as("killed after operation %d", k)
              .containsEntry(new Key("s" + i, BEGIN + step + 1), (double) i);
          if (i <= step) {
            assertThat(found)
                .as("killed after operation %d", k)
                .containsEntry(new Key("s" + i, BEGIN + step), (double) i);
          }
        }
        assertThat(again.status().damages()).isZero();
      }
    }
  }

  @ParameterizedTest(name = "full from operation {0}")
  @ValueSource(ints = {0, 5, 10, 20, 40, 60, 80, 100, 150, 200})
  void aFullDiskIsAnOrdinaryEvent(int from) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    var ledger = new Ledger();
    Store store = open(disk);
    disk.failFrom(disk.operations() + from, SimulatedDisk.Fault.FULL);
    try {
      run(store, disk, new Random(from), ledger, 20);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
    assertNothingLost(disk.afterPowerCut(from), ledger, Long.MAX_VALUE);
    disk.heal();
    store.close();
    assertNothingLost(disk.afterPowerCut(from), ledger, Long.MAX_VALUE);
  }
}
