package barograph.ingest.scrape;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What scraping has done since the process began, counted for the server's own metrics.
public final class ScrapeCounters {
  final LongAdder visits = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder missed = new LongAdder();
  final LongAdder samples = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder outOfOrder = new LongAdder();
  final LongAdder outOfBounds = new LongAdder();
  final LongAdder sampleLimitExceeded = new LongAdder();
  final LongAdder bodyLimitExceeded = new LongAdder();
  final LongAdder labelLimitExceeded = new LongAdder();
  final LongAdder bucketLimitExceeded = new LongAdder();
  final LongAdder targetLimitExceeded = new LongAdder();
  final LongAdder seriesRefused = new LongAdder();
  final LongAdder exemplars = new LongAdder();
  final LongAdder exemplarsRefused = new LongAdder();

  private final Map<Duration, Interval> intervals = new ConcurrentHashMap<>();
  private volatile ScrapeTimes times = ScrapeTimes.UNHEARD;

  private static final class Interval {
    final LongAdder visits = new LongAdder();
    final LongAdder nanos = new LongAdder();
  }

  /// How long it was from one visit of each target to the next, all of them together.
  ///
  /// @param visits all but the first of each target
  public record IntervalLength(long visits, long nanos) {}

  /// Notes that a target was visited so long after the last time.
  void interval(Duration wanted, long nanos) {
    var interval = intervals.computeIfAbsent(wanted, absent -> new Interval());
    interval.visits.increment();
    interval.nanos.add(nanos);
    times.visitedAfter(DurationText.of(wanted), nanos);
  }

  /// Notes that making a job's targets took so long.
  void synced(String job, long nanos) {
    times.synced(job, nanos);
  }

  /// From now on `times` hears how long each thing took.
  public void tell(ScrapeTimes times) {
    this.times = times;
  }

  /// The time between visits by the interval that is wanted, which is written as a configuration
  /// writes it.
  public SortedMap<String, IntervalLength> intervals() {
    var all = new TreeMap<String, IntervalLength>();
    intervals.forEach((wanted, interval) ->
        all.put(
            DurationText.of(wanted),
            new IntervalLength(interval.visits.sum(), interval.nanos.sum())));
    return all;
  }

  /// Visits that failed by a limit of labels.
  public long labelLimitExceeded() {
    return labelLimitExceeded.sum();
  }

  /// Visits that failed because a native histogram had too many buckets.
  public long bucketLimitExceeded() {
    return bucketLimitExceeded.sum();
  }

  /// How often a job had more targets than it may.
  public long targetLimitExceeded() {
    return targetLimitExceeded.sum();
  }

  public long visits() {
    return visits.sum();
  }

  /// Visits after which `up` was 0.
  public long failures() {
    return failures.sum();
  }

  /// Visits left out because the one before was still under way: a target that is slow, or a store
  /// that is still being opened and lets pages wait.
  public long missed() {
    return missed.sum();
  }

  /// Samples that the store took, `up` and its like among them.
  public long samples() {
    return samples.sum();
  }

  /// Samples dropped because their series had another value at that time.
  public long duplicates() {
    return duplicates.sum();
  }

  public long outOfOrder() {
    return outOfOrder.sum();
  }

  /// Samples dropped because they were too old or too far ahead.
  public long outOfBounds() {
    return outOfBounds.sum();
  }

  public long sampleLimitExceeded() {
    return sampleLimitExceeded.sum();
  }

  public long bodyLimitExceeded() {
    return bodyLimitExceeded.sum();
  }

  /// Samples dropped because the store takes no more new series.
  public long seriesRefused() {
    return seriesRefused.sum();
  }

  /// Exemplars that the store took.
  public long exemplars() {
    return exemplars.sum();
  }

  /// Exemplars passed over, as they came out of order or with labels that are too long.
  public long exemplarsRefused() {
    return exemplarsRefused.sum();
  }
}
