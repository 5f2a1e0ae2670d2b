package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.template.GoJson;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.time.Duration;

/// An alert source of incident.io.
///
/// @param maxAlerts most alerts in one message, the others are counted; 0 for any number
/// @param timeout longest time for one attempt; 0 for whatever the notification has left
public record IncidentIoConfig(
    Secret url, boolean sendResolved, ClientSettings http, int maxAlerts, Duration timeout)
    implements HttpPlace {
  private static final int MESSAGE_BYTES = 512 * 1024;

  @Override
  public String kind() {
    return "incidentio";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var message = WebhookConfig.message(telling.notification(), "1", maxAlerts);
    if (GoJson.body(message).length > MESSAGE_BYTES) {
      var one = WebhookConfig.message(telling.notification(), "1", 1);
      // One alert makes the incident; what is said of all of them stays.
      message.put("alerts", one.get("alerts"));
    }
    return telling.postJson(Telling.address(url.reveal()), message, Telling.RATE_LIMIT);
  }
}
