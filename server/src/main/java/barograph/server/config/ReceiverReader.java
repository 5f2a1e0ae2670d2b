package barograph.server.config;

import barograph.alerting.receiver.IntegrationConfig;
import barograph.alerting.receiver.Receiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads the receivers of an `alertmanager.yml`: each a name and places of all kinds.
final class ReceiverReader {
  /// Makes a place of one entry, all of whose keys it asks for.
  @FunctionalInterface
  interface Kind {
    IntegrationConfig read(PlaceSection section);
  }

  /// The kinds by their keys: a new one gets a line here. In the order in which Alertmanager tells
  /// the places of a receiver.
  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("webhook_configs", PagingPlaces::webhook);
    KINDS.put("email_configs", EmailPlaces::email);
    KINDS.put("pagerduty_configs", PagingPlaces::pagerDuty);
    KINDS.put("opsgenie_configs", PagingPlaces::opsgenie);
    KINDS.put("wechat_configs", ChatPlaces::weChat);
    KINDS.put("slack_configs", ChatPlaces::slack);
    KINDS.put("victorops_configs", PagingPlaces::victorOps);
    KINDS.put("pushover_configs", PagingPlaces::pushover);
    KINDS.put("sns_configs", PagingPlaces::sns);
    KINDS.put("telegram_configs", ChatPlaces::telegram);
    KINDS.put("discord_configs", ChatPlaces::discord);
    KINDS.put("webex_configs", ChatPlaces::webex);
    KINDS.put("msteams_configs", ChatPlaces::teamsCard);
    KINDS.put("msteamsv2_configs", ChatPlaces::teamsFlow);
    KINDS.put("jira_configs", PagingPlaces::jira);
    KINDS.put("rocketchat_configs", ChatPlaces::rocketChat);
    KINDS.put("mattermost_configs", ChatPlaces::mattermost);
    KINDS.put("incidentio_configs", PagingPlaces::incidentIo);
  }

  private ReceiverReader() {}

  /// @param folder of the configuration, from which the names of files count
  static Receiver read(YamlNode node, GlobalSection global, Path folder) {
    var map = node.asMap();
    String name = map.string("name", "");
    var labels = map.stringMap("labels");
    var places = new ArrayList<IntegrationConfig>();
    KINDS.forEach((key, kind) -> {
      for (YamlNode entry : map.list(key)) {
        var section = new PlaceSection(entry.asMap(), global, folder);
        var place = section.map().checked(() -> kind.read(section));
        section.map().end();
        places.add(place);
      }
    });
    map.end();
    return map.checked(() -> new Receiver(name, labels, places));
  }
}
