package barograph.storage.wal;

/// Hears from the log's own thread what happens to it; must not block.
public interface LogWatcher {
  /// Hears nothing of interest.
  LogWatcher NONE = new LogWatcher() {};

  /// A group of records was written and synced, which took `nanos`.
  default void synced(long nanos, long bytes) {}

  /// The disk is full: nothing is acknowledged until [#resumed].
  default void full(String reason) {}

  /// There is space again, and all that waited is written.
  default void resumed() {}

  /// The disk failed, nothing will be acknowledged any more, and the process must end: what the
  /// system still shows of the files may differ from what is on the disk.
  default void failed(Throwable cause) {}
}
