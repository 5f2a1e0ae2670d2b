package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Integration;
import barograph.alerting.route.Branch;
import barograph.storage.model.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sends each alert down the tree of routes and into the group where it belongs.
///
/// Guarded by the lock that it is given, which its groups use too.
final class Dispatcher {
  private final Branch root;
  private final Map<String, List<Integration>> receivers;
  private final GroupSurroundings around;
  private final Map<Place, AggregationGroup> groups = new HashMap<>();

  Dispatcher(Branch root, Map<String, List<Integration>> receivers, GroupSurroundings around) {
    this.root = root;
    this.receivers = Map.copyOf(receivers);
    this.around = around;
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

  /// Passes on news of an alert.
  ///
  /// @param since when a group that has no other begins to wait for company
  void put(Alert alert, Instant since) {
    root.taking(alert.labels()).forEach(branch -> group(branch, alert.labels()).put(alert, since));
  }

  /// Passes on an alert of before a restart.
  void resume(Alert alert) {
    root.taking(alert.labels()).forEach(branch -> group(branch, alert.labels()).resume(alert));
  }

  /// Passes on an alert of before a reload.
  void regroup(Alert alert) {
    root.taking(alert.labels()).forEach(branch -> group(branch, alert.labels()).regroup(alert));
  }

  private AggregationGroup group(Branch branch, Labels labels) {
    var place = new Place(branch, branch.groupLabels(labels));
    return groups.computeIfAbsent(
        place,
        absent ->
            new AggregationGroup(
                branch,
                place.labels,
                receivers.getOrDefault(branch.receiver(), List.of()),
                around,
                () -> groups.remove(place)));
  }

  /// Who is told of an alert with these labels.
  List<String> receiversOf(Labels labels) {
    return root.taking(labels).stream().map(Branch::receiver).toList();
  }

  Collection<AggregationGroup> groups() {
    return Collections.unmodifiableCollection(groups.values());
  }

  int groupCount() {
    return groups.size();
  }

  void stop() {
    groups.values().forEach(AggregationGroup::stop);
    groups.clear();
  }
}
