package barograph.storage.wal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits for the disk: filled by the sequencer, emptied by the log's thread, bounded between.
///
/// The one lock of the log. It is held to copy bytes and never across a system call.
final class Waiting {

  /// Records of one segment that go to the disk together, with whom to tell.
  static final class Group {
    byte[] bytes = new byte[2 * LogFormat.FRAME_BYTES];
    int size;

    /// Where each handed over piece ends: only there may a frame end.
    int[] ends = new int[16];

    /// What each piece holds.
    Contents[] contents = new Contents[16];

    int pieces;

    /// The segment to be started first, or 0 to go on with the present one.
    long startSegment;

    long baseMillis;

    List<Log.Flushed> callbacks = new ArrayList<>();

    boolean isEmpty() {
      return size == 0 && callbacks.isEmpty() && startSegment == 0;
    }

    /// What the pieces from `first` to `last` hold together.
    Contents contents(int first, int last) {
      Contents all = contents[first];
      for (int i = first + 1; i <= last; i++) {
        all = all.plus(contents[i]);
      }
      return all;
    }

    private void add(byte[] piece, int length, Contents holds) {
      if (size + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
      }
      System.arraycopy(piece, 0, bytes, size, length);
      size += length;
      if (pieces == ends.length) {
        ends = Arrays.copyOf(ends, pieces * 2);
        contents = Arrays.copyOf(contents, pieces * 2);
      }
      contents[pieces] = holds;
      ends[pieces++] = size;
    }

    private void clear() {
      size = 0;
      pieces = 0;
      startSegment = 0;
      callbacks.clear();
    }
  }

  private final int limitBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<Group> groups = new ArrayDeque<>();
  private final ArrayDeque<Group> spare = new ArrayDeque<>();
  private long bytes;
  private long segment;
  private long segmentBytes;
  private long segmentLimit = Long.MAX_VALUE;
  private boolean closing;
  private volatile @Nullable LogUnavailableException unavailable;

  Waiting(int limitBytes) {
    this.limitBytes = limitBytes;
    groups.add(new Group());
  }

  @Nullable LogUnavailableException unavailable() {
    return unavailable;
  }

  /// Hands over `length` bytes of whole records and whom to tell, and answers whether they fill
  /// segment `forSegment`. Waits while too much is waiting, unless that would be for ever.
  boolean add(
      byte[] piece, int length, Contents holds, Log.@Nullable Flushed callback, long forSegment) {
    lock.lock();
    try {
      while (bytes > 0 && bytes + length > limitBytes && unavailable == null) {
        drained.awaitUninterruptibly();
      }
      Group group = groups.getLast();
      if (length > 0) {
        group.add(piece, length, holds);
        bytes += length;
      }
      if (callback != null) {
        group.callbacks.add(callback);
      }
      arrived.signal();
      return forSegment == segment && segmentBytes + bytes >= segmentLimit;
    } finally {
      lock.unlock();
    }
  }

  void startSegment(long number, long baseMillis) {
    lock.lock();
    try {
      Group group = groups.getLast();
      if (!group.isEmpty()) {
        group = spare.isEmpty() ? new Group() : spare.pop();
        groups.add(group);
      }
      group.startSegment = number;
      group.baseMillis = baseMillis;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Says that no more will come.
  void close() {
    lock.lock();
    try {
      closing = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The next group; null once all is taken and no more will come, or after `nanos` without one.
  @Nullable Group take(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (groups.getFirst().isEmpty() && !closing && left > 0) {
        left = arrived.awaitNanos(left);
      }
      if (groups.getFirst().isEmpty()) {
        return null;
      }
      Group taken = groups.removeFirst();
      if (groups.isEmpty()) {
        groups.add(spare.isEmpty() ? new Group() : spare.pop());
      }
      return taken;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    return new AssertionError("the log's thread was interrupted, which nobody may do", e);
  }

  boolean closed() {
    lock.lock();
    try {
      return closing && groups.size() == 1 && groups.getFirst().isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a written group back, makes its room available, and notes how full the segment is.
  void written(Group group, long segment, long segmentBytes, long segmentLimit) {
    lock.lock();
    try {
      this.segment = segment;
      this.segmentBytes = segmentBytes;
      this.segmentLimit = segmentLimit;
      bytes -= group.size;
      group.clear();
      if (spare.size() < 2) {
        spare.push(group);
      }
      drained.signal();
    } finally {
      lock.unlock();
    }
  }

  /// From now on nothing can be logged, until [#resume].
  void refuse(LogUnavailableException reason) {
    lock.lock();
    try {
      unavailable = reason;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends [#refuse] if nothing is waiting any more.
  boolean resume() {
    lock.lock();
    try {
      if (groups.size() > 1 || !groups.getFirst().isEmpty()) {
        return false;
      }
      unavailable = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes all callbacks that wait, without their records.
  List<Log.Flushed> takeCallbacks() {
    lock.lock();
    try {
      var taken = new ArrayList<Log.Flushed>();
      for (Group group : groups) {
        taken.addAll(group.callbacks);
        group.callbacks.clear();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Waits up to `nanos`, less if callbacks or the end arrive; answers whether the end has.
  boolean pause(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!closing && left > 0 && groups.stream().allMatch(g -> g.callbacks.isEmpty())) {
        left = arrived.awaitNanos(left);
      }
      return closing;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      lock.unlock();
    }
  }
}
