package barograph.server.self;

import barograph.server.self.Registry.Lines;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.HdrHistogram.Recorder;

/// Quantiles of durations over the last ten minutes, as Prometheus's summaries have them, recorded
/// from any thread without a lock.
///
/// Five histograms of two minutes each take turns. They are packed: what they hold lies close
/// together, at four digits, so that a beat that is a few milliseconds late is seen.
final class RecentQuantiles {
  private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};
  private static final int DIGITS = 4;
  private static final int TURNS = 5;
  private static final long TURN_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final LongSupplier nanoTime;
  private final Recorder recorder = new Recorder(DIGITS, true);
  private final Deque<Histogram> turns = new ArrayDeque<>(TURNS);
  private long turnedAtNanos;

  RecentQuantiles(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.turnedAtNanos = nanoTime.getAsLong();
    turns.add(new PackedHistogram(DIGITS));
  }

  void record(long nanos) {
    recorder.recordValue(Math.max(0, nanos));
  }

  synchronized void write(Lines lines, String... labels) {
    takeTurns();
    turns.getLast().add(recorder.getIntervalHistogram());
    var window = new PackedHistogram(DIGITS);
    turns.forEach(window::add);
    var all = Arrays.copyOf(labels, labels.length + 2);
    all[labels.length] = "quantile";
    for (double quantile : QUANTILES) {
      all[labels.length + 1] = Double.toString(quantile);
      lines.sample(
          "",
          window.getTotalCount() == 0
              ? Double.NaN
              : window.getValueAtPercentile(quantile * 100) / 1e9,
          all);
    }
  }

  private void takeTurns() {
    long over = Math.min((nanoTime.getAsLong() - turnedAtNanos) / TURN_NANOS, TURNS);
    for (long turn = 0; turn < over; turn++) {
      turns.add(new PackedHistogram(DIGITS));
      turnedAtNanos += TURN_NANOS;
      if (turns.size() > TURNS) {
        turns.removeFirst();
      }
    }
    if (over == TURNS) {
      turnedAtNanos = nanoTime.getAsLong();
    }
  }
}
