package barograph.server.config;

import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import barograph.storage.model.Matcher;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads Alertmanager's configuration: its route tree and webhook receivers.
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
            "inhibit_rules", "leave it out, nothing is inhibited so far",
            "time_intervals", "leave it out, routes are always active so far",
            "mute_time_intervals", "leave it out, routes are always active so far",
            "templates", "leave it out, webhooks carry the alerts themselves",
            "tracing", "leave it out",
            "event_recorder", "leave it out"));
    Duration resolveTimeout = resolveTimeout(map.get("global"));
    var route = route(map.need("route"));
    var receivers = new ArrayList<Receiver>();
    map.list("receivers").forEach(node -> receivers.add(receiver(node)));
    map.end();
    return map.checked(() -> new NotificationConfig(resolveTimeout, route, receivers));
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

  private static Route route(YamlNode node) {
    var map = node.asMap();
    map.refuse(
        Map.of(
            "mute_time_intervals", "routes are always active so far",
            "active_time_intervals", "routes are always active so far",
            "labels", "leave it out"));
    var receiver = map.get("receiver");
    var groupBy = map.get("group_by");
    var matchers = new ArrayList<Matcher>();
    map.stringMap("match").forEach((name, value) -> matchers.add(Matcher.equal(name, value)));
    for (var entry : map.stringMap("match_re").entrySet()) {
      matchers.add(
          map.checked(() -> new Matcher(Matcher.Type.REGEX, entry.getKey(), entry.getValue())));
    }
    for (YamlNode text : map.list("matchers")) {
      try {
        matchers.addAll(MatcherText.parse(text.asString()));
      } catch (IllegalArgumentException e) {
        throw text.error(String.valueOf(e.getMessage()));
      }
    }
    boolean continues = map.bool("continue", false);
    var groupWait = map.duration("group_wait");
    var groupInterval = map.duration("group_interval");
    var repeatInterval = map.duration("repeat_interval");
    var routes = map.list("routes").stream().map(AlertmanagerFile::route).toList();
    map.end();
    return map.checked(() ->
        new Route(
            receiver == null ? null : receiver.asString(),
            groupBy == null ? null : groupBy.asStrings(),
            matchers,
            continues,
            groupWait,
            groupInterval,
            repeatInterval,
            routes));
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
