package barograph.server.config;

import barograph.alerting.forward.AlertRelabeling;
import barograph.alerting.forward.Alertmanager;
import barograph.alerting.forward.Forwarding;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.Relabeling;
import barograph.storage.model.Labels;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the `alerting` section of `prometheus.yml`: other Alertmanagers that are told of alerts,
/// and what alerts are called when they leave the rules.
final class AlertingSection {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final String ADDRESS = "__address__";
  private static final String SCHEME = "__scheme__";
  private static final String PATH = "__alerts_path__";

  private final Path folder;

  /// @param folder from which the names of files count
  AlertingSection(Path folder) {
    this.folder = folder;
  }

  Forwarding read(@Nullable YamlNode node) {
    if (node == null) {
      return Forwarding.NONE;
    }
    var map = node.asMap();
    var relabeling = relabeling(map, "alert_relabel_configs");
    var alertmanagers = new ArrayList<Alertmanager>();
    map.list("alertmanagers").forEach(entry -> alertmanagers.addAll(alertmanagers(entry)));
    map.end();
    return new Forwarding(alertmanagers, relabeling);
  }

  private List<Alertmanager> alertmanagers(YamlNode node) {
    var map = node.asMap();
    refuseDiscoveries(map);
    map.refuse(Map.of("sigv4", "use authorization or basic_auth so far"));
    var version = map.string("api_version", "v2");
    if (!version.equals("v2")) {
      throw map.error("api_version is \"%s\", expected v2".formatted(version));
    }
    var scheme = map.string("scheme", "http");
    var path = alertsPath(map.string("path_prefix", "/"));
    var timeout = map.duration("timeout", DEFAULT_TIMEOUT);
    var client = ClientSettingsReader.read(map, folder);
    var naming = Relabeling.of(RelabelReader.rules(map.list("relabel_configs")));
    var relabeling = relabeling(map, "alert_relabel_configs");
    var targets = map.list("static_configs").stream().map(ScrapeJob::staticTargets).toList();
    map.end();
    var found = new ArrayList<Alertmanager>();
    for (StaticTargets group : targets) {
      for (String address : group.addresses()) {
        var labels = group.labels().toBuilder();
        labels.set(ADDRESS, address).set(SCHEME, scheme).set(PATH, path);
        @Nullable Labels named = naming.apply(labels.build());
        if (named != null) {
          found.add(map.checked(() -> new Alertmanager(url(named), client, timeout, relabeling)));
        }
      }
    }
    return found;
  }

  private static void refuseDiscoveries(YamlMap map) {
    var unserved = new TreeMap<String, String>();
    for (String key : map.names()) {
      if (key.endsWith("_sd_configs")) {
        unserved.put(key, "list the Alertmanagers in static_configs so far");
      }
    }
    map.refuse(unserved);
  }

  private static String alertsPath(String prefix) {
    return ("/" + prefix + "/api/v2/alerts").replaceAll("/+", "/");
  }

  private static URI url(Labels labels) {
    var url = URI.create(labels.get(SCHEME) + "://" + labels.get(ADDRESS) + labels.get(PATH));
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "address of an Alertmanager is \"%s\", expected host:port"
              .formatted(labels.get(ADDRESS)));
    }
    return url;
  }

  private static AlertRelabeling relabeling(YamlMap map, String key) {
    var rules = RelabelReader.rules(map.list(key));
    return rules.isEmpty() ? AlertRelabeling.NONE : new ByRules(rules);
  }

  /// Relabeling that is the same as another if its rules are, so that a reload sees what changed.
  private static final class ByRules implements AlertRelabeling {
    private final List<RelabelRule> rules;
    private final Relabeling compiled;

    ByRules(List<RelabelRule> rules) {
      this.rules = rules;
      compiled = Relabeling.of(rules);
    }

    @Override
    public @Nullable Labels apply(Labels labels) {
      return compiled.apply(labels);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByRules that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
      return rules.hashCode();
    }
  }
}
