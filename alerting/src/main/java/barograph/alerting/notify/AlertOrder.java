package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.storage.model.Labels;
import java.util.Comparator;
import java.util.TreeSet;

/// The order of alerts in a message: by job, by instance, then those with fewer labels first, then
/// by what their labels are. An alert without one of the first two comes after those with it.
final class AlertOrder implements Comparator<Alert> {

  @Override
  public int compare(Alert a, Alert b) {
    int order = byLabel("job", a.labels(), b.labels());
    if (order == 0) {
      order = byLabel("instance", a.labels(), b.labels());
    }
    if (order == 0) {
      order = Integer.compare(a.labels().size(), b.labels().size());
    }
    return order == 0 ? byAll(a.labels(), b.labels()) : order;
  }

  private static int byLabel(String name, Labels a, Labels b) {
    if (a.has(name) && b.has(name)) {
      return Labels.UTF8_ORDER.compare(a.get(name), b.get(name));
    }
    return Boolean.compare(b.has(name), a.has(name));
  }

  private static int byAll(Labels a, Labels b) {
    var names = new TreeSet<>(Labels.UTF8_ORDER);
    names.addAll(a.toMap().keySet());
    names.addAll(b.toMap().keySet());
    for (var name : names) {
      if (!a.has(name)) {
        return -1;
      }
      if (!b.has(name)) {
        return 1;
      }
      int order = Labels.UTF8_ORDER.compare(a.get(name), b.get(name));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
