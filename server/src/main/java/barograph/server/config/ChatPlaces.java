package barograph.server.config;

import barograph.alerting.receiver.AttachmentField;
import barograph.alerting.receiver.DiscordConfig;
import barograph.alerting.receiver.MattermostConfig;
import barograph.alerting.receiver.MattermostConfig.Attachment;
import barograph.alerting.receiver.MattermostConfig.Priority;
import barograph.alerting.receiver.RocketChatConfig;
import barograph.alerting.receiver.SlackConfig;
import barograph.alerting.receiver.TeamsCardConfig;
import barograph.alerting.receiver.TeamsFlowConfig;
import barograph.alerting.receiver.TelegramConfig;
import barograph.alerting.receiver.WeChatConfig;
import barograph.alerting.receiver.WebexConfig;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the places where people chat.
final class ChatPlaces {
  private static final String SLACK_POST = "https://slack.com/api/chat.postMessage";

  private ChatPlaces() {}

  static SlackConfig slack(PlaceSection section) {
    var map = section.map();
    boolean updates = map.bool("update_message", false);
    var http = section.http();
    @Nullable Secret url = section.secretAddress("api_url");
    @Nullable Secret token = section.secret("app_token");
    if (url != null && token != null) {
      throw map.error(
          "at most one of api_url/api_url_file & app_token/app_token_file must be configured");
    }
    boolean ownAuthorization =
        map.get("http_config") != null && !(http.credentials() instanceof Credentials.None);
    if (token == null && url == null && !ownAuthorization) {
      token = section.secret("app_token", "slack_app_token");
    }
    var appUrl = Secret.of(section.address("app_url", "slack_app_url").toString());
    if (token != null) {
      if (!(http.credentials() instanceof Credentials.None)) {
        throw map.error("http authorization can't be set when using Slack App tokens");
      }
      http = http.with(new Credentials.Token("Bearer", token));
      url = appUrl;
    } else {
      url = url == null ? section.secret("api_url", "slack_api_url") : url;
      if (updates && !Secret.of(SLACK_POST).equals(url)) {
        throw map.error(
            "update_message can only be used with bot tokens. api_url must be set to "
                + SLACK_POST);
      }
    }
    return new SlackConfig(
        section.needed(url, "no Slack API URL nor App token set either inline or in a file"),
        section.sendResolved(false),
        http,
        section.texts(SlackConfig.DEFAULTS),
        fields(map, "Slack"),
        map.list("actions").stream().map(ChatPlaces::action).toList(),
        map.bool("short_fields", false),
        map.bool("link_names", false),
        map.list("mrkdwn_in").stream().map(YamlNode::asString).toList(),
        updates,
        map.goDuration("timeout", Duration.ZERO));
  }

  /// The fields of an attachment.
  ///
  /// @param place whose fields need a title and a value; null for those that may lack either
  private static List<AttachmentField> fields(YamlMap of, @Nullable String place) {
    return of.list("fields").stream().map(node -> field(node, place)).toList();
  }

  private static AttachmentField field(YamlNode node, @Nullable String place) {
    var map = node.asMap();
    @Nullable YamlNode isShort = map.get("short");
    String title = map.string("title", "");
    String value = map.string("value", "");
    map.end();
    if (place != null && (title.isEmpty() || value.isEmpty())) {
      throw map.error(
          "missing %s in %s field configuration"
              .formatted(title.isEmpty() ? "title" : "value", place));
    }
    return new AttachmentField(title, value, isShort == null ? null : isShort.asBoolean());
  }

  private static SlackConfig.Action action(YamlNode node) {
    var map = node.asMap();
    @Nullable YamlNode confirm = map.get("confirm");
    var question =
        confirm == null
            ? Map.<String, String>of()
            : PlaceSection.strings(confirm, "text", "title", "ok_text", "dismiss_text");
    var action =
        map.checked(() ->
            new SlackConfig.Action(
                map.string("type", ""),
                map.string("text", ""),
                map.string("url", ""),
                map.string("style", ""),
                map.string("name", ""),
                map.string("value", ""),
                question));
    map.end();
    return action;
  }

  static DiscordConfig discord(PlaceSection section) {
    return new DiscordConfig(
        section.neededAddress("webhook_url"),
        section.sendResolved(true),
        section.http(),
        section.texts(DiscordConfig.DEFAULTS));
  }

  static TeamsCardConfig teamsCard(PlaceSection section) {
    return new TeamsCardConfig(
        section.neededAddress("webhook_url"),
        section.sendResolved(true),
        section.http(),
        section.texts(TeamsCardConfig.DEFAULTS));
  }

  static TeamsFlowConfig teamsFlow(PlaceSection section) {
    return new TeamsFlowConfig(
        section.neededAddress("webhook_url"),
        section.sendResolved(true),
        section.http(),
        section.texts(TeamsFlowConfig.DEFAULTS));
  }

