package barograph.ingest.scrape;

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
  final LongAdder seriesRefused = new LongAdder();
  final LongAdder exemplars = new LongAdder();
  final LongAdder exemplarsRefused = new LongAdder();

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
