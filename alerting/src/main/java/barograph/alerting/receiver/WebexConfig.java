package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import java.io.IOException;
import java.net.URI;

/// A Webex room, told by a bot whose token stands in the HTTP settings.
public record WebexConfig(
    URI apiUrl, boolean sendResolved, ClientSettings http, String roomId, String message)
    implements HttpPlace {
  public static final String DEFAULT_MESSAGE = "{{ template \"webex.default.message\" . }}";

  private static final int MESSAGE_BYTES = 7439;

  public WebexConfig {
    if (roomId.isEmpty()) {
      throw new IllegalArgumentException("missing room_id on webex_config");
    }
    if (!(http.credentials() instanceof Credentials.Token)) {
      throw new IllegalArgumentException("missing webex_configs.http_config.authorization");
    }
  }

  @Override
  public String kind() {
    return "webex";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var body =
        new JsonObject()
            .put("markdown", Shortening.toBytes(telling.text(message), MESSAGE_BYTES))
            .putAny("roomId", telling.text(roomId));
    return telling.postJson(apiUrl, body.fields());
  }
}
