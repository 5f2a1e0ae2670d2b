package barograph.server.config;

import barograph.ingest.scrape.NameEscaping;
import barograph.ingest.scrape.ScrapeLimits;
import barograph.ingest.scrape.ScrapeProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys that stand in `global` and again in each job, which overrides them.
///
/// @param namedProtocols formats that are asked for, the best first; null where nothing is said
/// @param startTimes whether a zero is stored where a page says that a series began
/// @param nativeHistograms whether histograms are taken as native ones where they are
/// @param convertClassic whether classic histograms are taken as native ones with custom bounds
/// @param alwaysClassic whether classic series are taken also where a histogram is native
/// @param legacyNames whether names must be the classic ones
/// @param escaping null where nothing is said, which depends on the names that are allowed
record JobDefaults(
    ScrapeLimits limits,
    @Nullable List<ScrapeProtocol> namedProtocols,
    boolean startTimes,
    boolean nativeHistograms,
    boolean convertClassic,
    boolean alwaysClassic,
    boolean legacyNames,
    @Nullable NameEscaping escaping) {
  static final JobDefaults NONE =
      new JobDefaults(ScrapeLimits.NONE, null, false, false, false, false, false, null);

  static final JobDefaults WITH_START_TIMES =
      new JobDefaults(ScrapeLimits.NONE, null, true, false, false, false, false, null);

  static JobDefaults read(YamlMap map, JobDefaults from) {
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
                map.count("keep_dropped_targets", base.keptDroppedTargets()),
                map.bool("extra_scrape_metrics", base.told())));
    // The name that it had before version 3, still found in files.
    boolean classicByOldName = map.bool("scrape_classic_histograms", from.alwaysClassic);
    return new JobDefaults(
        limits,
        protocols(map, from.namedProtocols),
        from.startTimes,
        map.bool("scrape_native_histograms", from.nativeHistograms),
        map.bool("convert_classic_histograms_to_nhcb", from.convertClassic),
        map.bool("always_scrape_classic_histograms", classicByOldName),
        legacyNames(map, from),
        escaping(map, from));
  }

  /// Formats that are asked for, the best first.
  List<ScrapeProtocol> protocols() {
    if (namedProtocols != null) {
      return namedProtocols;
    }
    return nativeHistograms || startTimes
        ? ScrapeProtocol.WITH_NATIVE_HISTOGRAMS
        : ScrapeProtocol.DEFAULT;
  }

  /// How names are asked for: as they are, unless only the classic ones are allowed.
  NameEscaping effectiveEscaping() {
    if (escaping != null) {
      return escaping;
    }
    return legacyNames ? NameEscaping.UNDERSCORES : NameEscaping.ALLOW_UTF_8;
  }

  private static boolean legacyNames(YamlMap map, JobDefaults from) {
    String scheme =
        map.string("metric_name_validation_scheme", from.legacyNames ? "legacy" : "utf8");
    return switch (scheme) {
      case "utf8" -> false;
      case "legacy" -> true;
      default ->
          throw map.error(
              "unknown metric_name_validation_scheme \"%s\", expected utf8 or legacy"
                  .formatted(scheme));
    };
  }

  private static @Nullable NameEscaping escaping(YamlMap map, JobDefaults from) {
    var named = map.get("metric_name_escaping_scheme");
    if (named == null) {
      return from.escaping;
    }
    for (NameEscaping escaping : NameEscaping.values()) {
      if (escaping.configName().equals(named.asString())) {
        return escaping;
      }
    }
    throw named.error(
        "unknown metric_name_escaping_scheme \"%s\", expected allow-utf-8, underscores, dots or values"
            .formatted(named.asString()));
  }

  private static @Nullable List<ScrapeProtocol> protocols(
      YamlMap map, @Nullable List<ScrapeProtocol> otherwise) {
    var named = map.get("scrape_protocols");
    return named == null ? otherwise : named.asList().stream().map(JobDefaults::protocol).toList();
  }

  static ScrapeProtocol protocol(YamlNode node) {
    for (ScrapeProtocol protocol : ScrapeProtocol.values()) {
      if (protocol.configName().equals(node.asString())) {
        return protocol;
      }
    }
    throw node.error("unknown scrape protocol \"%s\"".formatted(node.asString()));
  }
}
