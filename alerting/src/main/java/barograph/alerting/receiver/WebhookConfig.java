package barograph.alerting.receiver;

import java.net.URI;
import java.time.Duration;

/// A place that takes Alertmanager's webhook message.
///
/// @param sendResolved whether it is told of the end of an alert too
/// @param maxAlerts most alerts in one message, the others are counted; 0 for any number
/// @param timeout longest time for one attempt; 0 for whatever the notification has left
public record WebhookConfig(URI url, boolean sendResolved, int maxAlerts, Duration timeout) {
  public WebhookConfig {
    var scheme = url.getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new IllegalArgumentException(
          "unsupported scheme \"%s\" for URL \"%s\", expected http or https"
              .formatted(scheme == null ? "" : scheme, url));
    }
    if (url.getHost() == null || url.getHost().isEmpty()) {
      throw new IllegalArgumentException("missing host for URL \"%s\"".formatted(url));
    }
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
    return new WebhookConfig(url, true, 0, Duration.ZERO);
  }
}
