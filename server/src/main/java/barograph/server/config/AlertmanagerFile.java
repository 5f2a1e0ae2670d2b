package barograph.server.config;

import barograph.alerting.interval.TimeInterval;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.WebhookConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads Alertmanager's configuration: receivers and what is for all of them, and by readers of
/// their own the route tree, time intervals and rules of inhibition.
final class AlertmanagerFile {
  private static final String OTHER_RECEIVER = "only webhook_configs deliver so far";

  private static final List<String> RECEIVER_KINDS =
      List.of(
          "discord",
          "email",
          "incidentio",
          "jira",
          "mattermost",
          "msteams",
          "msteamsv2",
          "opsgenie",
          "pagerduty",
          "pushover",
          "rocketchat",
          "slack",
          "sns",
          "telegram",
          "victorops",
          "webex",
          "wechat");

  private AlertmanagerFile() {}

  static NotificationConfig read(String file, String text) {
    var root = YamlNode.parse(file, text);
    if (root == null) {
      throw new ConfigException("%s: no route provided in config".formatted(file));
    }
    var map = root.asMap();
    map.refuse(
        Map.of(
            "templates", "leave it out, webhooks carry the alerts themselves",
            "tracing", "leave it out",
            "event_recorder", "leave it out"));
    Duration resolveTimeout = resolveTimeout(map.get("global"));
    var route = RouteReader.read(map.need("route"));
    var receivers = new ArrayList<Receiver>();
    map.list("receivers").forEach(node -> receivers.add(receiver(node)));
    var intervals = new ArrayList<TimeInterval>();
    map.list("mute_time_intervals").forEach(node -> intervals.add(TimeIntervalReader.read(node)));
    map.list("time_intervals").forEach(node -> intervals.add(TimeIntervalReader.read(node)));
    var inhibitRules = map.list("inhibit_rules").stream().map(InhibitRuleReader::read).toList();
    map.end();
    String yaml = HiddenSecrets.in(root);
    return map.checked(() ->
        new NotificationConfig(resolveTimeout, route, receivers, intervals, inhibitRules, yaml));
  }

  private static Duration resolveTimeout(@Nullable YamlNode global) {
    if (global == null) {
      return NotificationConfig.DEFAULT_RESOLVE_TIMEOUT;
    }
    var map = global.asMap();
    var timeout = map.duration("resolve_timeout", NotificationConfig.DEFAULT_RESOLVE_TIMEOUT);
    for (String key : map.names()) {
      String kind = key.split("_", 2)[0];
      if (RECEIVER_KINDS.contains(kind) || kind.equals("smtp") || key.equals("http_config")) {
        map.refuse(Map.of(key, OTHER_RECEIVER));
      }
    }
    map.end();
    return timeout;
  }

  private static Receiver receiver(YamlNode node) {
    var map = node.asMap();
    var unserved = new LinkedHashMap<String, String>();
    RECEIVER_KINDS.forEach(kind -> unserved.put(kind + "_configs", OTHER_RECEIVER));
    unserved.put("labels", "leave it out");
    map.refuse(unserved);
    String name = map.string("name", "");
    var webhooks = map.list("webhook_configs").stream().map(AlertmanagerFile::webhook).toList();
    map.end();
    return map.checked(() -> new Receiver(name, webhooks));
  }

  private static WebhookConfig webhook(YamlNode node) {
    var map = node.asMap();
    map.refuse(
        Map.of(
            "http_config", "leave it out, webhooks are called without credentials so far",
            "url_file", "give the address as url",
            "payload", "leave it out, the default message is sent"));
    String url = map.need("url").asString();
    boolean sendResolved = map.bool("send_resolved", true);
    int maxAlerts = map.count("max_alerts", 0);
    Duration timeout = map.duration("timeout", Duration.ZERO);
    map.end();
    return map.checked(() -> new WebhookConfig(URI.create(url), sendResolved, maxAlerts, timeout));
  }
}
