package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.RandomHistograms;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two threads read a log back as one does: call for call, and byte for byte on the disk.
@ExtendWith(QuietLog.class)
class ReplayAheadTest {
  private static final Path ROOT = Path.of("/data");
  private static final Path WAL = ROOT.resolve("wal");
  private static final Path QUARANTINE = ROOT.resolve("quarantine");
  private static final long BASE = 1_700_000_000_000L;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(BASE));

  /// Writes down every call, in order, and on which thread it came.
  private static class Transcript implements ReplayHandler {
    final List<String> calls = new ArrayList<>();
    final Thread caller = Thread.currentThread();

    void note(String call) {
      assertThat(Thread.currentThread()).isEqualTo(caller);
      calls.add(call);
    }

    @Override
    public void target(int target, String name) {
      note("target %d %s".formatted(target, name));
    }

    @Override
    public void series(int ref, int target, Labels labels) {
      note("series %d %d %s".formatted(ref, target, labels));
    }

    @Override
    public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
      long bits = 0;
      for (int i = 0; i < count; i++) {
        bits = 31 * bits + Double.doubleToRawLongBits(values[i]);
      }
      int[] taken = Arrays.copyOf(refs, count);
      note("row %d %d %d %x".formatted(target, timestampMillis, Arrays.hashCode(taken), bits));
    }

    @Override
    public void sample(int ref, long timestampMillis, double value) {
      long bits = Double.doubleToRawLongBits(value);
      note("sample %d %d %x".formatted(ref, timestampMillis, bits));
    }

    @Override
    public void tombstone(TimeRange range, int[] refs, int count) {
      note("tombstone %s %s".formatted(range, Arrays.toString(Arrays.copyOf(refs, count))));
    }

    @Override
    public void lateTombstone(TimeRange range, int[] refs, int count) {
      note("late tombstone %s %s".formatted(range, Arrays.toString(Arrays.copyOf(refs, count))));
    }

    @Override
    public void late(int ref, long timestampMillis, double value) {
      long bits = Double.doubleToRawLongBits(value);
      note("late %d %d %x".formatted(ref, timestampMillis, bits));
    }

    @Override
    public void histogram(int ref, long timestampMillis, Histogram histogram) {
      note("histogram %d %d %s".formatted(ref, timestampMillis, histogram));
    }

    @Override
    public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
      note("late histogram %d %d %s".formatted(ref, timestampMillis, histogram));
    }

    @Override
    public void exemplar(int ref, Exemplar exemplar) {
      note("exemplar %d %s".formatted(ref, exemplar));
    }

    @Override
    public void metadata(String metric, MetricMetadata metadata) {
      note("metadata %s %s".formatted(metric, metadata));
    }

    @Override
    public void checkpoint(byte[] payload) {
      note("checkpoint " + Arrays.toString(payload));
    }

    @Override
    public void damaged(Damage damage) {
      note("damaged " + damage);
    }
  }

  /// A log of several segments with everything in it that a log can have.
  private static SimulatedDisk written(Random random, int steps) throws IOException {
    var disk = new SimulatedDisk();
    var log =
        Log.start(
            disk,
            WAL,
            new Replayed().run(disk, ROOT, 0),
            LogOptions.DEFAULT,
            CLOCK,
            LogWatcher.NONE);
    var workload = new Workload(random);
    var histograms = new RandomHistograms(random);
    workload.newTarget(log);
    for (int i = 0; i < steps; i++) {
      workload.step(log);
      int ref = random.nextInt(workload.series.size());
      switch (random.nextInt(60)) {
        case 0 -> log.late(ref, new long[] {BASE - i}, new double[] {i}, 0, 1);
        case 1 -> log.histogram(ref, BASE + i, histograms.next());
        case 2 -> log.exemplar(ref, new Exemplar(Labels.of("trace", "a" + i), i, BASE + i));
        case 3 ->
            log.metadata(
                "metric_" + ref, new MetricMetadata(MetricMetadata.Type.GAUGE, "help " + i, ""));
        case 4 -> {
          log.tombstone(new TimeRange(BASE, BASE + i), new int[] {ref});
          log.lateTombstone(new TimeRange(BASE, BASE + 2L * i), new int[] {ref});
        }
        case 5 -> log.lateHistogram(ref, BASE - i, histograms.next());
        case 6, 7, 8 -> flush(log);
        default -> {}
      }
      if (i == steps / 2) {
        var _ = log.rotate();
      }
    }
    flush(log);
    SimulatedDisk left = disk.afterKill();
    log.close();
    return left;
  }

  private static void flush(Log log) {
    var done = new CompletableFuture<@Nullable LogUnavailableException>();
    log.flush(done::complete);
    assertThat(done.join()).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCallsAndTheDiskAreTheSame(long seed) throws IOException {
    var random = new Random(seed);
    SimulatedDisk left = written(random, seed % 4 == 0 ? 1_500 : 300);
    List<Path> segments = left.list(WAL);
    for (int flips = random.nextInt(6); flips > 0; flips--) {
      Path file = segments.get(random.nextInt(segments.size()));
      left.flipBit(file, (long) (random.nextDouble() * left.size(file) * 8));
    }
    SimulatedDisk copy = left.afterKill();
    var one = new Transcript();
    var two = new Transcript();

    ReplaySummary expected = Replay.run(left, WAL, QUARANTINE, 0, one);
    ReplaySummary found = ReplayAhead.run(copy, WAL, QUARANTINE, 0, two);

    assertThat(one.calls).hasSizeGreaterThan(200);
    assertThat(two.calls).isEqualTo(one.calls);
    assertThat(found).isEqualTo(expected);
    assertThat(copy.fingerprint()).isEqualTo(left.fingerprint());
  }

  @Test
  void whatTheHandlerThrowsComesToTheCallerAndNobodyReadsOn() throws IOException {
    SimulatedDisk left = written(new Random(1), 1_500);
    var failing =
        new Transcript() {
          @Override
          void note(String call) {
            super.note(call);
            if (calls.size() == 100) {
              throw new IllegalStateException("full");
            }
          }
        };

    assertThatThrownBy(() -> ReplayAhead.run(left, WAL, QUARANTINE, 0, failing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("full");
    assertThat(failing.calls).hasSize(100);
  }

  @Test
  void whoIsInterruptedReadsOnAndIsInterruptedAfterwards() throws IOException {
    SimulatedDisk left = written(new Random(2), 300);
    var one = new Transcript();
    var two = new Transcript();
    Replay.run(left, WAL, QUARANTINE, 0, one);

    Thread.currentThread().interrupt();
    ReplayAhead.run(left, WAL, QUARANTINE, 0, two);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(two.calls).isEqualTo(one.calls);
  }
}
