package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A Slack channel, told by an incoming webhook or as an app.
///
/// @param markdownIn parts of the attachment that are Markdown; empty for Slack's usual ones
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
    var message =
        new JsonObject()
            .putAny("channel", text(telling, "channel"))
            .putAny("username", text(telling, "username"))
            .putAny("icon_emoji", text(telling, "icon_emoji"))
            .putAny("icon_url", text(telling, "icon_url"))
            .putAny("link_names", linkNames)
            .putAny("text", text(telling, "message_text"))
            .put("attachments", List.of(attachment(telling)));
    var answer =
        telling.sendJson("POST", Telling.address(url.reveal()), Map.of(), message.fields());
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
  private static Outcome judged(Web.Answer answer) {
    if (!answer.contentType().startsWith("application/json")) {
      return answer.body().equals("ok")
          ? new Delivered()
          : new Refused(false, "received an error response from Slack: " + answer.body());
    }
    try {
      var json = JSON.readTree(answer.body());
      return json.path("ok").asBoolean(false)
          ? new Delivered()
          : new Refused(false, "error response from Slack: " + json.path("error").asString(""));
    } catch (JacksonException e) {
      return new Refused(true, "could not read the JSON response: " + answer.body());
    }
  }
}
