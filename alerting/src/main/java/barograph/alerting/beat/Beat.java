package barograph.alerting.beat;

import java.time.Instant;

/// A clock that can be asked to call back.
public interface Beat {

  Instant now();

  /// Runs `action` once the clock has reached `when`, at once if it has already.
  ///
  /// Actions must be short: whoever has more to do hands it to threads of its own.
  Call at(Instant when, Runnable action);

  /// A call to come.
  interface Call {

    /// Sees to it that the call does not come, unless it is already under way.
    void cancel();
  }
}
