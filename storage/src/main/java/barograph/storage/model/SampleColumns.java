package barograph.storage.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The samples of one series in time order as two parallel columns, owned and reused by whoever
/// reads; beside them, in a list of their own, the native histograms of a series that has any.
///
/// What is said of samples here is said of floats alone, but for the methods that name histograms.
/// No time has both a float and a histogram.
///
/// The arrays may be longer than [#size()] and are replaced when they grow, so fetch them again
/// after every fill. One thread at a time.
public final class SampleColumns {
  private long[] timestamps = new long[1024];
  private double[] values = new double[1024];
  private int size;

  /// Made when the first histogram comes: few series have any.
  private @Nullable HistogramColumns histograms;

  /// Milliseconds since the epoch, strictly increasing up to [#size()].
  public long[] timestamps() {
    return timestamps;
  }

  /// The values at those times; may hold the stale marker.
  public double[] values() {
    return values;
  }

  public int size() {
    return size;
  }

  /// The native histograms, to be read or filled.
  public HistogramColumns histograms() {
    if (histograms == null) {
      histograms = new HistogramColumns();
    }
    return histograms;
  }

  /// How many native histograms there are, which costs nothing to ask where there are none.
  public int histogramCount() {
    return histograms == null ? 0 : histograms.size();
  }

  /// Whether there is neither a float nor a histogram.
  public boolean isEmpty() {
    return size == 0 && histogramCount() == 0;
  }

  /// Time of the earliest sample of either kind; [Long#MAX_VALUE] if there is none.
  public long firstTime() {
    long first = size == 0 ? Long.MAX_VALUE : timestamps[0];
    return histograms == null || histograms.size() == 0
        ? first
        : Math.min(first, histograms.timestamps()[0]);
  }

  /// Time of the earliest of the samples from place `from` and the histograms from place
  /// `histogramsFrom` on; [Long#MAX_VALUE] if there is none.
  public long firstTime(int from, int histogramsFrom) {
    long first = from < size ? timestamps[from] : Long.MAX_VALUE;
    return histogramsFrom < histogramCount()
        ? Math.min(first, histograms().timestamps()[histogramsFrom])
        : first;
  }

  /// Time of the latest sample of either kind; [Long#MIN_VALUE] if there is none.
  public long lastTime() {
    long last = size == 0 ? Long.MIN_VALUE : timestamps[size - 1];
    return histograms == null || histograms.size() == 0
        ? last
        : Math.max(last, histograms.timestamps()[histograms.size() - 1]);
  }

  /// Forgets the samples, histograms too, and keeps the room.
  public SampleColumns clear() {
    size = 0;
    if (histograms != null) {
      histograms.clear();
    }
    return this;
  }

  public void add(long timestampMillis, double value) {
    reserve(1);
    timestamps[size] = timestampMillis;
    values[size++] = value;
  }

  /// Makes room for `more` samples behind the present ones; a decoder then writes into the arrays
  /// and tells by [#grewTo(int)].
  public void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > timestamps.length) {
      int room = Math.max(needed, timestamps.length + (timestamps.length >> 1));
      timestamps = Arrays.copyOf(timestamps, room);
      values = Arrays.copyOf(values, room);
    }
  }

  /// Says that the arrays are filled up to `newSize`.
  public void grewTo(int newSize) {
    if (newSize < size || newSize > timestamps.length) {
      throw new IllegalArgumentException(
          "%d samples in columns of %d to %d".formatted(newSize, size, timestamps.length));
    }
    size = newSize;
  }

  /// Brings two pieces in time order, of which the second begins at `middle`, into one; of two
  /// samples of the same time the second piece's stays.
  ///
  /// Pieces that follow each other, as nearly all do, cost one comparison; otherwise only what lies
  /// behind the second piece's first time is moved.
  public void mergeFrom(int middle) {
    if (middle < 0 || middle > size) {
      throw new IllegalArgumentException("%d samples cannot be cut at %d".formatted(size, middle));
    }
    if (middle == 0 || middle == size || timestamps[middle] > timestamps[middle - 1]) {
      return;
    }
    int found = Arrays.binarySearch(timestamps, 0, middle, timestamps[middle]);
    int first = found < 0 ? -found - 1 : found;
    long[] times = Arrays.copyOfRange(timestamps, first, middle);
    double[] old = Arrays.copyOfRange(values, first, middle);
    int a = 0;
    int b = middle;
    int at = first;
    while (a < times.length && b < size) {
      if (times[a] < timestamps[b]) {
        timestamps[at] = times[a];
        values[at++] = old[a++];
      } else {
        a += times[a] == timestamps[b] ? 1 : 0;
        timestamps[at] = timestamps[b];
        values[at++] = values[b++];
      }
    }
    boolean firstIsLeft = a < times.length;
    int left = firstIsLeft ? times.length - a : size - b;
    System.arraycopy(firstIsLeft ? times : timestamps, firstIsLeft ? a : b, timestamps, at, left);
    System.arraycopy(firstIsLeft ? old : values, firstIsLeft ? a : b, values, at, left);
    size = at + left;
  }

  /// Does the same with floats and histograms, whose second piece begins at `histogramMiddle`: of
  /// two samples of the same time, of whatever kind, the second piece's stays.
  public void mergeFrom(int middle, int histogramMiddle) {
    int floats = middle;
    if (histograms != null && histograms.size() > 0) {
      int middleLeft = histograms.drop(histogramMiddle, timestamps, middle, size);
      floats = dropFloats(middle, histograms, middleLeft);
      histograms.mergeFrom(middleLeft);
    }
    mergeFrom(floats);
  }

  /// Drops the floats before `middle` that have the time of a histogram from `from` on; gives where
  /// `middle` is then.
  private int dropFloats(int middle, HistogramColumns others, int from) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i < middle
          && Arrays.binarySearch(others.timestamps(), from, others.size(), timestamps[i]) >= 0) {
        continue;
      }
      timestamps[kept] = timestamps[i];
      values[kept++] = values[i];
    }
    int dropped = size - kept;
    size = kept;
    return middle - dropped;
  }

  /// Drops what lies behind the first `newSize` samples and `newHistograms` histograms.
  public void truncate(int newSize, int newHistograms) {
    truncate(newSize);
    if (histograms != null) {
      histograms.truncate(newHistograms);
    }
  }

  /// Drops what lies behind the first `newSize` samples.
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot cut %d samples to %d".formatted(size, newSize));
    }
    size = newSize;
  }

  /// Takes out what lies in `range`, of the samples from place `from` and the histograms from place
  /// `histogramsFrom` on.
  public void remove(TimeRange range, int from, int histogramsFrom) {
    int begin = range.firstPlace(timestamps, from, size);
    int end = range.endPlace(timestamps, begin, size);
    System.arraycopy(timestamps, end, timestamps, begin, size - end);
    System.arraycopy(values, end, values, begin, size - end);
    size -= end - begin;
    if (histograms != null) {
      histograms.remove(range, histogramsFrom);
    }
  }
}
