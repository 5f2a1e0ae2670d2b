package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.util.List;

/// A Discord channel, told by its webhook.
///
/// @param texts `username` and `avatar_url` are taken as they stand
public record DiscordConfig(Secret url, boolean sendResolved, ClientSettings http, Texts texts)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("discord.default", "title", "message")
          .and(Texts.of("content", "", "username", "", "avatar_url", ""));

  private static final int TITLE_CHARACTERS = 256;
  private static final int DESCRIPTION_CHARACTERS = 4096;
  private static final int CONTENT_CHARACTERS = 2000;
  private static final int RED = 0x992D22;
  private static final int GREEN = 0x2ECC71;

  @Override
  public String kind() {
    return "discord";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var embed =
        new JsonObject()
            .put("title", shortened(telling, "title", TITLE_CHARACTERS))
            .put("description", shortened(telling, "message", DESCRIPTION_CHARACTERS))
            .put("color", telling.notification().firing() ? RED : GREEN);
    var message =
        new JsonObject()
            .put("content", shortened(telling, "content", CONTENT_CHARACTERS))
            .put("embeds", List.of(embed.fields()))
            .putAny("username", texts.get("username"))
            .putAny("avatar_url", texts.get("avatar_url"));
    return telling.postJson(Telling.address(url.reveal()), message.fields());
  }

  private String shortened(Telling telling, String name, int characters) {
    return Shortening.toCharacters(telling.text(texts.get(name)), characters);
  }
}
