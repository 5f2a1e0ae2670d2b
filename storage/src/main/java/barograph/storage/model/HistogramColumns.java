package barograph.storage.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The native histograms of one series in time order, owned and reused by whoever reads.
///
/// One thread at a time.
public final class HistogramColumns {
  private long[] timestamps = new long[128];
  private @Nullable Histogram[] histograms = new Histogram[128];
  private int size;

  /// Milliseconds since the epoch, strictly increasing up to [#size()]; replaced when it grows.
  public long[] timestamps() {
    return timestamps;
  }

  /// The histogram at `timestamps()[index]`; may be a stale marker.
  public Histogram histogram(int index) {
    Histogram found = index < size ? histograms[index] : null;
    if (found == null) {
      throw new IndexOutOfBoundsException("histogram %d of %d".formatted(index, size));
    }
    return found;
  }

  public int size() {
    return size;
  }

  /// Forgets the histograms and keeps the room.
  public HistogramColumns clear() {
    truncate(0);
    return this;
  }

  public void add(long timestampMillis, Histogram histogram) {
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, 2 * size);
      histograms = Arrays.copyOf(histograms, 2 * size);
    }
    timestamps[size] = timestampMillis;
    histograms[size++] = histogram;
  }

  /// Brings two pieces in time order, of which the second begins at `middle`, into one; of two
  /// histograms of the same time the second piece's stays.
  public void mergeFrom(int middle) {
    if (middle < 0 || middle > size) {
      throw new IllegalArgumentException(
          "%d histograms cannot be cut at %d".formatted(size, middle));
    }
    if (middle == 0 || middle == size || timestamps[middle] > timestamps[middle - 1]) {
      return;
    }
    int behind = size;
    long[] times = timestamps.clone();
    @Nullable Histogram[] all = histograms.clone();
    size = 0;
    int a = 0;
    int b = middle;
    while (a < middle || b < behind) {
      boolean second = a == middle || (b < behind && times[b] <= times[a]);
      if (second && a < middle && times[a] == times[b]) {
        a++;
      }
      int from = second ? b++ : a++;
      timestamps[size] = times[from];
      histograms[size++] = all[from];
    }
    Arrays.fill(histograms, size, behind, null);
  }

  /// Drops the histograms before `middle` that have one of the times `others[from, to)`; gives
  /// where `middle` is then.
  int drop(int middle, long[] others, int from, int to) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i < middle && Arrays.binarySearch(others, from, to, timestamps[i]) >= 0) {
        continue;
      }
      timestamps[kept] = timestamps[i];
      histograms[kept++] = histograms[i];
    }
    int dropped = size - kept;
    truncate(kept);
    return middle - dropped;
  }

  /// Takes out what lies in `range`, of the histograms from place `from` on.
  void remove(TimeRange range, int from) {
    int begin = range.firstPlace(timestamps, from, size);
    int end = range.endPlace(timestamps, begin, size);
    System.arraycopy(timestamps, end, timestamps, begin, size - end);
    System.arraycopy(histograms, end, histograms, begin, size - end);
    truncate(size - (end - begin));
  }

  /// Drops what lies behind the first `newSize` histograms.
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot cut %d histograms to %d".formatted(size, newSize));
    }
    Arrays.fill(histograms, newSize, size, null);
    size = newSize;
  }
}
