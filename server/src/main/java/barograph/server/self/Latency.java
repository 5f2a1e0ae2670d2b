package barograph.server.self;

import barograph.server.self.Registry.Lines;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// How long something takes, recorded from any thread without a lock.
///
/// Quantiles are over the last minute or two: two histograms take turns, so that an hour-old hiccup
/// does not colour today's figure. Count and sum go on for ever.
public final class Latency {
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long TURN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final double[] QUANTILES = {0.5, 0.9, 0.99};

  private final Recorder recorder = new Recorder(HIGHEST_NANOS, 2);
  private final Histogram window = new Histogram(HIGHEST_NANOS, 2);
  private Histogram current = new Histogram(HIGHEST_NANOS, 2);
  private Histogram previous = new Histogram(HIGHEST_NANOS, 2);
  private long turnedAtNanos = System.nanoTime();
  private long count;
  private double sumSeconds;

  Latency() {}

  public void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
  }

  synchronized void write(Lines lines, String... labels) {
    Histogram interval = recorder.getIntervalHistogram();
    count += interval.getTotalCount();
    sumSeconds += interval.getMean() * interval.getTotalCount() / 1e9;
    current.add(interval);
    window.reset();
    window.add(previous);
    window.add(current);
    for (double quantile : QUANTILES) {
      double value =
          window.getTotalCount() == 0
              ? Double.NaN
              : window.getValueAtPercentile(quantile * 100) / 1e9;
      lines.sample("", value, with(labels, "quantile", Double.toString(quantile)));
    }
    lines.sample("_sum", sumSeconds, labels);
    lines.sample("_count", (double) count, labels);
    long now = System.nanoTime();
    if (now - turnedAtNanos > TURN_NANOS) {
      previous = current;
      current = new Histogram(HIGHEST_NANOS, 2);
      turnedAtNanos = now;
    }
  }

  static String[] with(String[] labels, String name, String value) {
    var more = Arrays.copyOf(labels, labels.length + 2);
    more[labels.length] = name;
    more[labels.length + 1] = value;
    return more;
  }
}
