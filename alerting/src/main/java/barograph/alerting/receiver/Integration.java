package barograph.alerting.receiver;

import java.time.Duration;
import java.util.Map;

/// A place that hears notifications, such as one webhook of a receiver.
public interface Integration {

  /// As logs and metrics name its kind.
  String kind();

  /// Whether it wants to hear of the end of alerts.
  boolean sendResolved();

  /// Tells it once, and blocks until it has answered.
  ///
  /// @param timeout longest time for it
  Outcome tell(Notification notification, Duration timeout) throws InterruptedException;

  /// How it went.
  sealed interface Outcome {

    /// The place has taken the message.
    ///
    /// @param memory what it wants to be told again with the group's next message
    record Delivered(Map<String, String> memory) implements Outcome {
      public Delivered {
        memory = Map.copyOf(memory);
      }

      /// Taken, with nothing to be remembered.
      public Delivered() {
        this(Map.of());
      }
    }

    /// The place has not.
    ///
    /// @param worthRetrying whether the same message may be taken later
    /// @param why for the log; holds no secret
    record Refused(boolean worthRetrying, String why) implements Outcome {}
  }
}
