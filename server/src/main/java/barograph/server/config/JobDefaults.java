package barograph.server.config;

import barograph.ingest.scrape.ScrapeLimits;
import barograph.ingest.scrape.ScrapeProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keys that stand in `global` and again in each job, which overrides them.
///
/// @param protocols of those named the ones that this server asks for, the best first
record JobDefaults(ScrapeLimits limits, List<ScrapeProtocol> protocols) {
  static final JobDefaults NONE =
      new JobDefaults(ScrapeLimits.NONE, List.of(ScrapeProtocol.values()));

  /// Formats that targets may offer and this server does not ask for.
  private static final Set<String> NOT_ASKED_FOR =
      Set.of("OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusProto");

  static JobDefaults read(YamlMap map, JobDefaults from) {
    onlyAs(map, "metric_name_validation_scheme", "utf8");
    onlyAs(map, "metric_name_escaping_scheme", "allow-utf-8");
    for (String off :
        List.of(
            "scrape_native_histograms",
            "convert_classic_histograms_to_nhcb",
            "always_scrape_classic_histograms",
            "extra_scrape_metrics")) {
      if (map.bool(off, false)) {
        map.refuse(Map.of(off, "leave it out or set it to false"));
      }
    }
    var base = from.limits;
    var limits =
        map.checked(() ->
            new ScrapeLimits(
                map.bytes("body_size_limit", base.bodyBytes()),
                map.count("sample_limit", base.samples()),
                map.count("label_limit", base.labels()),
                map.count("label_name_length_limit", base.labelNameBytes()),
                map.count("label_value_length_limit", base.labelValueBytes()),
                map.count("target_limit", base.targets()),
                map.count("keep_dropped_targets", base.keptDroppedTargets())));
    return new JobDefaults(limits, protocols(map, from.protocols));
  }

  private static List<ScrapeProtocol> protocols(YamlMap map, List<ScrapeProtocol> otherwise) {
    var named = map.get("scrape_protocols");
    if (named == null) {
      return otherwise;
    }
    var spoken = new ArrayList<ScrapeProtocol>();
    for (YamlNode item : named.asList()) {
      if (!NOT_ASKED_FOR.contains(item.asString())) {
        spoken.add(protocol(item));
      }
    }
    if (spoken.isEmpty()) {
      throw named.error("none of these formats is read so far; add PrometheusText0.0.4");
    }
    return spoken;
  }

  static ScrapeProtocol protocol(YamlNode node) {
    for (ScrapeProtocol protocol : ScrapeProtocol.values()) {
      if (protocol.configName().equals(node.asString())) {
        return protocol;
      }
    }
    throw node.error(
        NOT_ASKED_FOR.contains(node.asString())
            ? "\"%s\" is not read so far, expected PrometheusText0.0.4 or PrometheusText1.0.0"
                .formatted(node.asString())
            : "unknown scrape protocol \"%s\"".formatted(node.asString()));
  }

  private static void onlyAs(YamlMap map, String key, String value) {
    if (!map.string(key, value).equals(value)) {
      map.refuse(Map.of(key, "only \"%s\" is served so far".formatted(value)));
    }
  }
}
