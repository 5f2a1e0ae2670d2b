package barograph.alerting.notify;

import barograph.alerting.receiver.Integration;
import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.receiver.Notification;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One notification on its way to one place: tried, and tried again after ever longer pauses, until
/// it is taken, refused for good, or too late.
final class Delivery {
  private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final NotifyPorts ports;
  private final Integration integration;
  private final Notification notification;
  private final Instant deadline;
  private final Consumer<@Nullable Delivered> finished;
  private volatile boolean cancelled;

  /// Nothing happens before [#start].
  ///
  /// @param deadline after which it is not tried again
  /// @param finished hears once that the message was taken; of null if it was not
  Delivery(
      NotifyPorts ports,
      Integration integration,
      Notification notification,
      Instant deadline,
      Consumer<@Nullable Delivered> finished) {
    this.ports = ports;
    this.integration = integration;
    this.notification = notification;
    this.deadline = deadline;
    this.finished = finished;
  }

  void start() {
    hand(1, FIRST_PAUSE);
  }

  /// Sees to it that there is no further attempt.
  void cancel() {
    cancelled = true;
  }

  private void hand(int number, Duration pause) {
    ports.threads().execute(() -> attempt(number, pause));
  }

  /// @param pause before the next attempt, if there must be one
  private void attempt(int number, Duration pause) {
    var left = Duration.between(ports.beat().now(), deadline);
    if (cancelled || !left.isPositive()) {
      giveUp(number - 1, cancelled ? "cancelled" : "too late");
      return;
    }
    Outcome outcome;
    try {
      outcome = integration.tell(notification, left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = new Refused(false, "interrupted");
    } catch (RuntimeException | VirtualMachineError | LinkageError e) {
      // Whatever it is, the group waits to hear how it went, and would wait for ever.
      LOG.log(Level.ERROR, "notifying %s failed".formatted(notification.receiver()), e);
      outcome = new Refused(false, "internal error: " + e);
    }
    attempted(number, pause, outcome);
  }

  private void attempted(int number, Duration pause, Outcome outcome) {
    switch (outcome) {
      case Delivered taken -> {
        ports.figures().delivered(integration.kind());
        finished.accept(taken);
      }
      case Refused(boolean worthRetrying, String why) -> {
        ports.figures().refused(integration.kind());
        var next = ports.beat().now().plus(pause);
        if (worthRetrying && !cancelled && next.isBefore(deadline)) {
          LOG.log(
              Level.DEBUG,
              "attempt %d to notify %s failed: %s".formatted(number, notification.receiver(), why));
          var longer = pause.plus(pause.dividedBy(2));
          var following = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
          ports.beat().at(next, () -> hand(number + 1, following));
        } else {
          giveUp(number, why);
        }
      }
    }
  }

  private void giveUp(int attempts, String why) {
    LOG.log(
        Level.ERROR,
        "%s of receiver %s was not notified of %s after %d attempts: %s"
            .formatted(
                integration.kind(),
                notification.receiver(),
                notification.groupKey(),
                attempts,
                why));
    ports.figures().lost(integration.kind());
    finished.accept(null);
  }
}
