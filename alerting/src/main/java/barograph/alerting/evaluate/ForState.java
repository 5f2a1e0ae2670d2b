package barograph.alerting.evaluate;

import barograph.storage.Reader;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Since when alerts were active before the process ended, as `ALERTS_FOR_STATE` remembers it.
record ForState(Reader reader, TimeRange range) {

  /// The last that was seen of an alert.
  ///
  /// @param atMillis when it was last written, which is about when the outage began
  /// @param activeAtMillis since when it was active
  record LastSeen(long atMillis, long activeAtMillis) {

    /// The time that the alert should be taken to be active since, now that the outage is over.
    ///
    /// One that was firing is due at once. One that had less than the grace period to go gets just
    /// that, so that a target has time to be seen well again. Any other waits as much longer as the
    /// outage lasted.
    long activeAtAfterOutage(long nowMillis, long holdMillis, long graceMillis) {
      long remaining = holdMillis - (atMillis - activeAtMillis);
      if (remaining <= 0) {
        return activeAtMillis;
      }
      return remaining < graceMillis
          ? nowMillis + graceMillis - holdMillis
          : activeAtMillis + (nowMillis - atMillis);
    }
  }

  /// By the alert's labels, without those whose series had ended.
  Map<Labels, LastSeen> of(String alertName) {
    return lastSeen(
        Matcher.equal(Labels.METRIC_NAME, RunningAlertingRule.SINCE_METRIC),
        Matcher.equal("alertname", alertName));
  }

  /// Those of them that fired when they were last seen.
  Map<Labels, LastSeen> firing(String alertName) {
    var firing = new HashMap<Labels, LastSeen>();
    var known = of(alertName);
    lastSeen(
            Matcher.equal(Labels.METRIC_NAME, RunningAlertingRule.STATE_METRIC),
            Matcher.equal("alertname", alertName),
            Matcher.equal(RunningAlertingRule.STATE_LABEL, "firing"))
        .keySet()
        .forEach(labels -> {
          var identity = labels.without(RunningAlertingRule.STATE_LABEL);
          var seen = known.get(identity);
          if (seen != null) {
            firing.put(identity, seen);
          }
        });
    return firing;
  }

  private Map<Labels, LastSeen> lastSeen(Matcher... which) {
    var found = new HashMap<Labels, LastSeen>();
    var columns = new SampleColumns();
    var matchers = List.of(which);
    try (var selection = reader.select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        int last = columns.size() - 1;
        if (last >= 0 && !Staleness.isMarker(columns.values()[last])) {
          found.put(
              selection.labels(i).without(Labels.METRIC_NAME),
              new LastSeen(columns.timestamps()[last], Math.round(columns.values()[last]) * 1000));
        }
      }
    }
    return found;
  }
}
