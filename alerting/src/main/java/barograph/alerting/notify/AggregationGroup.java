package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.receiver.Integration;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Notification;
import barograph.alerting.receiver.Notification.Reason;
import barograph.alerting.route.Branch;
import barograph.alerting.state.Fact.GroupDue;
import barograph.alerting.state.Fact.Place;
import barograph.alerting.state.Fact.Told;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Alerts of one route that are told together, and the timer that says when.
///
/// A new group waits for company, then looks at its alerts each interval and tells every place of
/// its receiver what that does not know yet. All of it happens under the dispatcher's lock; only
/// the sending itself does not, and begins when everything that led to it is safely written.
final class AggregationGroup {
  private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(10);

  private final Branch branch;
  private final Labels labels;
  private final String key;
  private final List<Integration> integrations;
  private final GroupSurroundings around;
  private final Runnable whenEmpty;
  private final Map<Labels, Alert> alerts = new HashMap<>();
  private final Set<Delivery> underWay = new HashSet<>();

  private CompletableFuture<@Nullable Void> sending = CompletableFuture.completedFuture(null);
  private Beat.@Nullable Call timer;
  private Instant next = Instant.EPOCH;
  private boolean flushed;
  private boolean due;
  private boolean failed;
  private boolean stopped;
  private List<Alert> snapshot = List.of();
  private Instant snapshotAt = Instant.EPOCH;
  private List<String> quietFor = List.of();

