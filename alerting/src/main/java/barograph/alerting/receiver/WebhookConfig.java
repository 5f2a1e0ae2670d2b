package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place that takes Alertmanager's webhook message, version 4.
///
/// The URL is taken for a secret: it may hold a token, so no log names it.
///
/// @param url a template
/// @param sendResolved whether it is told of the end of an alert too
/// @param maxAlerts most alerts in one message, the others are counted; 0 for any number
/// @param timeout longest time for one attempt; 0 for whatever the notification has left
/// @param payload what is sent instead of the message, a tree of templates; null for the message
public record WebhookConfig(
    Secret url,
    boolean sendResolved,
    ClientSettings http,
    int maxAlerts,
    Duration timeout,
    @Nullable Object payload)
    implements HttpPlace {
  public WebhookConfig {
    if (maxAlerts < 0) {
      throw new IllegalArgumentException(
          "max_alerts is %d, expected 0 or more".formatted(maxAlerts));
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is %s, expected 0 or more".formatted(timeout));
    }
  }

  /// A webhook with Alertmanager's defaults.
  public static WebhookConfig to(URI url) {
    return new WebhookConfig(
        Secret.of(url.toString()), true, ClientSettings.PLAIN, 0, Duration.ZERO, null);
  }

  /// The same at another address, which may be a template.
  public WebhookConfig at(String template) {
    return new WebhookConfig(Secret.of(template), sendResolved, http, maxAlerts, timeout, payload);
  }

  /// The same with a message of its own.
  public WebhookConfig withPayload(Object tree) {
    return new WebhookConfig(url, sendResolved, http, maxAlerts, timeout, tree);
  }

  @Override
  public String kind() {
    return "webhook";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var uri = Telling.address(telling.text(url.reveal()));
    return telling.postJson(
        uri,
        payload == null ? message(telling.notification(), "4", maxAlerts) : telling.tree(payload));
  }

  /// The message as JSON.
  ///
  /// @param maxAlerts most alerts in it; 0 for any number
  static Map<String, @Nullable Object> message(
      Notification notification, String version, int maxAlerts) {
    int count = notification.alerts().size();
    int shown = maxAlerts == 0 ? count : Math.min(maxAlerts, count);
    var message = notification.first(shown).data().json();
    message.put("version", version);
    message.put("groupKey", notification.groupKey());
    message.put("truncatedAlerts", count - shown);
    return message;
  }
}
