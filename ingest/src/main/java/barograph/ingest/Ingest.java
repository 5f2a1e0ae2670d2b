package barograph.ingest;

import barograph.ingest.scrape.HttpFetch;
import barograph.ingest.scrape.Pace;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeCounters;
import barograph.ingest.scrape.ScrapePools;
import barograph.ingest.scrape.Targets;
import barograph.storage.Appender;
import java.util.List;

/// Visits every configured target on its beat and hands what it finds to the store.
///
/// Nothing runs before the first [#apply]. Safe for any thread.
public final class Ingest implements AutoCloseable {
  private final ScrapePools pools;

  public Ingest(Appender appender, HttpFetch fetch, Pace pace) {
    pools = new ScrapePools(appender, fetch, pace);
  }

  /// Runs exactly these jobs from now on: new ones start, vanished ones stop, and those that have
  /// not changed go on undisturbed.
  ///
  /// @throws IllegalArgumentException if two jobs have the same name; then nothing changes
  public void apply(List<ScrapeConfig> jobs) {
    pools.apply(jobs);
  }

  /// Names of the running jobs, sorted.
  public List<String> pools() {
    return pools.names();
  }

  /// All targets as they stand now.
  public Targets targets() {
    return pools.targets();
  }

  /// What the active targets say about their metrics, by target and then by metric.
  public List<Targets.Metadata> metadata() {
    return pools.metadata();
  }

  /// What scraping has done so far, for the server's own metrics.
  public ScrapeCounters counters() {
    return pools.counters();
  }

  /// Stops every job and waits until no sample is on its way; writes no stale markers.
  @Override
  public void close() {
    pools.close();
  }
}
