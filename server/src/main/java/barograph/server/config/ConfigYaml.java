package barograph.server.config;

import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.forward.Endpoint;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.RelabelRule.Action;
import barograph.ingest.remoteread.RemoteSource;
import barograph.ingest.scrape.NameEscaping;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.ingest.scrape.ScrapeLimits;
import barograph.ingest.scrape.ScrapeProtocol;
import barograph.query.ast.Durations;
import barograph.server.config.PrometheusFile.Global;
import barograph.server.trace.TracingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Writes a configuration the way the status page shows it: in effect, with every default filled in
/// and every secret hidden.
final class ConfigYaml {
  private ConfigYaml() {}

  /// @param discoveries how targets are found, by job, as the file says it
  static String show(
      Global global,
      List<String> ruleFiles,
      List<ScrapeConfig> jobs,
      Map<String, Map<String, Object>> discoveries,
      @Nullable YamlNode alerting,
      List<Endpoint> remoteWrites,
      List<RemoteSource> remoteReads,
      @Nullable TracingSettings tracing) {
    var root = new LinkedHashMap<String, Object>();
    root.put("global", global(global));
    if (alerting != null) {
      root.put("alerting", HiddenSecrets.of(alerting, "url"));
    }
    if (!ruleFiles.isEmpty()) {
      root.put("rule_files", ruleFiles);
    }
    if (!jobs.isEmpty()) {
      root.put(
          "scrape_configs",
          jobs.stream()
              .map(job -> job(job, discoveries.getOrDefault(job.jobName(), Map.of())))
              .toList());
    }
    if (!remoteWrites.isEmpty()) {
      root.put("remote_write", remoteWrites.stream().map(RemoteWriteSection::shown).toList());
    }
    if (!remoteReads.isEmpty()) {
      root.put("remote_read", remoteReads.stream().map(RemoteReadSection::shown).toList());
    }
    if (tracing != null) {
      root.put("tracing", TracingSection.shown(tracing));
    }
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setDereferenceAliases(true)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(root);
  }

  private static Map<String, Object> global(Global global) {
    var map = new LinkedHashMap<String, Object>();
    timing(map, global.timing());
    map.put("scrape_protocols", protocols(global.defaults().protocols()));
    map.put("evaluation_interval", text(global.evaluationInterval()));
    if (!global.ruleQueryOffset().isZero()) {
      map.put("rule_query_offset", text(global.ruleQueryOffset()));
    }
    if (!global.externalLabels().isEmpty()) {
      map.put("external_labels", global.externalLabels().toMap());
    }
    limits(map, global.defaults().limits());
    return map;
  }

  private static Map<String, Object> job(ScrapeConfig job, Map<String, Object> discoveries) {
    var map = new LinkedHashMap<String, Object>();
    map.put("job_name", job.jobName());
    var labelling = job.labelling();
    if (labelling.honorLabels()) {
      map.put("honor_labels", true);
    }
    map.put("honor_timestamps", labelling.honorTimestamps());
    map.put("track_timestamps_staleness", labelling.trackTimestampsStaleness());
    var asking = job.asking();
    if (!asking.params().isEmpty()) {
      map.put("params", asking.params());
    }
    timing(map, job.timing());
    map.put("scrape_protocols", protocols(asking.protocols()));
    var fallback = asking.fallbackProtocol();
    if (fallback != null) {
      map.put("fallback_scrape_protocol", fallback.configName());
    }
    if (labelling.legacyNames()) {
      map.put("metric_name_validation_scheme", "legacy");
    }
    if (asking.escaping() != NameEscaping.ALLOW_UTF_8) {
      map.put("metric_name_escaping_scheme", asking.escaping().configName());
    }
    histograms(map, job.histograms());
    map.put("metrics_path", asking.metricsPath());
    map.put("scheme", asking.scheme());
    map.put("enable_compression", asking.compression());
    ShownClient.put(map, asking.client());
    limits(map, job.limits());
    rules(map, "relabel_configs", labelling.targetRules());
    rules(map, "metric_relabel_configs", labelling.metricRules());
    if (!job.staticTargets().isEmpty()) {
      map.put(
          "static_configs", job.staticTargets().stream().map(ConfigYaml::staticTargets).toList());
    }
    map.putAll(discoveries);
    @Nullable Path failureLog = job.failureLog();
    if (failureLog != null) {
      map.put("scrape_failure_log_file", failureLog.toString());
    }
    return map;
  }

  private static void timing(Map<String, Object> map, Timing timing) {
    map.put("scrape_interval", text(timing.interval()));
    map.put("scrape_timeout", text(timing.timeout()));
  }

  private static List<String> protocols(List<ScrapeProtocol> protocols) {
    return protocols.stream().map(ScrapeProtocol::configName).toList();
  }

  private static void histograms(Map<String, Object> map, HistogramWishes wishes) {
    if (wishes.natively()) {
      map.put("scrape_native_histograms", true);
    }
    if (wishes.converted()) {
      map.put("convert_classic_histograms_to_nhcb", true);
    }
    if (wishes.alwaysClassic()) {
      map.put("always_scrape_classic_histograms", true);
    }
    putAboveZero(map, "native_histogram_bucket_limit", wishes.mostBuckets());
    if (wishes.leastBucketFactor() > 0) {
      map.put("native_histogram_min_bucket_factor", wishes.leastBucketFactor());
    }
  }

  private static void limits(Map<String, Object> map, ScrapeLimits limits) {
    putAboveZero(map, "body_size_limit", limits.bodyBytes());
    putAboveZero(map, "sample_limit", limits.samples());
    putAboveZero(map, "label_limit", limits.labels());
    putAboveZero(map, "label_name_length_limit", limits.labelNameBytes());
    putAboveZero(map, "label_value_length_limit", limits.labelValueBytes());
    putAboveZero(map, "target_limit", limits.targets());
    putAboveZero(map, "keep_dropped_targets", limits.keptDroppedTargets());
    if (limits.told()) {
      map.put("extra_scrape_metrics", true);
    }
  }

  private static void putAboveZero(Map<String, Object> map, String key, long value) {
    if (value > 0) {
      map.put(key, key.equals("body_size_limit") ? value + "B" : (Object) value);
    }
  }

  private static void rules(Map<String, Object> map, String key, List<RelabelRule> rules) {
    if (!rules.isEmpty()) {
      map.put(key, rules.stream().map(ConfigYaml::rule).toList());
    }
  }

  static Map<String, Object> rule(RelabelRule rule) {
    var map = new LinkedHashMap<String, Object>();
    if (!rule.sourceLabels().isEmpty()) {
      map.put("source_labels", rule.sourceLabels());
    }
    map.put("separator", rule.separator());
    map.put("regex", rule.regex());
    if (rule.modulus() > 0) {
      map.put("modulus", rule.modulus());
    }
    if (!rule.targetLabel().isEmpty()) {
      map.put("target_label", rule.targetLabel());
    }
    if (rule.action() != Action.LOWERCASE && rule.action() != Action.UPPERCASE) {
      map.put("replacement", rule.replacement());
    }
    map.put("action", rule.action().configName());
    return map;
  }

  private static Map<String, Object> staticTargets(StaticTargets targets) {
    var map = new LinkedHashMap<String, Object>();
    map.put("targets", targets.addresses());
    if (!targets.labels().isEmpty()) {
      map.put("labels", targets.labels().toMap());
    }
    return map;
  }

  private static String text(Duration duration) {
    return Durations.format(duration.toMillis());
  }
}
