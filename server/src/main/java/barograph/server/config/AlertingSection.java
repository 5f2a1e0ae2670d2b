package barograph.server.config;

import barograph.alerting.forward.AlertRelabeling;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.Relabeling;
import barograph.storage.model.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the `alerting` section of `prometheus.yml`: other Alertmanagers that are told of alerts,
/// and what alerts are called when they leave the rules.
final class AlertingSection {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final Path folder;
  private final SigV4Reader signers;

  /// @param folder from which the names of files count
  AlertingSection(Path folder, SigV4Reader signers) {
    this.folder = folder;
    this.signers = signers;
  }

  AlertSending read(@Nullable YamlNode node) {
    if (node == null) {
      return AlertSending.NONE;
    }
    var map = node.asMap();
    var relabeling = relabeling(map, "alert_relabel_configs");
    var sets = map.list("alertmanagers").stream().map(this::alertmanagers).toList();
    map.end();
    return new AlertSending(sets, relabeling);
  }

  private AlertmanagerSet alertmanagers(YamlNode node) {
    var map = node.asMap();
    var discoveries = new DiscoveryReader(folder).read(map);
    var version = map.string("api_version", "v2");
    if (!version.equals("v2")) {
      throw map.error("api_version is \"%s\", expected v2".formatted(version));
    }
    var asking =
        new AlertmanagerSet.Asking(
            map.string("scheme", "http"),
            alertsPath(map.string("path_prefix", "/")),
            signers.signing(map, ClientSettingsReader.read(map, folder), "aps"),
            timeout(map));
    var naming = RelabelReader.rules(map.list("relabel_configs"));
    var relabeling = relabeling(map, "alert_relabel_configs");
    var written = map.list("static_configs").stream().map(ScrapeJob::staticTargets).toList();
    map.end();
    var set = new AlertmanagerSet(asking, naming, relabeling, written, discoveries);
    // What the file itself names wrongly is refused with it.
    map.checked(() -> set.with(List.of()));
    return set;
  }

  private static Duration timeout(YamlMap map) {
    var timeout = map.duration("timeout", DEFAULT_TIMEOUT);
    if (timeout.isZero()) {
      throw map.error("timeout is 0, expected more");
    }
    return timeout;
  }

  private static String alertsPath(String prefix) {
    return ("/" + prefix + "/api/v2/alerts").replaceAll("/+", "/");
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
