package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Posts Alertmanager's webhook message to a URL.
///
/// The URL is taken for a secret: it may hold a token, so no log names it.
public final class Webhook implements Integration {
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/json", "User-Agent", "Barograph");
  private static final int SHOWN_OF_ANSWER = 200;

  private final WebhookConfig config;
  private final HttpPost http;

  public Webhook(WebhookConfig config, HttpPost http) {
    this.config = config;
    this.http = http;
  }

  @Override
  public String kind() {
    return "webhook";
  }

  @Override
  public boolean sendResolved() {
    return config.sendResolved();
  }

  @Override
  public Outcome tell(Notification notification, Duration timeout) throws InterruptedException {
    var own = config.timeout();
    var longest = own.isZero() || own.compareTo(timeout) > 0 ? timeout : own;
    try {
      var body = WebhookMessage.json(notification, config.maxAlerts());
      var answer = http.post(config.url(), HEADERS, body, longest);
      int kind = answer.status() / 100;
      if (kind == 2) {
        return new Delivered();
      }
      var text = answer.body().strip();
      return new Refused(
          kind == 5,
          "unexpected status code %d: %s"
              .formatted(
                  answer.status(), text.substring(0, Math.min(SHOWN_OF_ANSWER, text.length()))));
    } catch (IOException e) {
      return new Refused(true, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
