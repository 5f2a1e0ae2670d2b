package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.receiver.Integration;
import barograph.alerting.receiver.Notification;
import barograph.alerting.route.Branch;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Alerts of one route that are told together, and the timer that says when.
///
/// A new group waits for company, then looks at its alerts each interval and tells every place of
/// its receiver what that does not know yet. All of it happens under the dispatcher's lock; only
/// the sending itself does not.
final class AggregationGroup {
  private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(10);

  private final Branch branch;
  private final Labels labels;
  private final String key;
  private final List<Integration> integrations;
  private final NotifyPorts ports;
  private final NotificationLog log;
  private final ReentrantLock lock;
  private final Runnable whenEmpty;
  private final Map<Labels, Alert> alerts = new HashMap<>();
  private final Set<Delivery> underWay = new HashSet<>();

  private Beat.@Nullable Call timer;
  private boolean flushed;
  private boolean due;
  private boolean failed;
  private boolean stopped;
  private List<Alert> snapshot = List.of();
  private Instant snapshotAt = Instant.EPOCH;

  /// A group without alerts, which expects its first.
  ///
  /// @param lock guards this group
  /// @param whenEmpty called when the group has no alert left
  AggregationGroup(
      Branch branch,
      Labels labels,
      List<Integration> integrations,
      NotifyPorts ports,
      NotificationLog log,
      ReentrantLock lock,
      Runnable whenEmpty) {
    this.branch = branch;
    this.labels = labels;
    this.integrations = integrations;
    this.ports = ports;
    this.log = log;
    this.lock = lock;
    this.whenEmpty = whenEmpty;
    key = branch.key() + ":" + labelText(labels);
  }

  /// The labels as they stand in a group's key: all in braces, also the metric's name.
  private static String labelText(Labels labels) {
    var text = new StringBuilder("{");
    for (int i = 0; i < labels.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(labels.name(i)).append("=\"");
      text.append(labels.value(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      text.append('"');
    }
    return text.append('}').toString();
  }

  /// Takes news of an alert. A group that has not told anything yet does so at once if the alert is
  /// older than the group would wait.
  void put(Alert alert) {
    alerts.put(alert.labels(), alert);
    var now = ports.beat().now();
    if (timer == null) {
      setTimer(now.plus(branch.groupWait()));
    }
    if (!flushed && alert.startsAt().plus(branch.groupWait()).isBefore(now)) {
      setTimer(now);
    }
  }

  /// Ends the group: no timer and no further attempt.
  void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
    }
    underWay.forEach(Delivery::cancel);
  }

  private void setTimer(Instant when) {
    if (timer != null) {
      timer.cancel();
    }
    timer = ports.beat().at(when, this::ring);
  }

  private void ring() {
    lock.lock();
    try {
      if (stopped) {
        return;
      }
      setTimer(ports.beat().now().plus(branch.groupInterval()));
      if (underWay.isEmpty()) {
        flush();
      } else {
        due = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private void flush() {
    flushed = true;
    failed = false;
    var now = ports.beat().now();
    snapshotAt = now;
    snapshot = alerts.values().stream().sorted(new AlertOrder()).toList();
    var firing = new HashSet<Labels>();
    var resolved = new HashSet<Labels>();
    snapshot.forEach(alert -> (alert.resolvedAt(now) ? resolved : firing).add(alert.labels()));
    var deliveries = new ArrayList<Delivery>();
    for (int i = 0; i < integrations.size(); i++) {
      var delivery = delivery(i, firing, resolved, now);
      if (delivery != null) {
        deliveries.add(delivery);
      }
    }
    underWay.addAll(deliveries);
    deliveries.forEach(Delivery::start);
    if (deliveries.isEmpty()) {
      settle();
    }
  }

  /// The message to the integration at `index`, or null if it needs none.
  private @Nullable Delivery delivery(
      int index, Set<Labels> firing, Set<Labels> resolved, Instant now) {
    var integration = integrations.get(index);
    var entry = new NotificationLog.Key(key, branch.receiver(), integration.kind(), index);
    var repeat = branch.repeatInterval();
    var reason =
        Deduplication.reason(
            log.last(entry, now), firing, resolved, integration.sendResolved(), repeat, now);
    if (reason == null) {
      return null;
    }
    var told =
        integration.sendResolved()
            ? snapshot
            : snapshot.stream().filter(alert -> !alert.resolvedAt(now)).toList();
    if (told.isEmpty()) {
      log.told(entry, firing, resolved, repeat, now);
      return null;
    }
    var notification =
        new Notification(branch.receiver(), key, labels, told, reason, now, ports.externalUrl());
    var interval = branch.groupInterval();
    var deadline =
        now.plus(interval.compareTo(SHORTEST_DEADLINE) > 0 ? interval : SHORTEST_DEADLINE);
    // The delivery itself is what the callback needs, and is only known once it is built.
    var self = new Delivery[1];
    self[0] =
        new Delivery(
            ports,
            integration,
            notification,
            deadline,
            taken -> finished(self[0], taken, entry, firing, resolved));
    return self[0];
  }

  private void finished(
      Delivery delivery,
      boolean taken,
      NotificationLog.Key entry,
      Set<Labels> firing,
      Set<Labels> resolved) {
    lock.lock();
    try {
      var now = ports.beat().now();
      if (taken) {
        log.told(entry, firing, resolved, branch.repeatInterval(), now);
      } else {
        log.unreachable(entry, branch.repeatInterval(), now);
      }
      failed |= !taken;
      underWay.remove(delivery);
      if (underWay.isEmpty() && !stopped) {
        settle();
      }
    } finally {
      lock.unlock();
    }
  }

  /// After a flush: forgets alerts whose end is told, unless there is news of them, and looks again
  /// if the time came meanwhile.
  private void settle() {
    if (!failed) {
      for (var alert : snapshot) {
        if (alert.resolvedAt(snapshotAt)) {
          alerts.remove(alert.labels(), alert);
        }
      }
    }
    if (alerts.isEmpty()) {
      stop();
      whenEmpty.run();
    } else if (due) {
      due = false;
      flush();
    }
  }
}
