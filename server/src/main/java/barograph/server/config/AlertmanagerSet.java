package barograph.server.config;

import barograph.alerting.forward.AlertRelabeling;
import barograph.alerting.forward.Alertmanager;
import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.discovery.TargetGroup;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.Relabeling;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Alertmanagers elsewhere that are reached alike: one entry of `alerting.alertmanagers`.
///
/// @param asking how each of them is asked
/// @param naming what their addresses become, and which of them are left out
/// @param relabeling of the alerts that they get
/// @param written those that the file itself names
/// @param discoveries where the others are found
public record AlertmanagerSet(
    Asking asking,
    List<RelabelRule> naming,
    AlertRelabeling relabeling,
    List<StaticTargets> written,
    List<DiscoveryConfig> discoveries) {
  private static final String ADDRESS = "__address__";
  private static final String SCHEME = "__scheme__";
  private static final String PATH = "__alerts_path__";

  public AlertmanagerSet {
    naming = List.copyOf(naming);
    written = List.copyOf(written);
    discoveries = List.copyOf(discoveries);
  }

  /// How an Alertmanager is asked of which no more is known than its address.
  ///
  /// @param path where it takes alerts
  /// @param timeout longest time for one message
  public record Asking(String scheme, String path, ClientSettings client, Duration timeout) {}

  /// What became of the addresses of a set.
  ///
  /// @param active those that are told of alerts, each once
  /// @param dropped addresses that relabelling left out
  public record Outcome(List<Alertmanager> active, List<String> dropped) {
    public Outcome {
      active = List.copyOf(active);
      dropped = List.copyOf(dropped);
    }
  }

  /// What becomes of the addresses in the file and of those that were discovered.
  ///
  /// @throws IllegalArgumentException if one of them is none
  public Outcome with(List<TargetGroup> discovered) {
    var groups = new ArrayList<TargetGroup>();
    written.forEach(group -> groups.add(TargetGroup.of(group.addresses(), group.labels())));
    groups.addAll(discovered);
    var rules = Relabeling.of(naming);
    var active = new LinkedHashMap<URI, Alertmanager>();
    var dropped = new ArrayList<String>();
    for (TargetGroup group : groups) {
      for (Labels own : group.targets()) {
        Labels found = labels(own, group.labels());
        @Nullable Labels named = rules.apply(found);
        if (named == null) {
          dropped.add(text(found));
        } else {
          URI url = url(named);
          active.putIfAbsent(url, new Alertmanager(url, asking.client, asking.timeout, relabeling));
        }
      }
    }
    return new Outcome(List.copyOf(active.values()), dropped);
  }

  private Labels labels(Labels own, Labels ofGroup) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(SCHEME, asking.scheme);
    all.put(PATH, asking.path);
    all.putAll(ofGroup.toMap());
    all.putAll(own.toMap());
    return Labels.of(all);
  }

  private static String text(Labels labels) {
    return labels.get(SCHEME) + "://" + labels.get(ADDRESS) + labels.get(PATH);
  }

  private static URI url(Labels labels) {
    var url = URI.create(text(labels));
    if (url.getHost() == null || labels.get(ADDRESS).contains("/")) {
      throw new IllegalArgumentException(
          "address of an Alertmanager is \"%s\", expected host:port"
              .formatted(labels.get(ADDRESS)));
    }
    return url;
  }
}
