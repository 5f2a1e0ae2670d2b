package barograph.alerting.forward;

import java.util.List;

/// Who else is told of alerts, and what alerts are called when they leave the rules.
///
/// @param relabeling of all alerts, also of those that this server tells itself
public record Forwarding(List<Alertmanager> alertmanagers, AlertRelabeling relabeling) {
  /// Nobody else, and nothing renamed.
  public static final Forwarding NONE = new Forwarding(List.of(), AlertRelabeling.NONE);

  public Forwarding {
    alertmanagers = List.copyOf(alertmanagers);
  }
}
