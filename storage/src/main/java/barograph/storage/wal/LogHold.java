package barograph.storage.wal;

import java.io.IOException;

/// Keeps segments that somebody has still to read from being deleted, up to so many bytes.
public final class LogHold {
  /// Writes down what is about to be deleted, so that it is told after a stop too.
  @FunctionalInterface
  public interface Losing {
    /// Says that [#unreleased] has grown, by what is before `first`. Returns when that is safe.
    ///
    /// @throws IOException if it cannot be made so: then nothing is deleted
    void note(LogPosition first) throws IOException;
  }

  private volatile long capBytes;
  private final Losing losing;
  private LogPosition from;

  /// What is deleted as soon as that is written down.
  private Contents doomed = Contents.NONE;

  private Contents lost;
  private Contents told = Contents.NONE;

  /// @param from the first place that is needed
  /// @param capBytes how many bytes may be kept for it beyond what a start needs
  /// @param lost what was deleted all the same in an earlier life, and nobody has asked for
  /// @param losing is told before anything is deleted, by the thread that deletes
  public LogHold(LogPosition from, long capBytes, Contents lost, Losing losing) {
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

  /// Takes note of a segment that may be deleted all the same on return.
  ///
  /// @throws IOException if that cannot be written down, and so the segment must stay
  void lose(long segment, Contents dropped) throws IOException {
    setDoomed(dropped);
    var first = new LogPosition(segment + 1, 0);
    try {
      losing.note(first);
    } catch (IOException | RuntimeException e) {
      setDoomed(Contents.NONE);
      throw e;
    }
    synchronized (this) {
      lost = lost.plus(doomed);
      doomed = Contents.NONE;
      moveTo(first);
    }
  }

  private synchronized void setDoomed(Contents contents) {
    doomed = contents;
  }

  /// What was in segments that are deleted all the same and nobody has asked for.
  public synchronized Contents lost() {
    return lost.plus(doomed);
  }

  /// The same, and what was asked for since the last [#released]: whoever asked may stop before
  /// anything comes of it.
  public synchronized Contents unreleased() {
    return told.plus(lost).plus(doomed);
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
