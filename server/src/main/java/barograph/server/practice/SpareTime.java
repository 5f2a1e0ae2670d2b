package barograph.server.practice;

import java.time.Duration;

/// Says when the process has time to spare for a question, and how much of it questions have had.
///
/// What a question costs is mostly compiling, which goes on after its answer. So the next may be
/// asked once the process as a whole, since the last one was, has used no more than a share of one
/// processor; when the server has work to do, that is later, or never.
final class SpareTime {
  /// Of one processor.
  private static final double SHARE = 0.2;

  /// After so long without leave, what was used before counts no longer: it was others'.
  private static final long FORGET_NANOS = Duration.ofSeconds(1).toNanos();

  private long sinceNanos;
  private long cpuBefore;
  private long spent;
  private boolean ours;

  /// Now is a new beginning: nothing has been asked.
  SpareTime(long nowNanos, long cpuNanos) {
    sinceNanos = nowNanos;
    cpuBefore = cpuNanos;
  }

  /// A question is about to be asked.
  void asks(long nowNanos, long cpuNanos) {
    sinceNanos = nowNanos;
    cpuBefore = cpuNanos;
    ours = true;
  }

  /// How long to wait before there may be time for the next one; 0: it is there now.
  ///
  /// @param cpuNanos the process's CPU time
  long waitNanos(long nowNanos, long cpuNanos) {
    long used = cpuNanos - cpuBefore;
    long passed = nowNanos - sinceNanos;
    long wait = Math.max(0, (long) (used / SHARE) - passed);
    if (wait == 0 || passed >= FORGET_NANOS) {
      spent += ours ? used : 0;
      ours = false;
      sinceNanos = nowNanos;
      cpuBefore = cpuNanos;
    }
    return Math.min(wait, FORGET_NANOS);
  }

  /// CPU time that the process has used while questions were asked, or just had been.
  long spentNanos() {
    return spent;
  }
}
