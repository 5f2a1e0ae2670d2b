package barograph.storage.wal;

/// Keeps segments that somebody has still to read from being deleted, up to so many bytes.
public final class LogHold {
  private volatile long capBytes;
  private final Runnable losing;
  private LogPosition from;
  private Contents lost;
  private Contents told = Contents.NONE;

  /// @param from the first place that is needed
  /// @param capBytes how many bytes may be kept for it beyond what a start needs
  /// @param lost what was deleted all the same in an earlier life, and nobody has asked for
  /// @param losing is told whenever [#unreleased] has grown, before anything is deleted; by the
  ///   thread that deletes
  public LogHold(LogPosition from, long capBytes, Contents lost, Runnable losing) {
    this.from = from;
    this.capBytes = capBytes;
    this.lost = lost;
    this.losing = losing;
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

  /// Takes note of a segment that is about to be deleted all the same.
  void lose(long segment, Contents dropped) {
    synchronized (this) {
      lost = lost.plus(dropped);
      moveTo(new LogPosition(segment + 1, 0));
    }
    losing.run();
  }

  /// What was in segments that were deleted all the same and nobody has asked for.
  public synchronized Contents lost() {
    return lost;
  }

  /// The same, and what was asked for since the last [#released]: whoever asked may stop before
  /// anything comes of it.
  public synchronized Contents unreleased() {
    return told.plus(lost);
  }

  /// What nobody has asked for, once.
  public synchronized Contents takeLost() {
    Contents taken = lost;
    told = told.plus(taken);
    lost = Contents.NONE;
    return taken;
  }

  /// Says that what was asked for need not be known any more.
  public synchronized void released() {
    told = Contents.NONE;
  }
}
