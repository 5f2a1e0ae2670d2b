package barograph.alerting;

import java.net.URI;
import java.time.Duration;

/// What is settled when the process starts; the names are those of Prometheus's flags.
///
/// @param externalUrl under which people reach this server; links in notifications begin with it
/// @param outageTolerance longest outage after which `for` state is restored
/// @param gracePeriod shortest `for` that is restored, and least time before such an alert fires
/// @param resendDelay time after which a firing alert is passed on again
/// @param concurrentEvaluations how many groups are evaluated at the same time
public record AlertingOptions(
    URI externalUrl,
    Duration outageTolerance,
    Duration gracePeriod,
    Duration resendDelay,
    int concurrentEvaluations) {
  public AlertingOptions {
    if (concurrentEvaluations < 1) {
      throw new IllegalArgumentException(
          "%d concurrent rule evaluations, expected 1 or more".formatted(concurrentEvaluations));
    }
  }

  /// Prometheus's defaults.
  public static AlertingOptions at(URI externalUrl) {
    return new AlertingOptions(
        externalUrl, Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(1), 4);
  }

  /// The external URL without a slash at its end, so that paths can follow.
  String externalUrlText() {
    var text = externalUrl.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
