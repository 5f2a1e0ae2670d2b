package barograph.storage;

import barograph.storage.model.Damage;

/// Hears what happens inside the store: for metrics, for the log, and to end the process in time.
///
/// Called on the store's own threads: it must be quick and must not call the store.
public interface StoreWatcher {
  /// Hears nothing.
  StoreWatcher NONE = new StoreWatcher() {};

  /// The log wrote and synced a group of records of that many bytes in that time.
  default void synced(long nanos, long bytes) {}

  /// The disk is full: nothing is acknowledged until [#resumed].
  default void full(String reason) {}

  /// There is space again.
  default void resumed() {}

  /// A file is damaged; what could be saved is served.
  default void damaged(Damage damage) {}

  /// The disk failed and nothing will be acknowledged any more: end the process (exit code 1), as
  /// memory may now differ from what is stored.
  default void failed(Throwable cause) {}
}
