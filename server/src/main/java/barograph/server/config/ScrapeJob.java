package barograph.server.config;

import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.scrape.NameEscaping;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Asking;
import barograph.ingest.scrape.ScrapeConfig.Labelling;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.server.config.PrometheusFile.Global;
import barograph.storage.model.Labels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `scrape_configs`.
final class ScrapeJob {
  private final Path folder;
  private final Global global;

  ScrapeJob(Path folder, Global global) {
    this.folder = folder;
    this.global = global;
  }

  ScrapeConfig read(YamlNode node) {
    var map = node.asMap();
    @Nullable YamlNode log = map.get("scrape_failure_log_file");
    @Nullable Path failureLog = log == null ? global.failureLog() : folder.resolve(log.asString());
    var discoveries = new DiscoveryReader(folder).read(map);
    String name = map.need("job_name").asString();
    var interval = map.duration("scrape_interval");
    var timeout = map.duration("scrape_timeout");
    var timing = map.checked(() -> Timing.inherit(interval, timeout, global.timing()));
    var defaults = JobDefaults.read(map, global.defaults());
    if (defaults.legacyNames() && defaults.escaping() == NameEscaping.ALLOW_UTF_8) {
      throw map.error(
          "metric_name_escaping_scheme is allow-utf-8, expected another one with"
              + " metric_name_validation_scheme legacy");
    }
    var asking = asking(map, defaults);
    var labelling =
        new Labelling(
            map.bool("honor_labels", false),
            map.bool("honor_timestamps", true),
            map.bool("track_timestamps_staleness", false),
            defaults.startTimes(),
            defaults.legacyNames(),
            RelabelReader.rules(map.list("relabel_configs")),
            RelabelReader.rules(map.list("metric_relabel_configs")));
    var histograms =
        map.checked(() ->
            new HistogramWishes(
                defaults.nativeHistograms(),
                defaults.convertClassic(),
                defaults.alwaysClassic(),
                map.count("native_histogram_bucket_limit", 0),
                map.number("native_histogram_min_bucket_factor", 0)));
    var targets = map.list("static_configs").stream().map(ScrapeJob::staticTargets).toList();
    map.end();
    return map.checked(() ->
        new ScrapeConfig(
            name,
            timing,
            asking,
            labelling,
            defaults.limits(),
            histograms,
            targets,
            discoveries,
            failureLog));
  }

  private Asking asking(YamlMap map, JobDefaults defaults) {
    var base = Asking.DEFAULT;
    var params = new LinkedHashMap<String, List<String>>();
    var paramsNode = map.get("params");
    if (paramsNode != null) {
      var byName = paramsNode.asMap();
      for (String name : byName.names()) {
        params.put(name, byName.need(name).asStrings());
      }
    }
    var fallback = map.get("fallback_scrape_protocol");
    String scheme = map.string("scheme", base.scheme());
    String path = map.string("metrics_path", base.metricsPath());
    boolean compression = map.bool("enable_compression", true);
    var client = ClientSettingsReader.read(map, folder);
    return map.checked(() ->
        new Asking(
            scheme,
            path,
            params,
            compression,
            client,
            defaults.protocols(),
            defaults.effectiveEscaping(),
            fallback == null ? null : JobDefaults.protocol(fallback)));
  }

  static StaticTargets staticTargets(YamlNode node) {
    var map = node.asMap();
    var addresses = map.get("targets");
    var labels = map.stringMap("labels");
    map.end();
    return map.checked(() ->
        new StaticTargets(
            addresses == null ? List.of() : addresses.asStrings(), Labels.of(labels)));
  }
}