  /// A group without alerts, which expects its first.
  ///
  /// @param whenEmpty called when the group has no alert left
  AggregationGroup(
      Branch branch,
      Labels labels,
      List<Integration> integrations,
      GroupSurroundings around,
      Runnable whenEmpty) {
    this.branch = branch;
    this.labels = labels;
    this.integrations = integrations;
    this.around = around;
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
  ///
  /// @param since when a group begins to wait that has no other alert
  void put(Alert alert, Instant since) {
    alerts.put(alert.labels(), alert);
    var now = now();
    if (timer == null) {
      var end = since.plus(branch.groupWait());
      setTimer(end.isBefore(now) ? now : end);
    }
    if (!flushed && alert.startsAt().plus(branch.groupWait()).isBefore(now) && next.isAfter(now)) {
      setTimer(now);
    }
  }

  /// Takes an alert as it was known before a restart, and goes on with the timer of then. One that
  /// is over is of interest only to a place that takes it for firing.
  void resume(Alert alert) {
    if (leftOut(alert)) {
      return;
    }
    @Nullable GroupDue before = around.restart().due(key, branch.receiver());
    if (timer != null || before == null) {
      put(alert, now());
      return;
    }
    alerts.put(alert.labels(), alert);
    flushed = before.flushed();
    setTimer(before.at());
  }

  /// Takes an alert as it was known before a reload. One whose end has been told is not told again.
  void regroup(Alert alert) {
    if (!leftOut(alert)) {
      put(alert, now());
    }
  }

  /// Leaves out an alert that is over and that nobody takes for firing, and with it the group that
  /// has no other.
  private boolean leftOut(Alert alert) {
    boolean isOut = alert.resolvedAt(now()) && !isThoughtToFire(alert);
    if (isOut && alerts.isEmpty()) {
      whenEmpty.run();
    }
    return isOut;
  }

  private boolean isThoughtToFire(Alert alert) {
    for (int i = 0; i < integrations.size(); i++) {
      @Nullable Told last = around.log().last(place(i), now());
      if (last != null && last.firing().contains(alert.id())) {
        return true;
      }
    }
    return false;
  }

  /// Ends the group: no timer and no further attempt.
  void stop() {
    stopped = true;
    sending.cancel(false);
    if (timer != null) {
      timer.cancel();
    }
    underWay.forEach(Delivery::cancel);
  }

  private Instant now() {
    return around.ports().beat().now();
  }

  private Place place(int integration) {
    return new Place(key, branch.receiver(), integrations.get(integration).kind(), integration);
  }

  private void setTimer(Instant when) {
    if (timer != null) {
      timer.cancel();
    }
    var settled = around.restart().settledAt();
    next = when.isBefore(settled) ? settled : when;
    timer = around.ports().beat().at(next, this::ring);
    around.ledger().note(timerFact());
  }

  /// When the group is looked at next, to be written.
  GroupDue timerFact() {
    return new GroupDue(key, branch.receiver(), next, flushed);
  }

  private void ring() {
    around.lock().lock();
    try {
      if (stopped) {
        return;
      }
      flushed = true;
      setTimer(now().plus(branch.groupInterval()));
      if (underWay.isEmpty()) {
        flush();
      } else {
        due = true;
      }
      around.ledger().write(now());
    } finally {
      around.lock().unlock();
    }
  }

  private void flush() {
    failed = false;
    var now = now();
    snapshotAt = now;
    snapshot = alerts.values().stream().sorted(new AlertOrder()).toList();
    quietFor = around.muting().quietFor(branch, now);
    var audible =
        quietFor.isEmpty()
            ? snapshot.stream().filter(alert -> !around.muting().isMuted(alert, now)).toList()
            : List.<Alert>of();
    var deliveries = new ArrayList<Delivery>();
    for (int i = 0; i < integrations.size() && !audible.isEmpty(); i++) {
      var delivery = delivery(i, audible, now);
      if (delivery != null) {
        deliveries.add(delivery);
      }
    }
    underWay.addAll(deliveries);
    if (deliveries.isEmpty()) {
      settle();
      return;
    }
    around.ledger().write(now);
    var safe = around.ledger().safe();
    // If it is not, people are told all the same.
    sending = safe.handle((_, _) -> start(deliveries));
  }

  private static @Nullable Void start(List<Delivery> deliveries) {
    deliveries.forEach(Delivery::start);
    return null;
  }

  /// The message to the integration at `index`, or null if it needs none.
  private @Nullable Delivery delivery(int index, List<Alert> audible, Instant now) {
    var integration = integrations.get(index);
    var place = place(index);
    @Nullable Told last = around.log().last(place, now);
    var sure = audible.stream().filter(alert -> isSure(alert, last, now)).toList();
    var firing = new HashSet<Long>();
    var resolved = new HashSet<Long>();
    sure.forEach(alert -> (alert.resolvedAt(now) ? resolved : firing).add(alert.id()));
    var repeat = branch.repeatInterval();
    @Nullable Reason reason =
        Deduplication.reason(last, firing, resolved, integration.sendResolved(), repeat, now);
    if (reason == null || (reason == Reason.REPEAT && isAnyAwaited(sure, now))) {
      return null;
    }
    var told =
        integration.sendResolved()
            ? sure
            : sure.stream().filter(alert -> !alert.resolvedAt(now)).toList();
    if (told.isEmpty()) {
      around.log().told(new Told(place, now, firing, resolved, now, Map.of()), repeat);
      return null;
    }
    var notification =
        new Notification(
            branch.receiver(),
            key,
            labels,
            told,
            reason,
            now,
            around.ports().externalUrl(),
            // What comes after all was over is another trouble.
            last == null || last.firing().isEmpty() ? Map.of() : last.memory());
    var interval = branch.groupInterval();
    var deadline =
        now.plus(interval.compareTo(SHORTEST_DEADLINE) > 0 ? interval : SHORTEST_DEADLINE);
    // The delivery itself is what the callback needs, and is only known once it is built.
    var self = new Delivery[1];
    self[0] =
        new Delivery(
            around.ports(),
            integration,
            notification,
            deadline,
            taken -> finished(self[0], taken, place, firing, resolved));
    return self[0];
  }

  /// Whether a place can be told of an alert, or knows of it: not of one that is only awaited.
  private boolean isSure(Alert alert, @Nullable Told last, Instant now) {
    return !around.restart().isAwaited(alert, now)
        || (last != null && last.firing().contains(alert.id()));
  }

  private boolean isAnyAwaited(List<Alert> some, Instant now) {
    return some.stream().anyMatch(alert -> around.restart().isAwaited(alert, now));
  }

  private void finished(
      Delivery delivery,
      @Nullable Delivered taken,
      Place place,
      Set<Long> firing,
      Set<Long> resolved) {
    around.lock().lock();
    try {
      var now = now();
      if (taken != null) {
        around
            .log()
            .told(
                new Told(place, now, firing, resolved, now, taken.memory()),
                branch.repeatInterval());
      } else {
        around.log().unreachable(place, branch.repeatInterval(), now);
      }
      failed |= taken == null;
      underWay.remove(delivery);
      if (underWay.isEmpty() && !stopped) {
        settle();
      }
      around.ledger().write(now);
    } finally {
      around.lock().unlock();
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

  String receiver() {
    return branch.receiver();
  }

  Labels labels() {
    return labels;
  }

  Collection<Alert> alerts() {
    return Collections.unmodifiableCollection(alerts.values());
  }

  /// The time intervals for whose sake the group was quiet when it was last looked at.
  List<String> quietFor() {
    return quietFor;
  }
}
