package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.inhibit.Inhibitor;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.route.Branch;
import barograph.alerting.silence.Silences;
import barograph.storage.model.Labels;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Why alerts are not told although they fire: another alert, the calendar, or somebody's wish.
///
/// What is muted leaves the message as if it were not there, whether it fires or is over. Guarded
/// by whoever holds it.
final class Muting {
  private final Map<String, TimeInterval> intervals = new HashMap<>();
  private final Inhibitor inhibitor;
  private final Silences silences;

  Muting(List<TimeInterval> intervals, Inhibitor inhibitor, Silences silences) {
    intervals.forEach(interval -> this.intervals.put(interval.name(), interval));
    this.inhibitor = inhibitor;
    this.silences = silences;
  }

  /// The time intervals for whose sake a branch is quiet now: those that mute it, or those of which
  /// one would have to be now and is not.
  List<String> quietFor(Branch branch, Instant now) {
    var active = branch.calendar().activeIntervals();
    if (!active.isEmpty() && active.stream().noneMatch(name -> isNow(name, now))) {
      return active;
    }
    return branch.calendar().muteIntervals().stream().filter(name -> isNow(name, now)).toList();
  }

  private boolean isNow(String name, Instant now) {
    var interval = intervals.get(name);
    return interval != null && interval.contains(now);
  }

  boolean isMuted(Alert alert, Instant now) {
    return inhibitor.inhibiting(alert.labels(), now) != null || !silencing(alert, now).isEmpty();
  }

  List<String> silencing(Alert alert, Instant now) {
    return silences.silencing(alert.labels(), now);
  }

  /// The fingerprint of the alert that inhibits one with these labels, if any does.
  List<String> inhibiting(Labels labels, Instant now) {
    var source = inhibitor.inhibiting(labels, now);
    return source == null ? List.of() : List.of(source.fingerprint());
  }
}
