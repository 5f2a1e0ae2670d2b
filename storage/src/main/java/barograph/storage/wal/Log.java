package barograph.storage.wal;

import barograph.storage.disk.Disk;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The write-ahead log: records go in on one thread, and a second thread writes and syncs whatever
/// has gathered as soon as the disk is idle.
///
/// All methods that add records, and [#flush] and [#rotate], are called by one thread, the
/// sequencer; nothing reaches the disk before the next flush (or before much has gathered). The
/// other methods may be called by any thread. Nobody ever interrupts the log's thread.
///
/// When the disk is full, what has been recorded so far stays in memory and is written once there
/// is space: callbacks of that time fail, and the caller must check [#unavailable] before it
/// applies and records anything more, so that memory, log and answers never contradict each other.
public final class Log implements AutoCloseable {

  /// What happens once records are safe, on the log's thread, in the order of the flushes.
  @FunctionalInterface
  public interface Flushed {
    /// Says that everything recorded before the flush is safe, or is not known to be.
    ///
    /// @param failure null if all is safe; otherwise why it is not known to be
    void done(@Nullable LogUnavailableException failure);
  }

  /// Goes on with a log, in a new segment, after it was replayed.
  ///
  /// @param after what the replay of `folder` answered
  public static Log start(
      Disk disk,
      Path folder,
      ReplaySummary after,
      LogOptions options,
      InstantSource clock,
      LogWatcher watcher)
      throws IOException {
    if (after.lastSegment() >= 0)
      throw new UnsupportedOperationException(
          "" + disk + folder + after + options + clock + watcher);
    return new Log();
  }

  /// Why nothing can be logged now, or null if it can. Once a caller has seen null, what it records
  /// is taken until its next flush.
  public @Nullable LogUnavailableException unavailable() {
    return null;
  }

  /// Records that the target numbered `target` (numbers are small: they index arrays) has this
  /// name.
  public void target(int target, String name) {}

  /// Records a series; `ref`s are small numbers too.
  public void series(int ref, int target, Labels labels) {}

  /// Records a row: samples of `count` different series of one target, all of the same time, the
  /// series numbered `refs[from]…` and their values `values[from]…`.
  public void row(
      int target, long timestampMillis, int[] refs, double[] values, int from, int count) {}

  /// Records one sample alone.
  public void sample(int ref, long timestampMillis, double value) {}

  /// Records several samples of one series in time order.
  public void samples(int ref, long[] timestampsMillis, double[] values, int from, int count) {}

  /// Records something of the head's own.
  public void checkpoint(byte[] payload) {}

  /// The number of bytes recorded so far, encoded and not yet compressed: it only grows.
  public long position() {
    return 0;
  }

  /// Has all that is recorded so far written and synced, and then calls `done`.
  ///
  /// Blocks while too much waits for the disk.
  public void flush(Flushed done) {}

  /// Ends the present segment: everything recorded from now on is in segments from the answered
  /// number on, and the file of that number is safe when the next [#flush] is done. Replay from it
  /// needs nothing of what is before but the targets and series, which the caller keeps.
  public long rotate() {
    return 0;
  }

  /// Deletes the segments before `segment`: call it when a checkpoint that stands on `segment` is
  /// safe.
  public void dropBefore(long segment) throws IOException {}

  /// Bytes written to segments since the start, after compression.
  public long bytesWritten() {
    return 0;
  }

  /// Syncs since the start.
  public long syncs() {
    return 0;
  }

  /// Writes and syncs what is recorded, trims the last segment and ends the log's thread. Callbacks
  /// still outstanding are called.
  @Override
  public void close() {}
}
