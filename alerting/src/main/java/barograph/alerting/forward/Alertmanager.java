package barograph.alerting.forward;

import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.time.Duration;

/// An Alertmanager elsewhere.
///
/// @param alertsUrl where it takes alerts
/// @param client who sends, and by which way
/// @param timeout longest time for one message
/// @param relabeling of the alerts that it gets
public record Alertmanager(
    URI alertsUrl, ClientSettings client, Duration timeout, AlertRelabeling relabeling) {
  public Alertmanager {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "timeout of an Alertmanager is %s, expected more than 0".formatted(timeout));
    }
  }
}
