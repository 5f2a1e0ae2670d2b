package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A Mattermost channel, told by an incoming webhook.
///
/// @param fields of the attachment that is made of the texts
/// @param attachments given instead of that one
public record MattermostConfig(
    Secret url,
    boolean sendResolved,
    ClientSettings http,
    Texts texts,
    List<AttachmentField> fields,
    List<Attachment> attachments,
    Priority priority)
    implements HttpPlace {
  private static final List<String> PARTS =
      List.of(
          "fallback",
          "color",
          "pretext",
          "text",
          "author_name",
          "author_link",
          "author_icon",
          "title",
          "title_link");

  private static final List<String> PARTS_BEHIND_FIELDS =
      List.of("thumb_url", "footer", "footer_icon", "image_url");

  /// The texts of an attachment that is given as such: all empty.
  public static final Texts NO_PARTS =
      Texts.of(
          "fallback", "",
          "color", "",
          "pretext", "",
          "text", "",
          "author_name", "",
          "author_link", "",
          "author_icon", "",
          "title", "",
          "title_link", "",
          "thumb_url", "",
          "footer", "",
          "footer_icon", "",
          "image_url", "");

  /// The texts with their defaults; `card` is that of the props.
  public static final Texts DEFAULTS =
      NO_PARTS
          .and(
              Texts.templates(
                  "mattermost.default",
                  "username",
                  "color",
                  "text",
                  "title",
                  "title_link",
                  "fallback"))
          .and(Texts.of("channel", "", "icon_url", "", "icon_emoji", "", "type", "", "card", ""));

  private static final int TEXT_CHARACTERS = 16383;

  public MattermostConfig {
    fields = List.copyOf(fields);
    attachments = List.copyOf(attachments);
  }

  /// An attachment of its own.
  public record Attachment(Texts texts, List<AttachmentField> fields) {
    public Attachment {
      fields = List.copyOf(fields);
    }
  }

  /// How urgent a message is.
  ///
  /// @param level a template; empty for none
  public record Priority(String level, boolean requestedAck, boolean persistent) {
    public static final Priority NONE = new Priority("", false, false);
  }

  @Override
  public String kind() {
    return "mattermost";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var card = telling.text(texts.get("card"));
    var message = new JsonObject();
    if (!attachments.isEmpty()) {
      message.putAny(
          "text", Shortening.toCharacters(telling.text(texts.get("text")), TEXT_CHARACTERS));
    }
    for (var name : List.of("channel", "username", "icon_url", "icon_emoji")) {
      message.putAny(name, telling.text(texts.get(name)));
    }
    message
        .put(
            "attachments",
            attachments.isEmpty()
                ? List.of(json(telling, new Attachment(texts, fields)))
                : attachments.stream().map(each -> json(telling, each)).toList())
        .putAny("type", telling.text(texts.get("type")))
        .putAny("props", card.isEmpty() ? null : new JsonObject().put("card", card).fields())
        .putAny("priority", priority.level.isEmpty() ? null : json(telling, priority));
    return telling.postJson(Telling.address(url.reveal()), message.fields());
  }

  private static Map<String, @Nullable Object> json(Telling telling, Attachment attachment) {
    var json = new JsonObject();
    PARTS.forEach(part -> json.putAny(part, telling.text(attachment.texts.get(part))));
    json.putAny("fields", AttachmentField.json(attachment.fields, telling, null));
    PARTS_BEHIND_FIELDS.forEach(
        part -> json.putAny(part, telling.text(attachment.texts.get(part))));
    return json.fields();
  }

  /// A level that is none counts as the standard one; only urgent messages may persist, and the
  /// standard ones ask for no acknowledgement.
  private static Map<String, @Nullable Object> json(Telling telling, Priority priority) {
    var given = telling.text(priority.level).toLowerCase(Locale.ROOT);
    var level = Set.of("urgent", "important", "standard").contains(given) ? given : "standard";
    return new JsonObject()
        .put("priority", level)
        .putAny("requested_ack", priority.requestedAck && !level.equals("standard"))
        .putAny("persistent_notifications", priority.persistent && level.equals("urgent"))
        .fields();
  }
}
