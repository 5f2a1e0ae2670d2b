package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Integration;
import barograph.alerting.route.Branch;
import barograph.storage.model.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Sends each alert down the tree of routes and into the group where it belongs.
///
/// Guarded by the lock that it is given, which its groups use too.
final class Dispatcher {
  private final Branch root;
  private final Map<String, List<Integration>> receivers;
  private final NotifyPorts ports;
  private final NotificationLog log;
  private final ReentrantLock lock;
  private final Map<Place, AggregationGroup> groups = new HashMap<>();

  Dispatcher(
      Branch root,
      Map<String, List<Integration>> receivers,
      NotifyPorts ports,
      NotificationLog log,
      ReentrantLock lock) {
    this.root = root;
    this.receivers = Map.copyOf(receivers);
    this.ports = ports;
    this.log = log;
    this.lock = lock;
  }

  /// Where a group belongs: two branches may look the same, so the branch itself counts.
  private static final class Place {
    private final Branch branch;
    private final Labels labels;

    Place(Branch branch, Labels labels) {
      this.branch = branch;
      this.labels = labels;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Place that && branch == that.branch && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(branch) * 31 + labels.hashCode();
    }
  }

  void put(Alert alert) {
    for (var branch : root.taking(alert.labels())) {
      var place = new Place(branch, branch.groupLabels(alert.labels()));
      groups
          .computeIfAbsent(
              place,
              absent ->
                  new AggregationGroup(
                      branch,
                      place.labels,
                      receivers.getOrDefault(branch.receiver(), List.of()),
                      ports,
                      log,
                      lock,
                      () -> groups.remove(place)))
          .put(alert);
    }
  }

  int groupCount() {
    return groups.size();
  }

  void stop() {
    groups.values().forEach(AggregationGroup::stop);
    groups.clear();
  }
}
