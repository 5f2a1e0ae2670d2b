package barograph.storage.wal;

/// Keeps segments that somebody has still to read from being deleted, up to so many bytes.
public final class LogHold {
  private volatile long capBytes;
  private long segment;
  private Contents lost = Contents.NONE;

  /// @param segment the first segment that is needed
  /// @param capBytes how many bytes may be kept for it beyond what a start needs
  public LogHold(long segment, long capBytes) {
    this.segment = segment;
    this.capBytes = capBytes;
  }

  public long capBytes() {
    return capBytes;
  }

  /// Keeps so many bytes from now on.
  public void cap(long bytes) {
    capBytes = bytes;
  }

  synchronized long segment() {
    return segment;
  }

  /// Lets go of the segments before `first`.
  public synchronized void moveTo(long first) {
    segment = Math.max(segment, first);
  }

  synchronized void lose(Contents dropped) {
    lost = lost.plus(dropped);
  }

  /// What was in segments that were deleted all the same, since the last time of asking.
  public synchronized Contents takeLost() {
    Contents taken = lost;
    lost = Contents.NONE;
    return taken;
  }
}
