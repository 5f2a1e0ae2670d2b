package barograph.alerting.evaluate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where an alert stands; times are milliseconds since the epoch.
///
/// The transitions are here, as functions of the state, the time and whether the expression gives
/// the alert now; null stands for an alert that is forgotten.
sealed interface AlertState {
  /// How long a resolved alert is kept, so that its end can be told again.
  Duration RESOLVED_RETENTION = Duration.ofMinutes(15);

  /// Since when the expression gives it.
  long activeAt();

  /// There, but not yet for as long as the rule wants.
  record Pending(long activeAt) implements AlertState {}

  /// There for long enough.
  ///
  /// @param keepFiringSince since when its expression has let go of it, or null
  record Firing(long activeAt, long firedAt, @Nullable Long keepFiringSince)
      implements AlertState {}

  /// Over, and kept for a while.
  record Resolved(long activeAt, long firedAt, long resolvedAt) implements AlertState {}

  /// How long is long enough.
  record Patience(long holdForMillis, long keepFiringForMillis) {}

  /// A new alert.
  static AlertState appears(long now, Patience patience) {
    return new Pending(now).present(now, patience);
  }

  /// What follows when the expression gives the alert.
  default AlertState present(long now, Patience patience) {
    return switch (this) {
      case Pending(long activeAt) when now - activeAt >= patience.holdForMillis ->
          new Firing(activeAt, now, null);
      case Pending pending -> pending;
      case Firing(long activeAt, long firedAt, var _) -> new Firing(activeAt, firedAt, null);
      case Resolved _ -> appears(now, patience);
    };
  }

  /// What follows when the expression does not give the alert.
  default @Nullable AlertState absent(long now, Patience patience) {
    return switch (this) {
      case Pending _ -> null;
      case Firing(long activeAt, long firedAt, var keepFiringSince) -> {
        long since = keepFiringSince == null ? now : keepFiringSince;
        yield now - since < patience.keepFiringForMillis
            ? new Firing(activeAt, firedAt, since)
            : new Resolved(activeAt, firedAt, now);
      }
      case Resolved resolved ->
          now - resolved.resolvedAt > RESOLVED_RETENTION.toMillis() ? null : resolved;
    };
  }

  /// Whether it is pending or firing.
  default boolean active() {
    return !(this instanceof Resolved);
  }
}
