package barograph.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// What the server says of itself at `/-/ready`: that everything is open, and that it has practised
/// taking samples, or had its time to. Whoever waits for it meets compiled code; whoever does not
/// is served before, which ends the practice.
final class Readiness {
  /// From the start on, practice does not hold it up for longer.
  static final Duration MOST = Duration.ofSeconds(3);

  private final LongSupplier nanos;
  private final long startNanos;
  private volatile boolean open;
  private volatile BooleanSupplier practising = () -> false;

  /// Begins with the start of the server.
  ///
  /// @param nanos a clock that never goes back
  Readiness(LongSupplier nanos) {
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
  }

  /// @param underWay whether there still is practice to wait for
  void practises(BooleanSupplier underWay) {
    practising = underWay;
  }

  /// Everything is open.
  void opened() {
    open = true;
  }

  void closes() {
    open = false;
  }

  boolean isReady() {
    return open && (isLate() || !practising.getAsBoolean());
  }

  private boolean isLate() {
    return nanos.getAsLong() - startNanos >= MOST.toNanos();
  }
}
