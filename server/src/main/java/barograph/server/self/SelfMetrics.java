package barograph.server.self;

import barograph.alerting.Alerting;
import barograph.alerting.evaluate.GroupView;
import barograph.alerting.forward.AlertForwarder;
import barograph.alerting.notify.NotifyFigures;
import barograph.ingest.Ingest;
import barograph.ingest.remotewrite.RemoteWriteCounters;
import barograph.query.QueryEngine;
import barograph.server.self.Registry.Counters;
import barograph.storage.Store;
import barograph.storage.StoreStatus.Count;
import barograph.storage.StoreWatcher;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What the server measures of itself, under Prometheus's names where it has them.
public final class SelfMetrics {
  /// Jobs and targets that are shown by name.
  private static final int MOST_SHOWN = 10;

  private final Registry registry = new Registry();
  private final Counters requests;
  private final Latency requestLatency;
  private final Latency queryLatency;
  private final Latency logSync;
  private final LongAdder logSyncBytes = new LongAdder();
  private final AtomicBoolean diskFull = new AtomicBoolean();

  public SelfMetrics(String version, String commit, InstantSource clock) {
    registry.family(
        "barograph_build_info",
        "gauge",
        "What was built: always 1.",
        lines -> lines.sample("", 1, "version", version, "revision", commit));
    requests =
        registry.counters(
            "prometheus_http_requests_total", "HTTP requests answered, by status.", "code");
    requestLatency =
        registry.latency("barograph_http_request_duration_seconds", "Time to answer a request.");
    queryLatency =
        registry.latency(
            "prometheus_engine_query_duration_seconds",
            "Time to answer a query.",
            "slice",
            "inner_eval");
    logSync =
        registry.latency(
            "prometheus_tsdb_wal_fsync_duration_seconds", "Time to write and sync the log.");
    registry.counter(
        "barograph_log_synced_bytes_total",
        "Bytes written to the log and synced.",
        logSyncBytes::sum);
    registry.gauge(
        "barograph_storage_disk_full",
        "Whether samples are refused because the disk is full.",
        () -> diskFull.get() ? 1 : 0);
    process(clock.millis() / 1_000.0);
    ProcessFigures.addTo(registry);
  }

  /// Hears the store; a failed disk goes to `fatal`.
  public StoreWatcher watcher(Fatal fatal) {
    return new StoreWatcher() {
      private static final System.Logger LOG = System.getLogger(Store.class.getName());

      @Override
      public void synced(long nanos, long bytes) {
        logSync.record(nanos);
        logSyncBytes.add(bytes);
      }

      @Override
      public void full(String reason) {
        diskFull.set(true);
        LOG.log(System.Logger.Level.ERROR, "no sample is taken until there is space: {0}", reason);
      }

      @Override
      public void resumed() {
        diskFull.set(false);
        LOG.log(System.Logger.Level.INFO, "there is space again: samples are taken");
      }

      @Override
      public void failed(Throwable cause) {
        fatal.end(cause);
      }
    };
  }

  /// Ends the process after a fault that it must not outlive.
  @FunctionalInterface
  public interface Fatal {
    void end(Throwable cause);
  }

  /// Counts an answered HTTP request.
  public void answered(String path, int status, long nanos) {
    requests.add(Integer.toString(status), 1);
    requestLatency.record(nanos);
    if (path.equals("/api/v1/query") || path.equals("/api/v1/query_range")) {
      queryLatency.record(nanos);
    }
  }

  /// Adds how many requests wait for the store to be opened.
  public void waiting(IntSupplier requests) {
    registry.gauge(
        "barograph_http_requests_waiting",
        "Requests to write that wait until the store is open.",
        requests::getAsInt);
  }

  /// Adds how many remote reads are answered or wait for it.
  public void reads(IntSupplier underWay) {
    registry.gauge(
        "prometheus_remote_read_handler_queries",
        "Remote reads that are answered, and those that wait for their turn.",
        underWay::getAsInt);
  }

  /// Adds what scraping knows of itself, from the first visit on.
  public void observe(Ingest ingest) {
    ScrapeMetrics.add(ingest, registry);
  }

  /// Adds what the opened parts know of themselves.
  public void observe(Store store, RemoteWriteCounters remoteWrite, Alerting alerting) {
    storage(store);
    pushed(remoteWrite);
    rules(alerting);
  }

  /// Counts what queries take from answers of before.
  public void observe(QueryEngine engine) {
    registry.counter(
        "barograph_query_cache_hits_total",
        "Range queries that took steps from an answer of before.",
        engine::cacheHits);
    registry.counter(
        "barograph_query_cache_misses_total",
        "Range queries that might have taken steps from an answer of before, but found none.",
        engine::cacheMisses);
    registry.gauge(
        "barograph_query_cache_bytes", "Memory of the answers that are kept.", engine::cacheBytes);
  }

