package barograph.server.config;

import barograph.alerting.notify.NotificationConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `global` section of an `alertmanager.yml`: what receivers have that do not say it
/// themselves.
final class GlobalSection {
  private static final List<String> KEYS =
      List.of(
          "http_config",
          "jira_api_url",
          "smtp_from",
          "smtp_hello",
          "smtp_smarthost",
          "smtp_auth_username",
          "smtp_auth_password",
          "smtp_auth_password_file",
          "smtp_auth_secret",
          "smtp_auth_secret_file",
          "smtp_auth_identity",
          "smtp_require_tls",
          "smtp_tls_config",
          "smtp_force_implicit_tls",
          "slack_api_url",
          "slack_api_url_file",
          "slack_app_token",
          "slack_app_token_file",
          "slack_app_url",
          "pagerduty_url",
          "opsgenie_api_url",
          "opsgenie_api_key",
          "opsgenie_api_key_file",
          "wechat_api_url",
          "wechat_api_secret",
          "wechat_api_secret_file",
          "wechat_api_corp_id",
          "victorops_api_url",
          "victorops_api_key",
          "victorops_api_key_file",
          "telegram_api_url",
          "telegram_bot_token",
          "telegram_bot_token_file",
          "webex_api_url",
          "rocketchat_api_url",
          "rocketchat_token",
          "rocketchat_token_file",
          "rocketchat_token_id",
          "rocketchat_token_id_file",
          "mattermost_webhook_url",
          "mattermost_webhook_url_file");

  private static final Map<String, String> ADDRESSES =
      Map.of(
          "pagerduty_url", "https://events.pagerduty.com/v2/enqueue",
          "opsgenie_api_url", "https://api.opsgenie.com/",
          "wechat_api_url", "https://qyapi.weixin.qq.com/cgi-bin/",
          "victorops_api_url", "https://alert.victorops.com/integrations/generic/20131114/alert/",
          "telegram_api_url", "https://api.telegram.org",
          "webex_api_url", "https://webexapis.com/v1/messages",
          "rocketchat_api_url", "https://open.rocket.chat/",
          "slack_app_url", "https://slack.com/api/chat.postMessage");

  private final YamlMap map;
  private final Duration resolveTimeout;

  /// Reads the section whole, so that a misspelt key is found though nobody asks for it.
  GlobalSection(YamlMap map) {
    this.map = map;
    resolveTimeout = map.duration("resolve_timeout", NotificationConfig.DEFAULT_RESOLVE_TIMEOUT);
    KEYS.forEach(map::get);
    map.end();
    for (String key : KEYS) {
      if (key.endsWith("_file")) {
        String inline = key.substring(0, key.length() - "_file".length());
        if (map.get(inline) != null && map.get(key) != null) {
          throw map.error("at most one of %s & %s must be configured".formatted(inline, key));
        }
      }
    }
    for (String key : KEYS) {
      @Nullable YamlNode given = map.get(key);
      if (given != null && key.endsWith("_url")) {
        PlaceSection.checkAddress(map, given.asString());
      }
    }
    boolean slackApp =
        map.get("slack_app_token") != null || map.get("slack_app_token_file") != null;
    boolean slackUrl = map.get("slack_api_url") != null || map.get("slack_api_url_file") != null;
    @Nullable YamlNode url = map.get("slack_api_url");
    boolean same = url != null && url.asString().equals(address("slack_app_url"));
    if (slackApp && slackUrl && !same) {
      throw map.error(
          "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file"
              + " must be configured");
    }
  }

  Duration resolveTimeout() {
    return resolveTimeout;
  }

  /// What stands under `key`, or null.
  @Nullable YamlNode get(String key) {
    return map.get(key);
  }

  /// The address under `key`, or the service's own; null if it has none.
  @Nullable String address(String key) {
    @Nullable YamlNode given = map.get(key);
    return given == null ? ADDRESSES.get(key) : given.asString();
  }
}
