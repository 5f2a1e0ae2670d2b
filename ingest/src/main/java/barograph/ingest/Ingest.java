package barograph.ingest;

import barograph.ingest.scrape.HttpFetch;
import barograph.ingest.scrape.Pace;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.Targets;
import barograph.storage.Appender;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Visits every configured target on its beat and hands what it finds to the store.
///
/// Nothing runs before the first [#apply]. Safe for any thread.
public final class Ingest implements AutoCloseable {
  private final Map<String, ScrapeConfig> configs = new LinkedHashMap<>();

  public Ingest(Appender appender, HttpFetch fetch, Pace pace) {}

  /// Runs exactly these jobs from now on: new ones start, vanished ones stop, and those that have
  /// not changed go on undisturbed.
  ///
  /// @throws IllegalArgumentException if two jobs have the same name; then nothing changes
  public synchronized void apply(List<ScrapeConfig> jobs) {
    configs.clear();
    jobs.forEach(job -> configs.put(job.jobName(), job));
  }

  /// Names of the running jobs, sorted.
  public synchronized List<String> pools() {
    return configs.keySet().stream().sorted().toList();
  }

  /// All targets as they stand now.
  public synchronized Targets targets() {
    return new Targets(List.of(), List.of(), Map.of());
  }

  /// What the active targets say about their metrics, by target and then by metric.
  public List<Targets.Metadata> metadata() {
    return List.of();
  }

  /// Stops every job and waits until no sample is on its way; writes no stale markers.
  @Override
  public void close() {}
}
