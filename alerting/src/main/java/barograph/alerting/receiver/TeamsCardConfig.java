package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;

/// A Microsoft Teams channel, told by a connector's webhook, which takes message cards.
public record TeamsCardConfig(Secret url, boolean sendResolved, ClientSettings http, Texts texts)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("msteams.default", "title", "summary", "text");

  private static final String RED = "8C1A1A";
  private static final String GREEN = "2DC72D";

  @Override
  public String kind() {
    return "msteams";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var card =
        new JsonObject()
            .put("@context", "http://schema.org/extensions")
            .put("type", "MessageCard")
            .put("title", telling.text(texts.get("title")))
            .put("summary", telling.text(texts.get("summary")))
            .put("text", telling.text(texts.get("text")))
            .put("themeColor", telling.notification().firing() ? RED : GREEN);
    return telling.postJson(Telling.address(url.reveal()), card.fields());
  }
}
