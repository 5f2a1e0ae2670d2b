package barograph.storage.wal;

/// Keeps segments that somebody has still to read from being deleted, up to so many bytes.
public final class LogHold {
  private volatile long capBytes;
  private LogPosition from;
  private Contents lost = Contents.NONE;

  /// @param from the first place that is needed
  /// @param capBytes how many bytes may be kept for it beyond what a start needs
  public LogHold(LogPosition from, long capBytes) {
    this.from = from;
    this.capBytes = capBytes;
  }

  public long capBytes() {
    return capBytes;
  }

  /// Keeps so many bytes from now on.
  public void cap(long bytes) {
    capBytes = bytes;
  }

  synchronized LogPosition from() {
    return from;
  }

  /// Lets go of what is before `first`.
  public synchronized void moveTo(LogPosition first) {
    if (first.isBehind(from)) {
      from = first;
    }
  }

  /// Takes note of a segment that was deleted all the same.
  synchronized void lose(long segment, Contents dropped) {
    lost = lost.plus(dropped);
    moveTo(new LogPosition(segment + 1, 0));
  }

  /// What was in segments that were deleted all the same, since the last time of asking.
  public synchronized Contents takeLost() {
    Contents taken = lost;
    lost = Contents.NONE;
    return taken;
  }
}
