package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.util.List;

/// A Microsoft Teams channel, told by a flow's webhook, which takes adaptive cards.
public record TeamsFlowConfig(Secret url, boolean sendResolved, ClientSettings http, Texts texts)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS = Texts.templates("msteamsv2.default", "title", "text");

  @Override
  public String kind() {
    return "msteamsv2";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var heading =
        new JsonObject()
            .put("type", "TextBlock")
            .put("text", telling.text(texts.get("title")))
            .put("weight", "Bolder")
            .put("size", "Medium")
            .put("wrap", true)
            .put("style", "heading")
            .put("color", telling.notification().firing() ? "Attention" : "Good");
    var text =
        new JsonObject()
            .put("type", "TextBlock")
            .put("text", telling.text(texts.get("text")))
            .put("wrap", true);
    var card =
        new JsonObject()
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.2")
            .put("body", List.of(heading.fields(), text.fields()))
            .put("msteams", new JsonObject().put("width", "full").fields());
    var attachment =
        new JsonObject()
            .put("contentType", "application/vnd.microsoft.card.adaptive")
            .put("contentUrl", null)
            .put("content", card.fields());
    var message =
        new JsonObject().put("type", "message").put("attachments", List.of(attachment.fields()));
    return telling.postJson(Telling.address(url.reveal()), message.fields());
  }
}
