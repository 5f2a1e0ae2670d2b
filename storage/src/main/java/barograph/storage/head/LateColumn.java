package barograph.storage.head;

import barograph.storage.model.Histogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The late samples of one series, sorted by time: floats and native histograms, one of them at a
/// time.
///
/// The writer changes it in place under the series' version; readers copy it and try again if it
/// has moved meanwhile, so what they see in between may be nonsense but never anything but numbers
/// and histograms.
final class LateColumn {
  private static final int OBJECT_BYTES = 32 + 2 * 16;

  /// Of a histogram, besides its buckets.
  private static final int HISTOGRAM_BYTES = 100;

  private long[] times = new long[2];
  private double[] values = new double[2];

  /// The histogram of each place that has one; null as long as there was none.
  private @Nullable Histogram @Nullable [] histograms;

  private long histogramBytes;
  private int size;

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  /// Where the sample of this time is; if there is none, -1 minus where it would be.
  int find(long timestamp) {
    if (size == 0 || timestamp > times[size - 1]) {
      return -1 - size;
    }
    return Arrays.binarySearch(times, 0, size, timestamp);
  }

  private @Nullable Histogram histogram(int index) {
    return histograms == null ? null : histograms[index];
  }

  /// How the sample at `index` compares with a float of these bits, or with a histogram.
  Found compare(int index, long bits, @Nullable Histogram histogram) {
    Histogram there = histogram(index);
    if (there == null && histogram == null) {
      return Found.of(values[index], bits);
    }
    return there != null && there.equals(histogram) ? Found.SAME : Found.OTHER;
  }

  /// Puts a sample in, in place of the one of the same time if there is one.
  ///
  /// @param histogram null for a float
  /// @return whether it is one more
  boolean put(long timestamp, double value, @Nullable Histogram histogram) {
    if (histogram != null && histograms == null) {
      histograms = new Histogram[times.length];
    }
    int found = find(timestamp);
    if (found >= 0) {
      set(found, value, histogram);
      return false;
    }
    if (size == times.length) {
      resize(size + Math.max(2, size >> 1));
    }
    int at = -1 - found;
    move(at, at + 1);
    times[at] = timestamp;
    size++;
    set(at, value, histogram);
    return true;
  }

  private void set(int at, double value, @Nullable Histogram histogram) {
    values[at] = value;
    if (histograms != null) {
      histogramBytes += bytesOf(histogram) - bytesOf(histograms[at]);
      histograms[at] = histogram;
    }
  }

  private static long bytesOf(@Nullable Histogram histogram) {
    return histogram == null ? 0 : HISTOGRAM_BYTES + 8L * histogram.buckets();
  }

  private void resize(int room) {
    times = Arrays.copyOf(times, room);
    values = Arrays.copyOf(values, room);
    if (histograms != null) {
      histograms = Arrays.copyOf(histograms, room);
    }
  }

  /// Moves what stands from `from` up to the end to `to`, whose old histograms are gone.
  private void move(int from, int to) {
    System.arraycopy(times, from, times, to, size - from);
    System.arraycopy(values, from, values, to, size - from);
    if (histograms != null) {
      for (int i = to; i < from; i++) {
        histogramBytes -= bytesOf(histograms[i]);
      }
      System.arraycopy(histograms, from, histograms, to, size - from);
      if (to < from) {
        Arrays.fill(histograms, size - (from - to), size, null);
      } else {
        Arrays.fill(histograms, from, to, null);
      }
    }
  }

  /// Takes all samples of `other` in, which stay where times are the same.
  ///
  /// @return how many more there are now
  int putAll(LateColumn other) {
    int before = size;
    for (int i = 0; i < other.size; i++) {
      put(other.times[i], other.values[i], other.histogram(i));
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
    head.times = new long[count];
    head.values = new double[count];
    for (int i = 0; i < count; i++) {
      head.put(times[i], values[i], histogram(i));
    }
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
    move(to, from);
    size -= to - from;
    int room = Math.max(2, size + (size >> 2));
    if (room < times.length / 2) {
      resize(room);
    }
  }

  /// Copies everything for a reader; the numbers may belong to different moments.
  void copyTo(LateCopy copy) {
    copy.add(times, values, histograms, size);
  }

  /// Bytes on the heap.
  long bytes() {
    return OBJECT_BYTES
        + 16L * times.length
        + (histograms == null ? 0 : 4L * histograms.length)
        + histogramBytes;
  }
}
