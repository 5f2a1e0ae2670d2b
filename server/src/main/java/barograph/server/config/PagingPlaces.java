package barograph.server.config;

import barograph.alerting.receiver.IncidentIoConfig;
import barograph.alerting.receiver.JiraConfig;
import barograph.alerting.receiver.OpsgenieConfig;
import barograph.alerting.receiver.PagerDutyConfig;
import barograph.alerting.receiver.PushoverConfig;
import barograph.alerting.receiver.PushoverConfig.Markup;
import barograph.alerting.receiver.SnsConfig;
import barograph.alerting.receiver.Texts;
import barograph.alerting.receiver.VictorOpsConfig;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.template.NotificationTexts;
import barograph.alerting.template.TemplateException;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the places that call people or keep their tasks, and the webhook, which is any of these.
final class PagingPlaces {
  private PagingPlaces() {}

  static WebhookConfig webhook(PlaceSection section) {
    var map = section.map();
    @Nullable YamlNode url = map.get("url");
    boolean templated = url != null && url.asString().contains("{{");
    if (url != null && templated) {
      checkTemplate(url);
    }
    var address =
        templated
            ? section.needed(section.secret("url"), "one of url or url_file must be configured")
            : section.neededAddress("url");
    @Nullable YamlNode payload = map.get("payload");
    return new WebhookConfig(
        address,
        section.sendResolved(true),
        section.http(),
        map.count("max_alerts", 0),
        map.goDuration("timeout", Duration.ZERO),
        payload == null ? null : payload.asTree());
  }

  private static void checkTemplate(YamlNode text) {
    try {
      NotificationTexts.of(List.of()).check(text.asString());
    } catch (TemplateException e) {
      throw text.error("invalid template syntax: " + e.getMessage());
    }
  }

  static PagerDutyConfig pagerDuty(PlaceSection section) {
    var map = section.map();
    @Nullable Secret routing = section.secret("routing_key");
    @Nullable Secret service = section.secret("service_key");
    if (routing == null && service == null) {
      throw map.error("missing service or routing key in PagerDuty config");
    }
    return new PagerDutyConfig(
        section.address("url", "pagerduty_url"),
        section.sendResolved(true),
        section.http(),
        service == null
            ? new PagerDutyConfig.Key.Routing(Objects.requireNonNull(routing))
            : new PagerDutyConfig.Key.Service(service),
        section.texts(PagerDutyConfig.DEFAULTS),
        trees(map, "details"),
        section.maps("images", "src", "alt", "href"),
        section.maps("links", "href", "text"),
        map.goDuration("timeout", Duration.ZERO));
  }

  private static Map<String, Object> trees(YamlMap map, String key) {
    @Nullable YamlNode node = map.get(key);
    var trees = new LinkedHashMap<String, Object>();
    if (node != null) {
      var given = node.asMap();
      for (String name : given.names()) {
        @Nullable YamlNode value = given.get(name);
        @Nullable Object tree = value == null ? null : value.asTree();
        if (tree != null) {
          trees.put(name, tree);
        }
      }
    }
    return trees;
  }

  static OpsgenieConfig opsgenie(PlaceSection section) {
    var map = section.map();
    return new OpsgenieConfig(
        section.folderAddress("api_url", "opsgenie_api_url"),
        section.sendResolved(true),
        section.http(),
        section.needed(
            section.secret("api_key", "opsgenie_api_key"),
            "no global OpsGenie API Key set either inline or in a file"),
        section.texts(OpsgenieConfig.DEFAULTS),
        map.stringMap("details"),
        section.maps("responders", "id", "name", "username", "type").stream()
            .map(PagingPlaces::responder)
            .toList(),
        map.bool("update_alerts", false));
  }

  private static OpsgenieConfig.Responder responder(Map<String, String> given) {
    return new OpsgenieConfig.Responder(
        given.getOrDefault("id", ""),
        given.getOrDefault("name", ""),
        given.getOrDefault("username", ""),
        given.getOrDefault("type", ""));
  }

  static VictorOpsConfig victorOps(PlaceSection section) {
    var map = section.map();
    return new VictorOpsConfig(
        section.folderAddress("api_url", "victorops_api_url"),
        section.sendResolved(true),
        section.http(),
        section.needed(
            section.secret("api_key", "victorops_api_key"), "no global VictorOps API Key set"),
        map.string("routing_key", ""),
        section.texts(VictorOpsConfig.DEFAULTS),
        map.stringMap("custom_fields"));
  }

