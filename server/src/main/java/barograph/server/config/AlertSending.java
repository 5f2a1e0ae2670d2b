package barograph.server.config;

import barograph.alerting.forward.AlertRelabeling;
import java.util.List;

/// What the `alerting` section of `prometheus.yml` says.
///
/// @param alertmanagers who else is told of alerts
/// @param relabeling of all alerts, also of those that this server tells itself
public record AlertSending(List<AlertmanagerSet> alertmanagers, AlertRelabeling relabeling) {
  /// Nobody else, and nothing renamed.
  static final AlertSending NONE = new AlertSending(List.of(), AlertRelabeling.NONE);

  public AlertSending {
    alertmanagers = List.copyOf(alertmanagers);
  }
}
