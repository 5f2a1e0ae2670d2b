package barograph.storage.head;

/// Which times the head takes, has, and may let go of. Changed by the writer, seen by anyone.
final class TimeBounds {
  private volatile long minTime = Long.MAX_VALUE;
  private volatile long maxTime = Long.MIN_VALUE;
  private volatile long floor = Long.MIN_VALUE;
  private volatile long settled = Long.MIN_VALUE;

  /// Notes a sample that has been taken.
  void took(long timestamp) {
    if (timestamp > maxTime) {
      maxTime = timestamp;
    }
    if (timestamp < minTime) {
      minTime = timestamp;
    }
  }

  /// Notes a sample that is older than others, and not in order.
  void tookLate(long timestamp) {
    if (timestamp < minTime) {
      minTime = timestamp;
    }
  }

  /// Refuses samples before `newFloor` from now on.
  void raiseFloor(long newFloor) {
    floor = Math.max(floor, newFloor);
  }

  /// Says that all samples before `end` are in blocks, and refuses them.
  void settle(long end) {
    settled = Math.max(settled, end);
    raiseFloor(end);
  }

  /// Samples before it are refused.
  long floor() {
    return floor;
  }

  /// Samples before it are in blocks.
  long settled() {
    return settled;
  }

  /// The latest time that is refused.
  private long newestRefused() {
    return Math.max(floor, Head.EARLIEST) - 1;
  }

  /// Time of the newest sample that is or was here, as far as is known.
  long newest() {
    return Math.max(maxTime, newestRefused());
  }

  /// Time of the oldest sample that may be here; [Long#MAX_VALUE] if there is none.
  long min() {
    return minTime;
  }

  /// Time of the newest sample ever here; [Long#MIN_VALUE] if there was none.
  long max() {
    return maxTime;
  }

  /// Says that there is no sample before `newMin`.
  void raiseMin(long newMin) {
    minTime = maxTime < newMin ? Long.MAX_VALUE : Math.max(minTime, newMin);
  }

  /// Takes over what a checkpoint kept.
  void restore(long min, long max) {
    minTime = min;
    maxTime = max;
  }

  /// Takes over that a series' newest sample is of `timestamp`.
  void restoreNewest(long timestamp) {
    maxTime = Math.max(maxTime, timestamp);
  }
}