  static PushoverConfig pushover(PlaceSection section) {
    var map = section.map();
    boolean html = map.bool("html", false);
    boolean monospace = map.bool("monospace", false);
    if (html && monospace) {
      throw map.error("at most one of monospace & html must be configured");
    }
    return new PushoverConfig(
        section.sendResolved(true),
        section.http(),
        section.needed(
            section.secret("user_key"), "one of user_key or user_key_file must be configured"),
        section.needed(section.secret("token"), "one of token or token_file must be configured"),
        section.texts(PushoverConfig.DEFAULTS),
        html ? Markup.HTML : monospace ? Markup.MONOSPACE : Markup.NONE,
        map.goDuration("retry", PushoverConfig.DEFAULT_RETRY),
        map.goDuration("expire", PushoverConfig.DEFAULT_EXPIRE),
        map.goDuration("ttl", Duration.ZERO));
  }

  static SnsConfig sns(PlaceSection section) {
    var map = section.map();
    // There is but one client here.
    map.bool("use_aws_http_client", false);
    var signers = new SigV4Reader(System::getenv);
    @Nullable YamlNode node = map.get("sigv4");
    var signing =
        signers.read(
            node == null ? new YamlNode("", "sigv4", EmptyMapping.NODE).asMap() : node.asMap(),
            "sns");
    return new SnsConfig(
        section.sendResolved(true),
        section.http().with(signing),
        signing.region(),
        section.texts(SnsConfig.DEFAULTS),
        map.stringMap("attributes"));
  }

  static IncidentIoConfig incidentIo(PlaceSection section) {
    var map = section.map();
    var http = section.http();
    @Nullable Secret token = section.secret("alert_source_token");
    if (token != null) {
      if (!(http.credentials() instanceof Credentials.None)) {
        throw map.error(
            "cannot specify alert_source_token or alert_source_token_file when using"
                + " http_config.authorization");
      }
      http = http.with(new Credentials.Token("Bearer", token));
    }
    return new IncidentIoConfig(
        section.neededAddress("url"),
        section.sendResolved(true),
        http,
        map.count("max_alerts", 0),
        map.goDuration("timeout", Duration.ZERO));
  }

  static JiraConfig jira(PlaceSection section) {
    var map = section.map();
    var summary = new Updated(map, "summary");
    var description = new Updated(map, "description");
    var texts = JiraConfig.DEFAULTS;
    for (String name : texts.names()) {
      @Nullable YamlNode node = map.get(name);
      if (node != null && !name.equals("summary") && !name.equals("description")) {
        texts = texts.with(name, node.asString());
      }
    }
    return new JiraConfig(
        section.address("api_url", "jira_api_url"),
        api(map),
        section.sendResolved(true),
        section.http(),
        description.in(summary.in(texts)),
        map.list("labels").stream().map(YamlNode::asString).toList(),
        trees(map, "fields"),
        new JiraConfig.Updates(summary.follows, description.follows),
        map.duration("reopen_duration", Duration.ZERO));
  }

  private static JiraConfig.Api api(YamlMap map) {
    return switch (map.string("api_type", "auto")) {
      case "auto" -> JiraConfig.Api.AUTO;
      case "cloud" -> JiraConfig.Api.CLOUD;
      case "datacenter" -> JiraConfig.Api.DATACENTER;
      default ->
          throw map.error("unknown api_type on jira_config, must be auto, cloud or datacenter");
    };
  }

  /// A text of an issue, given as such or with whether it follows the group.
  private static final class Updated {
    private final String name;
    private final @Nullable String template;
    private final boolean follows;

    Updated(YamlMap map, String name) {
      this.name = name;
      @Nullable YamlNode node = map.get(name);
      if (node == null || !node.isMap()) {
        template = node == null ? null : node.asString();
        follows = true;
        return;
      }
      var own = node.asMap();
      @Nullable YamlNode given = own.get("template");
      template = given == null ? null : given.asString();
      follows = own.bool("enable_update", true);
      own.end();
    }

    Texts in(Texts texts) {
      return template == null ? texts : texts.with(name, template);
    }
  }
}