  public Registry registry() {
    return registry;
  }

  private void process(double startedAtSeconds) {
    registry.gauge(
        "process_start_time_seconds", "When the process started.", () -> startedAtSeconds);
    var memory = ManagementFactory.getMemoryMXBean();
    registry.gauge(
        "jvm_memory_used_bytes",
        "Memory in use by the JVM.",
        () -> memory.getHeapMemoryUsage().getUsed(),
        "area",
        "heap");
    registry.gauge(
        "jvm_memory_used_bytes",
        "Memory in use by the JVM.",
        () -> memory.getNonHeapMemoryUsage().getUsed(),
        "area",
        "nonheap");
    var threads = ManagementFactory.getThreadMXBean();
    registry.gauge("jvm_threads_current", "Threads.", threads::getThreadCount);
    registry.family(
        "jvm_gc_collection_seconds",
        "summary",
        "Collections of the heap and the time they took.",
        lines ->
            ManagementFactory.getGarbageCollectorMXBeans()
                .forEach(gc -> {
                  lines.sample("_count", (double) gc.getCollectionCount(), "gc", gc.getName());
                  lines.sample("_sum", gc.getCollectionTime() / 1e3, "gc", gc.getName());
                }));
  }

  private void storage(Store store) {
    registry.gauge(
        "prometheus_tsdb_head_series", "Series in the head.", () -> store.status().series());
    registry.counter(
        "prometheus_tsdb_head_samples_appended_total",
        "Samples stored since the start.",
        () -> store.status().samplesAppended(),
        "type",
        "float");
    registry.counter(
        "prometheus_tsdb_head_out_of_order_samples_appended_total",
        "Samples stored since the start that came out of order.",
        () -> store.status().samplesLate(),
        "type",
        "float");
    registry.gauge(
        "barograph_storage_late_samples",
        "Samples in the head that came out of order and wait for their block.",
        () -> store.status().lateSamples());
    registry.counter(
        "barograph_storage_samples_refused_total",
        "Samples refused since the start.",
        () -> store.status().samplesRefused());
    registry.gauge(
        "barograph_storage_head_bytes", "Memory of the head.", () -> store.status().headBytes());
    registry.gauge(
        "prometheus_tsdb_blocks_loaded", "Blocks.", () -> store.status().blocks().size());
    registry.gauge(
        "prometheus_tsdb_storage_blocks_bytes",
        "Bytes of all blocks.",
        () -> store.status().blocks().stream().mapToLong(block -> block.bytes()).sum());
    registry.counter(
        "barograph_storage_log_bytes_total",
        "Bytes written to the log since the start.",
        () -> store.status().logBytes());
    registry.counter(
        "prometheus_tsdb_wal_corruptions_total",
        "Damaged things found.",
        () -> store.status().damages());
    registry.counter(
        "barograph_storage_samples_damaged_total",
        "Samples lost in damaged places, at most, so far as is known.",
        () -> store.status().samplesDamaged());
    registry.gauge(
        "barograph_storage_cuts_waiting",
        "1 while the head is not cut into blocks, as the disk has no room for one.",
        () -> store.status().space().cutsWait() ? 1 : 0);
    registry.gauge(
        "barograph_storage_merges_waiting",
        "1 while blocks are not merged, as the disk or the budget has no room for it.",
        () -> store.status().space().mergesWait() ? 1 : 0);
    registry.counter(
        "barograph_storage_scrub_bytes_total",
        "Bytes of blocks that were read through in search of damage.",
        () -> store.status().scrub().bytesRead());
    registry.counter(
        "barograph_storage_scrub_damaged_pages_total",
        "Pages in which that found damage.",
        () -> store.status().scrub().damagedPages());
    series(store);
  }

  /// Who brings series, and who is kept from bringing more.
  private void series(Store store) {
    registry.family(
        "barograph_storage_series_refused_total",
        "counter",
        "New series refused since the start, by the limit that they were beyond.",
        lines ->
            store
                .seriesRefused()
                .forEach((limit, n) ->
                    lines.sample("", (double) n, "limit", limit.name().toLowerCase(Locale.ROOT))));
    registry.family(
        "barograph_storage_series_by_job",
        "gauge",
        "Series of the jobs that have the most.",
        lines -> counts(lines, "series_job", store.sources(MOST_SHOWN).byJob()));
    registry.family(
        "barograph_storage_series_by_target",
        "gauge",
        "Series of the targets that have the most.",
        lines -> counts(lines, "series_target", store.sources(MOST_SHOWN).byTarget()));
  }

