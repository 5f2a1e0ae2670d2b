package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import java.time.Instant;
import java.util.List;

/// An alert as the API shows it: what is known of it, who is told, and why not.
///
/// @param receivers names of those who are told
/// @param silencedBy ids of silences
/// @param inhibitedBy fingerprints of alerts
/// @param mutedBy names of time intervals
public record AlertStanding(
    Alert alert,
    Instant updatedAt,
    List<String> receivers,
    List<String> silencedBy,
    List<String> inhibitedBy,
    List<String> mutedBy) {
  public boolean suppressed() {
    return !silencedBy.isEmpty() || !inhibitedBy.isEmpty() || !mutedBy.isEmpty();
  }
}