  static TelegramConfig telegram(PlaceSection section) {
    var map = section.map();
    String number = map.string("chat_id", "0");
    @Nullable Secret chat = number.equals("0") ? null : Secret.of(number);
    @Nullable YamlNode file = map.get("chat_id_file");
    if (chat != null && file != null) {
      throw map.error("at most one of chat_id & chat_id_file must be configured");
    }
    if (chat != null && !number.matches("-?[0-9]+")) {
      throw map.error("chat_id is \"%s\", expected a number".formatted(number));
    }
    if (file != null) {
      chat = Secret.in(section.folder().resolve(file.asString()));
    }
    String base = section.address("api_url", "telegram_api_url").toString();
    return new TelegramConfig(
        base.replaceAll("/+$", ""),
        section.sendResolved(true),
        section.http(),
        section.needed(
            section.secret("bot_token", "telegram_bot_token"),
            "missing bot_token or bot_token_file on telegram_config"),
        section.needed(chat, "missing chat_id or chat_id_file on telegram_config"),
        map.count("message_thread_id", 0),
        map.bool("disable_notifications", false),
        map.string("parse_mode", TelegramConfig.DEFAULT_PARSE_MODE),
        map.string("message", TelegramConfig.DEFAULT_MESSAGE));
  }

  static WebexConfig webex(PlaceSection section) {
    return new WebexConfig(
        section.address("api_url", "webex_api_url"),
        section.sendResolved(true),
        section.http(),
        section.map().string("room_id", ""),
        section.map().string("message", WebexConfig.DEFAULT_MESSAGE));
  }

  static WeChatConfig weChat(PlaceSection section) {
    var map = section.map();
    String type = map.string("message_type", "text");
    if (!type.equals("text") && !type.equals("markdown")) {
      throw map.error(
          "weChat message type \"%s\" does not match valid options ^(text|markdown)$"
              .formatted(type));
    }
    @Nullable YamlNode everyones = section.global().get("wechat_api_corp_id");
    String corpId = map.string("corp_id", everyones == null ? "" : everyones.asString());
    if (corpId.isEmpty()) {
      throw map.error("no global Wechat CorpID set");
    }
    return new WeChatConfig(
        section.folderAddress("api_url", "wechat_api_url"),
        section.sendResolved(false),
        section.http(),
        section.needed(
            section.secret("api_secret", "wechat_api_secret"),
            "no global Wechat Api Secret set either inline or in a file"),
        corpId,
        section.texts(WeChatConfig.DEFAULTS),
        type.equals("markdown"));
  }

  static RocketChatConfig rocketChat(PlaceSection section) {
    var map = section.map();
    // Asked for and, as in Alertmanager, of no effect.
    map.bool("link_names", false);
    return new RocketChatConfig(
        section.address("api_url", "rocketchat_api_url"),
        section.sendResolved(false),
        section.http(),
        section.needed(
            section.secret("token", "rocketchat_token"),
            "no global Rocketchat Token set either inline or in a file"),
        section.needed(
            section.secret("token_id", "rocketchat_token_id"),
            "no global Rocketchat TokenID set either inline or in a file"),
        section.texts(RocketChatConfig.DEFAULTS),
        fields(map, null),
        map.bool("short_fields", false),
        section.maps("actions", "type", "text", "url", "msg"));
  }

  static MattermostConfig mattermost(PlaceSection section) {
    var map = section.map();
    @Nullable YamlNode props = map.get("props");
    String card = props == null ? "" : PlaceSection.strings(props, "card").getOrDefault("card", "");
    // The card stands in a section of its own and among the texts here.
    var texts = section.texts(MattermostConfig.DEFAULTS).with("card", card);
    @Nullable YamlNode priority = map.get("priority");
    return new MattermostConfig(
        section.needed(
            section.secret("webhook_url", "mattermost_webhook_url"),
            "missing webhook_url or webhook_url_file on mattermost_config"),
        section.sendResolved(true),
        section.http(),
        texts,
        fields(map, "Mattermost"),
        map.list("attachments").stream().map(ChatPlaces::attachment).toList(),
        priority == null ? Priority.NONE : priority(priority));
  }

  private static Attachment attachment(YamlNode node) {
    var map = node.asMap();
    var attachment =
        new Attachment(
            PlaceSection.texts(map, MattermostConfig.NO_PARTS), fields(map, "Mattermost"));
    map.end();
    return attachment;
  }

  private static Priority priority(YamlNode node) {
    var map = node.asMap();
    var priority =
        new Priority(
            map.string("priority", ""),
            map.bool("requested_ack", false),
            map.bool("persistent_notifications", false));
    map.end();
    return priority;
  }
}