  private static void counts(Registry.Lines lines, String label, List<Count> counts) {
    counts.forEach(count -> lines.sample("", (double) count.count(), label, count.name()));
  }

  private void pushed(RemoteWriteCounters counters) {
    registry.counter(
        "barograph_remote_write_requests_total", "Requests to write.", counters::requests);
    registry.counter(
        "barograph_remote_write_requests_unreadable_total",
        "Requests of which nothing could be read.",
        counters::badRequests);
    registry.counter(
        "prometheus_api_remote_write_samples_total",
        "Samples stored from pushed requests.",
        counters::stored);
    registry.counter(
        "barograph_remote_write_samples_refused_total",
        "Pushed samples refused, each with a reason in the answer.",
        counters::refused);
  }

  private void notifications(NotifyFigures figures) {
    byKind("alertmanager_notifications_total", "Messages delivered.", figures::delivered);
    byKind("alertmanager_notification_requests_failed_total", "Attempts failed.", figures::refused);
    byKind("alertmanager_notifications_failed_total", "Messages given up.", figures::lost);
  }

  private void forwarding(AlertForwarder forwarder) {
    byAlertmanager(
        "prometheus_notifications_sent_total",
        "Alerts passed on to other Alertmanagers.",
        forwarder.figures()::sent);
    byAlertmanager(
        "prometheus_notifications_errors_total",
        "Alerts that another Alertmanager did not take.",
        forwarder.figures()::failed);
    registry.counter(
        "prometheus_notifications_dropped_total",
        "Alerts given up because too many waited to be passed on.",
        forwarder.figures()::droppedCount);
    registry.gauge(
        "prometheus_notifications_alertmanagers_discovered",
        "Other Alertmanagers that are told of alerts.",
        () -> forwarder.urls().size());
  }

  private void byAlertmanager(String name, String help, Supplier<Map<String, Long>> counts) {
    registry.family(
        name,
        "counter",
        help,
        lines ->
            counts.get().forEach((url, n) -> lines.sample("", (double) n, "alertmanager", url)));
  }

  private void byKind(String name, String help, Supplier<Map<String, Long>> counts) {
    registry.family(
        name,
        "counter",
        help,
        lines ->
            counts.get().forEach((kind, n) -> lines.sample("", (double) n, "integration", kind)));
  }

  private void rules(Alerting alerting) {
    notifications(alerting.notifyFigures());
    forwarding(alerting.forwarder());
    ofGroups(
        alerting,
        "prometheus_rule_group_last_duration_seconds",
        "gauge",
        "How long the last evaluation of a group took.",
        group -> group.evaluationTime().toNanos() / 1e9);
    ofGroups(
        alerting,
        "prometheus_rule_group_interval_seconds",
        "gauge",
        "The time between two turns of a group.",
        group -> group.interval().toNanos() / 1e9);
    ofGroups(
        alerting,
        "prometheus_rule_group_last_evaluation_timestamp_seconds",
        "gauge",
        "When the last evaluation of a group began.",
        SelfMetrics::lastEvaluation);
    ofGroups(
        alerting,
        "prometheus_rule_group_rules",
        "gauge",
        "The rules of a group.",
        group -> group.rules().size());
    ofGroups(
        alerting,
        "prometheus_rule_group_iterations_total",
        "counter",
        "Turns that were due, missed ones too.",
        group -> group.counts().turns());
    ofGroups(
        alerting,
        "prometheus_rule_group_iterations_missed_total",
        "counter",
        "Turns that were skipped because the one before took too long.",
        group -> group.counts().missed());
    ofGroups(
        alerting,
        "prometheus_rule_evaluations_total",
        "counter",
        "Evaluations of single rules.",
        group -> group.counts().evaluations());
    ofGroups(
        alerting,
        "prometheus_rule_evaluation_failures_total",
        "counter",
        "Evaluations of single rules that failed.",
        group -> group.counts().failures());
    registry.gauge(
        "barograph_alerts", "Pending and firing alerts.", () -> alerting.alerts().size());
  }

  private static double lastEvaluation(GroupView group) {
    var last = group.lastEvaluation();
    return last == null ? 0 : last.toEpochMilli() / 1e3;
  }

  private void ofGroups(
      Alerting alerting,
      String name,
      String type,
      String help,
      ToDoubleFunction<GroupView> figure) {
    registry.family(
        name,
        type,
        help,
        lines ->
            alerting
                .groups()
                .forEach(group ->
                    lines.sample("", figure.applyAsDouble(group), "rule_group", groupName(group))));
  }

  private static String groupName(GroupView group) {
    return group.file() + ";" + group.name();
  }
}
