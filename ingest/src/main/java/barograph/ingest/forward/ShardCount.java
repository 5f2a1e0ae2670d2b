package barograph.ingest.forward;

import barograph.ingest.forward.Endpoint.Shards;

/// How many requests should be under way at once: as many as the time that a sample takes asks for
/// at the rate at which samples come, and a twentieth of what has piled up each second besides.
///
/// As in Prometheus a number that differs by less than three tenths changes nothing. One thread.
final class ShardCount {
  private static final double CATCH_UP_A_SECOND = 0.05;
  private static final double TOLERANCE = 0.3;
  private static final double WEIGHT_OF_NEW = 0.4;
  private static final double NANOS = 1e9;

  private final Shards limits;
  private int shards;
  private double desired;
  private long since;
  private long waitingBefore;
  private long sent;
  private long busyNanos;
  private double rateIn = -1;

  ShardCount(Shards limits, long nowNanos) {
    this.limits = limits;
    this.shards = limits.least();
    this.desired = shards;
    this.since = nowNanos;
  }

  int shards() {
    return shards;
  }

  /// How many there would be without limits.
  double desired() {
    return desired;
  }

  /// Takes note of samples that were sent, and how long their shards took together.
  void sent(long samples, long nanos) {
    sent += samples;
    busyNanos += nanos;
  }

  /// Looks at what was noted since the last time and decides anew.
  ///
  /// @param waiting samples that wait now, in the log too
  void decide(long nowNanos, long waiting) {
    double seconds = (nowNanos - since) / NANOS;
    if (seconds <= 0 || sent == 0) {
      return;
    }
    double in = Math.max(0, (sent + waiting - waitingBefore) / seconds);
    rateIn = rateIn < 0 ? in : WEIGHT_OF_NEW * in + (1 - WEIGHT_OF_NEW) * rateIn;
    double secondsASample = busyNanos / NANOS / sent;
    desired = secondsASample * (rateIn + CATCH_UP_A_SECOND * waiting);
    if (desired < shards * (1 - TOLERANCE) || desired > shards * (1 + TOLERANCE)) {
      shards = Math.clamp((long) Math.ceil(desired), limits.least(), limits.most());
    }
    since = nowNanos;
    waitingBefore = waiting;
    sent = 0;
    busyNanos = 0;
  }
}
