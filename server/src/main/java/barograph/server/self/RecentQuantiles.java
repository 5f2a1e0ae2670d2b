package barograph.server.self;

import barograph.server.self.Registry.Lines;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Recorder;

/// Quantiles of durations over the last ten minutes, as Prometheus's summaries have them, recorded
/// from any thread without a lock.
///
/// What is recorded is counted at four digits, so that a beat that is a few milliseconds late is
/// seen, and then kept as the few numbers that came, in five turns of two minutes each: a histogram
/// of that many digits has hundreds of thousands of places, which take long to look at.
final class RecentQuantiles {
  private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};
  private static final int DIGITS = 4;
  private static final int TURNS = 5;
  private static final long TURN_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final LongSupplier nanoTime;
  private final Recorder recorder = new Recorder(DIGITS, true);

  /// How often each number of microseconds came, the oldest turn first.
  private final Deque<NavigableMap<Long, Long>> turns = new ArrayDeque<>(TURNS);

  private long turnedAtNanos;

  RecentQuantiles(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.turnedAtNanos = nanoTime.getAsLong();
    turns.add(new TreeMap<>());
  }

  void record(long nanos) {
    recorder.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos)));
  }

  synchronized void write(Lines lines, String... labels) {
    takeTurns();
    for (var recorded : recorder.getIntervalHistogram().recordedValues()) {
      turns
          .getLast()
          .merge(recorded.getValueIteratedTo(), recorded.getCountAtValueIteratedTo(), Long::sum);
    }
    var window = new TreeMap<Long, Long>();
    turns.forEach(turn -> turn.forEach((micros, count) -> window.merge(micros, count, Long::sum)));
    var all = Arrays.copyOf(labels, labels.length + 2);
    all[labels.length] = "quantile";
    for (double quantile : QUANTILES) {
      all[labels.length + 1] = Double.toString(quantile);
      lines.sample("", quantile(quantile, window), all);
    }
  }

  /// The smallest duration that so large a share of all does not exceed, in seconds.
  private static double quantile(double quantile, NavigableMap<Long, Long> window) {
    long total = window.values().stream().mapToLong(Long::longValue).sum();
    long left = (long) Math.ceil(quantile * total);
    for (var recorded : window.entrySet()) {
      left -= recorded.getValue();
      if (left <= 0) {
        return recorded.getKey() / 1e6;
      }
    }
    return Double.NaN;
  }

  private void takeTurns() {
    long over = Math.min((nanoTime.getAsLong() - turnedAtNanos) / TURN_NANOS, TURNS);
    for (long turn = 0; turn < over; turn++) {
      turns.add(new TreeMap<>());
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
