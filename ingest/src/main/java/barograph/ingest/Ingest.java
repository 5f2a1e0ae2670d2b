package barograph.ingest;

import barograph.ingest.discovery.Discoveries;
import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.DiscoveryFigures;
import barograph.ingest.discovery.DiscoveryMeans;
import barograph.ingest.discovery.TargetGroup;
import barograph.ingest.scrape.HttpFetch;
import barograph.ingest.scrape.Pace;
import barograph.ingest.scrape.PoolFigures;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeCounters;
import barograph.ingest.scrape.ScrapePools;
import barograph.ingest.scrape.Targets;
import barograph.storage.Appender;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Visits every configured target on its beat and hands what it finds to the store.
///
/// Nothing runs before the first [#apply]. Safe for any thread.
public final class Ingest implements AutoCloseable {
  private final Appender appender;
  private final Pace pace;
  private final Discoveries discoveries;
  private final ScrapePools pools;

  /// Visits to pages of this process itself.
  private volatile @Nullable ScrapePools inside;

  /// @param means by which targets are found that are not written down
  public Ingest(Appender appender, HttpFetch fetch, Pace pace, DiscoveryMeans means) {
    this.appender = appender;
    this.pace = pace;
    this.discoveries = new Discoveries(means);
    pools = new ScrapePools(appender, fetch, pace, discoveries);
  }

  /// Runs exactly these jobs from now on: new ones start, vanished ones stop, and those that have
  /// not changed go on undisturbed.
  ///
  /// @throws IllegalArgumentException if two jobs have the same name; then nothing changes
  public void apply(List<ScrapeConfig> jobs) {
    pools.apply(jobs);
  }

  /// Visits a page of this process as `job` says, from now on and whatever [#apply] says; the last
  /// such job replaces the one before.
  ///
  /// @param page gives the page to any request
  public synchronized void visit(ScrapeConfig job, HttpFetch page) {
    @Nullable ScrapePools visits = inside;
    if (visits == null) {
      visits = new ScrapePools(appender, page, pace, discoveries);
      inside = visits;
    }
    visits.apply(List.of(job));
  }

  /// Tells `listener` what these discoveries find, each time that it changes: for whoever looks for
  /// something else than targets.
  public Discoveries.Following follow(
      List<DiscoveryConfig> places, Consumer<List<TargetGroup>> listener) {
    return discoveries.follow(places, listener);
  }

  /// Names of the running jobs, sorted.
  public List<String> pools() {
    @Nullable ScrapePools visits = inside;
    return visits == null
        ? pools.names()
        : Stream.of(pools, visits).flatMap(p -> p.names().stream()).sorted().distinct().toList();
  }

  /// All targets as they stand now.
  public Targets targets() {
    @Nullable ScrapePools visits = inside;
    return visits == null ? pools.targets() : pools.targets().and(visits.targets());
  }

  /// What the active targets say about their metrics, by target and then by metric.
  public List<Targets.Metadata> metadata() {
    @Nullable ScrapePools visits = inside;
    return visits == null
        ? pools.metadata()
        : Stream.of(pools, visits).flatMap(p -> p.metadata().stream()).toList();
  }

  /// What each job has done and holds, by name.
  public List<PoolFigures> figures() {
    @Nullable ScrapePools visits = inside;
    return visits == null
        ? pools.figures()
        : Stream.of(pools, visits).flatMap(p -> p.figures().stream()).toList();
  }

  /// What discoveries have done so far, by kind.
  public List<DiscoveryFigures> discoveryFigures() {
    return discoveries.figures();
  }

  /// What scraping has done so far, for the server's own metrics.
  public ScrapeCounters counters() {
    return pools.counters();
  }

  /// Stops every job and waits until no sample is on its way; writes no stale markers.
  @Override
  public void close() {
    discoveries.close();
    pools.close();
    @Nullable ScrapePools visits = inside;
    if (visits != null) {
      visits.close();
    }
  }
}
