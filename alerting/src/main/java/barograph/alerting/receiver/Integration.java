package barograph.alerting.receiver;

import java.time.Duration;

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
    record Delivered() implements Outcome {}

    /// The place has not.
    ///
    /// @param worthRetrying whether the same message may be taken later
    /// @param why for the log; holds no secret
    record Refused(boolean worthRetrying, String why) implements Outcome {}
  }
}
