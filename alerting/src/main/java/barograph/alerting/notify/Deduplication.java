package barograph.alerting.notify;

import barograph.alerting.receiver.Notification.Reason;
import barograph.alerting.state.Fact.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether a place has to be told what a group's alerts are now.
final class Deduplication {
  private Deduplication() {}

  /// Why it has to be told, or null if it knows.
  ///
  /// The end of all alerts is told even to a place that does not want to hear of ends, which then
  /// takes note without a message: else the same alerts coming back would seem known to it.
  ///
  /// @param last what it was told last, if anything
  static @Nullable Reason reason(
      @Nullable Told last,
      Set<Long> firing,
      Set<Long> resolved,
      boolean sendResolved,
      Duration repeat,
      Instant now) {
    if (last == null) {
      return firing.isEmpty() ? null : Reason.FIRST;
    }
    if (!last.firing().containsAll(firing)) {
      return last.firing().isEmpty() ? Reason.FIRST : Reason.NEW_ALERTS;
    }
    if (firing.isEmpty()) {
      return last.firing().isEmpty() ? null : Reason.ALL_RESOLVED;
    }
    if (sendResolved && !last.resolved().containsAll(resolved)) {
      return Reason.SOME_RESOLVED;
    }
    return last.at().isBefore(now.minus(repeat)) ? Reason.REPEAT : null;
  }
}
