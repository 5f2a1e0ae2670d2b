package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A Rocket.Chat channel.
///
/// @param actions buttons, each with `text`, `url` and `msg`
public record RocketChatConfig(
    URI apiUrl,
    boolean sendResolved,
    ClientSettings http,
    Secret token,
    Secret tokenId,
    Texts texts,
    List<AttachmentField> fields,
    boolean shortFields,
    List<Map<String, String>> actions)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("rocketchat.default", "emoji", "icon_url", "text", "title", "title_link")
          .and(
              Texts.of(
                  "color", "{{ if eq .Status \"firing\" }}red{{ else }}green{{ end }}",
                  "channel", "",
                  "image_url", "",
                  "thumb_url", ""));

  private static final int TITLE_CHARACTERS = 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public RocketChatConfig {
    fields = List.copyOf(fields);
    actions = List.copyOf(actions);
  }

  @Override
  public String kind() {
    return "rocketchat";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var message =
        new JsonObject()
            .putAny("channel", text(telling, "channel"))
            .putAny("emoji", text(telling, "emoji"))
            .putAny("avatar", text(telling, "icon_url"))
            .put("attachments", List.of(attachment(telling)));
    var base = apiUrl.toString();
    var uri = URI.create(base + (base.endsWith("/") ? "" : "/") + "api/v1/chat.postMessage");
    var headers = Map.of("X-Auth-Token", token.reveal(), "X-User-Id", tokenId.reveal());
    var answer = telling.sendJson("POST", uri, headers, message.fields());
    return answer.status() / 100 == 2 ? judged(answer) : Telling.outcome(answer, Set.of());
  }

  private Map<String, @Nullable Object> attachment(Telling telling) {
    return new JsonObject()
        .putAny("title", Shortening.toCharacters(text(telling, "title"), TITLE_CHARACTERS))
        .putAny("title_link", text(telling, "title_link"))
        .putAny("text", text(telling, "text"))
        .putAny("image_url", text(telling, "image_url"))
        .putAny("thumb_url", text(telling, "thumb_url"))
        .putAny("color", text(telling, "color"))
        .putAny("fields", AttachmentField.shortFirst(fields, telling, shortFields))
        .putAny("actions", actions.stream().map(action -> json(telling, action)).toList())
        .fields();
  }

  private String text(Telling telling, String name) {
    return telling.text(texts.get(name));
  }

  private static Map<String, @Nullable Object> json(Telling telling, Map<String, String> action) {
    return new JsonObject()
        .put("type", "button")
        .putAny("text", telling.text(action.getOrDefault("text", "")))
        .putAny("url", telling.text(action.getOrDefault("url", "")))
        .put("is_webview", false)
        .putAny("msg", telling.text(action.getOrDefault("msg", "")))
        .put("msg_in_chat_window", false)
        .fields();
  }

  /// The service may refuse with status 200.
  private static Outcome judged(Web.Answer answer) {
    try {
      var json = JSON.readTree(answer.body());
      return json.path("success").asBoolean(false)
          ? new Delivered()
          : new Refused(
              false, "error response from Rocketchat: " + json.path("error").asString(""));
    } catch (JacksonException e) {
      return new Refused(true, "could not read the JSON response: " + answer.body());
    }
  }
}
