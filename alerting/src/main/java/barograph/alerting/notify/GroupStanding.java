package barograph.alerting.notify;

import barograph.storage.model.Labels;
import java.util.List;

/// A group as the API shows it: what its alerts share, who is told, and the alerts.
public record GroupStanding(Labels labels, String receiver, List<AlertStanding> alerts) {
  public GroupStanding {
    alerts = List.copyOf(alerts);
  }
}
