package barograph.server.self;

import barograph.ingest.Ingest;
import barograph.ingest.scrape.PoolFigures;
import barograph.ingest.scrape.ScrapeCounters;
import barograph.ingest.scrape.Targets.Health;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What the server tells of its targets: how they are found and visited, under Prometheus's names
/// where it has them.
final class ScrapeMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Discoveries that look again and again, rather than wait for news.
  private static final Set<String> REFRESHING = Set.of("dns", "docker", "ec2", "http");

  private final Ingest ingest;
  private final Registry registry;

  private final ScrapeDurations durations = new ScrapeDurations();

  private ScrapeMetrics(Ingest ingest, Registry registry) {
    this.ingest = ingest;
    this.registry = registry;
  }

  static void add(Ingest ingest, Registry registry) {
    var metrics = new ScrapeMetrics(ingest, registry);
    ingest.counters().tell(metrics.durations);
    metrics.visits();
    metrics.samples();
    metrics.pools();
    metrics.discoveries();
  }

  private void visits() {
    ScrapeCounters counters = ingest.counters();
    registry.counter("barograph_target_scrapes_total", "Visits to targets.", counters::visits);
    registry.counter(
        "barograph_target_scrapes_failed_total",
        "Visits after which up was 0.",
        counters::failures);
    registry.counter(
        "barograph_target_scrapes_missed_total",
        "Visits left out because the one before was still under way.",
        counters::missed);
    registry.gauge(
        "barograph_targets_down",
        "Targets whose last scrape failed.",
        () ->
            ingest.targets().active().stream()
                .filter(target -> target.health() == Health.DOWN)
                .count());
    registry.family(
        "prometheus_target_interval_length_seconds",
        "summary",
        "Time from one visit to the next, by the interval that is wanted.",
        lines ->
            counters
                .intervals()
                .forEach((interval, length) -> {
                  durations.writeBetweenVisits(interval, lines);
                  lines.sample("_sum", length.nanos() / NANOS_PER_SECOND, "interval", interval);
                  lines.sample("_count", (double) length.visits(), "interval", interval);
                }));
  }

  private void samples() {
    ScrapeCounters counters = ingest.counters();
    registry.counter(
        "barograph_target_samples_total", "Samples stored from targets' pages.", counters::samples);
    registry.counter(
        "barograph_target_samples_beyond_series_limit_total",
        "Samples dropped because their series was new and beyond a limit of series.",
        counters::seriesRefused);
    String scrapes = "prometheus_target_scrapes_";
    registry.counter(
        scrapes + "sample_duplicate_timestamp_total",
        "Samples dropped because their series had another value at that time.",
        counters::duplicates);
    registry.counter(
        scrapes + "sample_out_of_order_total",
        "Samples dropped because their series had a newer one and no window is set.",
        counters::outOfOrder);
    registry.counter(
        scrapes + "sample_out_of_bounds_total",
        "Samples dropped because they were too old or too far ahead.",
        counters::outOfBounds);
    registry.counter(
        scrapes + "exceeded_sample_limit_total",
        "Visits that failed by sample_limit.",
        counters::sampleLimitExceeded);
    registry.counter(
        scrapes + "exceeded_body_size_limit_total",
        "Visits that failed by body_size_limit.",
        counters::bodyLimitExceeded);
    registry.counter(
        scrapes + "exceeded_native_histogram_bucket_limit_total",
        "Visits that failed by native_histogram_bucket_limit.",
        counters::bucketLimitExceeded);
    registry.counter(
        "prometheus_target_scrape_pool_exceeded_label_limits_total",
        "Visits that failed by a limit of labels.",
        counters::labelLimitExceeded);
    registry.counter(
        "prometheus_target_scrape_pool_exceeded_target_limit_total",
        "Times that a job had more targets than its target_limit.",
        counters::targetLimitExceeded);
  }

  private void pools() {
    pool("scrape_pool_targets", "gauge", "Targets of the job.", PoolFigures::targets);
    pool("scrape_pool_target_limit", "gauge", "Most targets of it.", PoolFigures::targetLimit);
    pool(
        "scrape_pool_sync_total",
        "counter",
        "Times that its targets were made from what was found.",
        PoolFigures::syncs);
    pool(
        "sync_failed_total",
        "counter",
        "Targets that could not be made.",
        PoolFigures::syncFailures);
    pool(
        "metadata_cache_entries",
        "gauge",
        "Metrics whose help, type or unit is known.",
        PoolFigures::metadata);
    registry.family(
        "prometheus_target_sync_length_seconds",
        "summary",
        "How long making the job's targets took.",
        lines -> {
          var pools = ingest.figures();
          durations.keepJobs(pools.stream().map(PoolFigures::job).toList());
          pools.forEach(pool -> {
            durations.writeSync(pool.job(), lines);
            lines.sample("_sum", pool.syncNanos() / NANOS_PER_SECOND, "scrape_job", pool.job());
            lines.sample("_count", (double) pool.syncs(), "scrape_job", pool.job());
          });
        });
  }

  private void pool(String name, String type, String help, ToDoubleFunction<PoolFigures> figure) {
    registry.family(
        "prometheus_target_" + name,
        type,
        help,
        lines ->
            ingest
                .figures()
                .forEach(pool ->
                    lines.sample("", figure.applyAsDouble(pool), "scrape_job", pool.job())));
  }

  private void discoveries() {
    registry.family(
        "prometheus_sd_discovered_targets",
        "gauge",
        "Targets by job.",
        lines ->
            ingest
                .figures()
                .forEach(pool ->
                    lines.sample("", pool.targets(), "name", "scrape", "config", pool.job())));
    registry.family(
        "prometheus_sd_refresh_failures_total",
        "counter",
        "Times that targets could not be found.",
        lines ->
            ingest.discoveryFigures().stream()
                .filter(one -> REFRESHING.contains(one.mechanism()))
                .forEach(one ->
                    lines.sample("", (double) one.failures(), "mechanism", one.mechanism())));
    registry.family(
        "prometheus_sd_refresh_duration_seconds",
        "summary",
        "How long looking for targets took.",
        lines ->
            ingest.discoveryFigures().stream()
                .filter(one -> REFRESHING.contains(one.mechanism()))
                .forEach(one -> {
                  lines.sample(
                      "_sum", one.nanos() / NANOS_PER_SECOND, "mechanism", one.mechanism());
                  lines.sample("_count", (double) one.looks(), "mechanism", one.mechanism());
                }));
    registry.family(
        "prometheus_sd_kubernetes_failures_total",
        "counter",
        "Times that Kubernetes could not be asked.",
        lines ->
            ingest.discoveryFigures().stream()
                .filter(one -> one.mechanism().equals("kubernetes"))
                .forEach(one -> lines.sample("", (double) one.failures())));
  }
}
