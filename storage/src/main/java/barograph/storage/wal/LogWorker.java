package barograph.storage.wal;

import barograph.storage.disk.DiskFullException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The log's own thread: takes whatever has gathered, writes it, syncs it, tells who waits for it,
/// and starts over. While it syncs the next group gathers, so the slower the disk the larger the
/// groups.
final class LogWorker implements Runnable {
  private static final Logger LOG = System.getLogger("barograph.log");
  private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();

  private final Waiting waiting;
  private final SegmentWriter segments;
  private final LogWatcher watcher;
  private final long syncIntervalNanos;
  private long lastSyncNanos = System.nanoTime();
  private long bytesAtLastSync;
  private boolean unsynced;
  private final AtomicLong syncs = new AtomicLong();

  LogWorker(Waiting waiting, SegmentWriter segments, LogOptions options, LogWatcher watcher) {
    this.waiting = waiting;
    this.segments = segments;
    this.watcher = watcher;
    this.syncIntervalNanos = options.syncInterval().toNanos();
  }

  long syncs() {
    return syncs.get();
  }

  @Override
  public void run() {
    try {
      work();
      segments.close();
    } catch (Throwable e) {
      // Whatever it is, nothing may be acknowledged after it.
      fail(e);
    }
  }

  private void work() throws IOException {
    while (!waiting.closed()) {
      var group = waiting.take(unsynced ? untilSync() : Long.MAX_VALUE);
      if (group != null) {
        commit(group);
      } else if (unsynced) {
        sync();
      }
    }
  }

  private long untilSync() {
    return syncIntervalNanos - (System.nanoTime() - lastSyncNanos);
  }

  private void commit(Waiting.Group group) throws IOException {
    try {
      write(group);
      if (syncIntervalNanos == 0 ? !group.callbacks.isEmpty() : untilSync() <= 0) {
        sync();
      }
    } catch (IOException | RuntimeException | Error e) {
      var failure = failed(e);
      waiting.refuse(failure);
      tell(group.callbacks, failure);
      throw e;
    }
    tell(group.callbacks, null);
    waiting.written(group, segments.number(), segments.end(), segments.segmentLimit());
    if (waiting.unavailable() != null && waiting.resume()) {
      LOG.log(Level.INFO, "there is space on the disk again, and the log goes on");
      watcher.resumed();
    }
  }

  /// Writes a group, however long that takes on a full disk; those who wait for it are told at once
  /// that it is not safe, and it is kept, since what comes later stands on it.
  private void write(Waiting.Group group) throws IOException {
    int from = 0;
    int piece = 0;
    while (group.startSegment != 0 || piece < group.pieces) {
      try {
        if (group.startSegment != 0) {
          segments.start(group.startSegment, group.baseMillis);
          group.startSegment = 0;
        } else {
          int end = frameEnd(group, piece, from);
          Contents holds = group.contents(piece, end);
          segments.append(group.bytes, from, group.ends[end] - from, holds);
          from = group.ends[end];
          piece = end + 1;
        }
        unsynced = true;
      } catch (DiskFullException e) {
        if (refuse(group, e)) {
          throw e;
        }
      }
    }
  }

  /// The last of the pieces from `first` on that go into one frame.
  private static int frameEnd(Waiting.Group group, int first, int from) {
    int last = first;
    while (last + 1 < group.pieces && group.ends[last + 1] - from <= LogFormat.FRAME_BYTES) {
      last++;
    }
    return last;
  }

  /// Refuses everyone for a while, and answers whether the log is being closed.
  private boolean refuse(Waiting.Group group, DiskFullException e) {
    var refusal = new LogUnavailableException("the disk is full: " + e.getMessage(), e);
    if (waiting.unavailable() == null) {
      LOG.log(Level.WARNING, "nothing is stored until there is space: " + e.getMessage());
      watcher.full(String.valueOf(e.getMessage()));
    }
    waiting.refuse(refusal);
    tell(group.callbacks, refusal);
    group.callbacks.clear();
    boolean closing = waiting.pause(RETRY_NANOS);
    tell(waiting.takeCallbacks(), refusal);
    return closing;
  }

  private void sync() throws IOException {
    if (!unsynced) {
      return;
    }
    long start = System.nanoTime();
    segments.force();
    lastSyncNanos = System.nanoTime();
    unsynced = false;
    syncs.incrementAndGet();
    long bytes = segments.bytesWritten();
    watcher.synced(lastSyncNanos - start, bytes - bytesAtLastSync);
    bytesAtLastSync = bytes;
  }

  private static void tell(List<Log.Flushed> callbacks, @Nullable LogUnavailableException failure) {
    for (var callback : callbacks) {
      try {
        callback.done(failure);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a callback of the log failed", e);
      }
    }
  }

  private static LogUnavailableException failed(Throwable cause) {
    return new LogUnavailableException("the log has failed: " + cause.getMessage(), cause);
  }

  /// Answers everyone that nothing is safe, until the log is closed.
  private void fail(Throwable cause) {
    var failure = failed(cause);
    waiting.refuse(failure);
    segments.abandon();
    if (!(cause instanceof DiskFullException)) {
      LOG.log(Level.ERROR, "the log has failed, and nothing is acknowledged any more", cause);
      watcher.failed(cause);
    }
    while (!waiting.closed()) {
      var group = waiting.take(Long.MAX_VALUE);
      if (group != null) {
        tell(group.callbacks, failure);
        waiting.written(group, 0, 0, Long.MAX_VALUE);
      }
    }
  }
}
