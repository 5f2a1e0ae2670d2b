package barograph.server.config;

import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.otlp.OtlpSettings.Strategy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `otlp` section: how OpenTelemetry's metrics become series.
final class OtlpSection {
  private OtlpSection() {}

  static OtlpSettings read(@Nullable YamlNode node) {
    if (node == null) {
      return OtlpSettings.DEFAULT;
    }
    var map = node.asMap();
    for (String fixed :
        List.of("label_name_underscore_sanitization", "label_name_preserve_multiple_underscores")) {
      if (!map.bool(fixed, true)) {
        map.refuse(Map.of(fixed, "only true is served so far"));
      }
    }
    boolean all = map.bool("promote_all_resource_attributes", false);
    var promoted = names(map, "promote_resource_attributes");
    var ignored = names(map, "ignore_resource_attributes");
    if (all && !promoted.isEmpty()) {
      throw map.error(
          "promote_all_resource_attributes and promote_resource_attributes cannot both be set");
    }
    if (!all && !ignored.isEmpty()) {
      throw map.error("ignore_resource_attributes needs promote_all_resource_attributes");
    }
    var strategy = map.get("translation_strategy");
    var settings =
        new OtlpSettings(
            strategy == null ? OtlpSettings.DEFAULT.strategy() : strategy(strategy),
            all,
            promoted,
            ignored,
            map.bool("keep_identifying_resource_attributes", false),
            map.bool("convert_histograms_to_nhcb", false),
            map.bool("promote_scope_metadata", false),
            false);
    map.end();
    return settings;
  }

  private static Set<String> names(YamlMap map, String key) {
    var named = map.get(key);
    return named == null ? Set.of() : Set.copyOf(named.asStrings());
  }

  private static Strategy strategy(YamlNode node) {
    for (Strategy strategy : Strategy.values()) {
      if (strategy.configName().equals(node.asString())) {
        return strategy;
      }
    }
    throw node.error("unknown translation_strategy \"%s\"".formatted(node.asString()));
  }
}
