package barograph.storage.head;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The late samples of one series, sorted by time.
///
/// The writer changes it in place under the series' version; readers copy it and try again if it
/// has moved meanwhile, so what they see in between may be nonsense but never anything but numbers.
final class LateColumn {
  private static final int OBJECT_BYTES = 32 + 2 * 16;

  private long[] times = new long[2];
  private double[] values = new double[2];
  private int size;

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  double value(int index) {
    return values[index];
  }

  /// Where the sample of this time is; if there is none, -1 minus where it would be.
  int find(long timestamp) {
    if (size == 0 || timestamp > times[size - 1]) {
      return -1 - size;
    }
    return Arrays.binarySearch(times, 0, size, timestamp);
  }

  /// Puts a sample in, in place of the one of the same time if there is one.
  ///
  /// @return whether it is one more
  boolean put(long timestamp, double value) {
    int found = find(timestamp);
    if (found >= 0) {
      values[found] = value;
      return false;
    }
    if (size == times.length) {
      int room = size + Math.max(2, size >> 1);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
    }
    int at = -1 - found;
    System.arraycopy(times, at, times, at + 1, size - at);
    System.arraycopy(values, at, values, at + 1, size - at);
    times[at] = timestamp;
    values[at] = value;
    size++;
    return true;
  }

  /// Takes all samples of `other` in, which stay where times are the same.
  ///
  /// @return how many more there are now
  int putAll(LateColumn other) {
    int before = size;
    for (int i = 0; i < other.size; i++) {
      put(other.times[i], other.values[i]);
    }
    return size - before;
  }

  /// Takes out what lies before `end`.
  ///
  /// @return that, or null if there is nothing
  @Nullable LateColumn splitBefore(long end) {
    int count = before(end);
    if (count == 0) {
      return null;
    }
    var head = new LateColumn();
    head.times = Arrays.copyOf(times, count);
    head.values = Arrays.copyOf(values, count);
    head.size = count;
    remove(0, count);
    return head;
  }

  /// Takes out what lies from `from` to `to`, both included, and gives how many that were.
  int removeRange(long from, long to) {
    int first = before(from);
    int end = to == Long.MAX_VALUE ? size : before(to + 1);
    if (end <= first) {
      return 0;
    }
    remove(first, end);
    return end - first;
  }

  private int before(long end) {
    int found = find(end);
    return found < 0 ? -1 - found : found;
  }

  private void remove(int from, int to) {
    System.arraycopy(times, to, times, from, size - to);
    System.arraycopy(values, to, values, from, size - to);
    size -= to - from;
    int room = Math.max(2, size + (size >> 2));
    if (room < times.length / 2) {
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
    }
  }

  /// Copies everything for a reader; the numbers may belong to different moments.
  void copyTo(LateCopy copy) {
    copy.add(times, values, size);
  }

  /// Bytes on the heap.
  long bytes() {
    return OBJECT_BYTES + 16L * times.length;
  }
}
