package barograph.alerting.forward;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// An Alertmanager elsewhere.
///
/// @param alertsUrl where it takes alerts
/// @param headers that let it know who sends
/// @param timeout longest time for one message
/// @param relabeling of the alerts that it gets
public record Alertmanager(
    URI alertsUrl, Map<String, String> headers, Duration timeout, AlertRelabeling relabeling) {
  public Alertmanager {
    headers = Map.copyOf(headers);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "timeout of an Alertmanager is %s, expected more than 0".formatted(timeout));
    }
  }
}
