package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Slack channel, told by an incoming webhook or as an app.
///
/// @param markdownIn parts of the attachment that are Markdown; empty for Slack's usual ones
/// @param updatesMessage whether a group's message is written anew while its trouble lasts, instead
///   of others behind it; only an app can
/// @param timeout longest time for one attempt; 0 for whatever the notification has left
public record SlackConfig(
    Secret url,
    boolean sendResolved,
    ClientSettings http,
    Texts texts,
    List<AttachmentField> fields,
    List<Action> actions,
    boolean shortFields,
    boolean linkNames,
    List<String> markdownIn,
    boolean updatesMessage,
    Duration timeout)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates(
              "slack.default",
              "color",
              "username",
              "title",
              "title_link",
              "icon_emoji",
              "icon_url",
              "pretext",
              "text",
              "fallback",
              "callback_id",
              "footer")
          .and(Texts.of("channel", "", "message_text", "", "image_url", "", "thumb_url", ""));

  private static final String POST = "chat.postMessage";
  private static final String UPDATE = "chat.update";

  /// What is remembered of a message: Slack's names of its channel and of itself.
  private static final String CHANNEL = "channel";

  private static final String TIME = "ts";

  private static final int TITLE_CHARACTERS = 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public SlackConfig {
    fields = List.copyOf(fields);
    actions = List.copyOf(actions);
    markdownIn = List.copyOf(markdownIn);
  }

  /// A button.
  ///
  /// @param confirm texts of the question that is asked first; empty for none
  public record Action(
      String type,
      String text,
      String url,
      String style,
      String name,
      String value,
      Map<String, String> confirm) {
    public Action {
      confirm = Map.copyOf(confirm);
      if (type.isEmpty()) {
        throw new IllegalArgumentException("missing type in Slack action configuration");
      }
      if (text.isEmpty()) {
        throw new IllegalArgumentException("missing text in Slack action configuration");
      }
      if (url.isEmpty() && name.isEmpty()) {
        throw new IllegalArgumentException("missing name or url in Slack action configuration");
      }
      if (!confirm.isEmpty() && confirm.getOrDefault("text", "").isEmpty()) {
        throw new IllegalArgumentException("missing text in Slack confirmation configuration");
      }
      if (!url.isEmpty()) {
        name = "";
        value = "";
        confirm = Map.of();
      }
    }
  }

  @Override
  public String kind() {
    return "slack";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var address = Telling.address(url.reveal());
    var before = telling.notification().memory();
    if (updatesMessage && before.containsKey(CHANNEL) && before.containsKey(TIME)) {
      var update = URI.create(address.toString().replace(POST, UPDATE));
      var outcome = send(telling, update, before);
      // A message that cannot be written anew, as when it was deleted, has another behind it.
      return outcome instanceof Refused(boolean worthRetrying, var _) && !worthRetrying
          ? send(telling, address, Map.of())
          : outcome;
    }
    return send(telling, address, Map.of());
  }

  private Outcome send(Telling telling, URI to, Map<String, String> message)
      throws IOException, InterruptedException {
    var json =
        new JsonObject()
            .putAny("channel", message.getOrDefault(CHANNEL, text(telling, "channel")))
            .putAny("ts", message.getOrDefault(TIME, ""))
            .putAny("username", text(telling, "username"))
            .putAny("icon_emoji", text(telling, "icon_emoji"))
            .putAny("icon_url", text(telling, "icon_url"))
            .putAny("link_names", linkNames)
            .putAny("text", text(telling, "message_text"))
            .put("attachments", List.of(attachment(telling)));
    var answer = telling.sendJson("POST", to, Map.of(), json.fields());
    return answer.status() / 100 == 2 ? judged(answer) : Telling.outcome(answer, Set.of());
  }

  private Map<String, @Nullable Object> attachment(Telling telling) {
    return new JsonObject()
        .putAny("title", Shortening.toCharacters(text(telling, "title"), TITLE_CHARACTERS))
        .putAny("title_link", text(telling, "title_link"))
        .putAny("pretext", text(telling, "pretext"))
        .put("text", text(telling, "text"))
        .put("fallback", text(telling, "fallback"))
        .put("callback_id", text(telling, "callback_id"))
        .putAny("fields", AttachmentField.json(fields, telling, shortFields))
        .putAny("actions", actions.stream().map(action -> json(telling, action)).toList())
        .putAny("image_url", text(telling, "image_url"))
        .putAny("thumb_url", text(telling, "thumb_url"))
        .put("footer", text(telling, "footer"))
        .putAny("color", text(telling, "color"))
        .put(
            "mrkdwn_in", markdownIn.isEmpty() ? List.of("fallback", "pretext", "text") : markdownIn)
        .fields();
  }

  private String text(Telling telling, String name) {
    return telling.text(texts.get(name));
  }

  private static Map<String, @Nullable Object> json(Telling telling, Action action) {
    var confirm = new JsonObject();
    for (var name : List.of("text", "title", "ok_text", "dismiss_text")) {
      confirm.putAny(name, telling.text(action.confirm.getOrDefault(name, "")));
    }
    return new JsonObject()
        .putAny("type", telling.text(action.type))
        .putAny("text", telling.text(action.text))
        .putAny("url", telling.text(action.url))
        .putAny("style", telling.text(action.style))
        .putAny("name", telling.text(action.name))
        .putAny("value", telling.text(action.value))
        .putAny("confirm", confirm.fields())
        .fields();
  }

  /// A webhook says `ok`, the API says it in JSON; both may refuse with status 200.
  private Outcome judged(Web.Answer answer) {
    if (!answer.contentType().startsWith("application/json")) {
      return answer.body().equals("ok")
          ? new Delivered()
          : new Refused(false, "received an error response from Slack: " + answer.body());
    }
    try {
      var json = JSON.readTree(answer.body());
      return json.path("ok").asBoolean(false)
          ? new Delivered(updatesMessage ? memory(json) : Map.of())
          : new Refused(false, "error response from Slack: " + json.path("error").asString(""));
    } catch (JacksonException e) {
      return new Refused(true, "could not read the JSON response: " + answer.body());
    }
  }

  private static Map<String, String> memory(JsonNode answer) {
    String channel = answer.path(CHANNEL).asString("");
    String time = answer.path(TIME).asString("");
    return channel.isEmpty() || time.isEmpty() ? Map.of() : Map.of(CHANNEL, channel, TIME, time);
  }
}
