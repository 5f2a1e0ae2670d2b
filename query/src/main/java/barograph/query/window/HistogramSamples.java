package barograph.query.window;

import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.StoredHistograms;
import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramColumns;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The histograms of one series in time order, beside the floats of the same series.
///
/// Owned and reused by whoever reads; one thread at a time.
public final class HistogramSamples {
  private final StoredHistograms stored = new StoredHistograms();
  private long[] times = new long[0];
  private @Nullable NativeHistogram[] histograms = new NativeHistogram[0];
  private int size;
  private long bytes;

  public int size() {
    return size;
  }

  /// Milliseconds since the epoch, strictly increasing up to [#size()].
  public long[] times() {
    return times;
  }

  public NativeHistogram get(int place) {
    NativeHistogram found = place < size ? histograms[place] : null;
    if (found == null) {
      throw new IndexOutOfBoundsException("histogram %d of %d".formatted(place, size));
    }
    return found;
  }

  /// About how many bytes of memory they take.
  public long bytes() {
    return bytes;
  }

  public void clear() {
    Arrays.fill(histograms, 0, size, null);
    size = 0;
    bytes = 0;
  }

  public void add(long time, NativeHistogram histogram) {
    if (size == times.length) {
      int room = Math.max(16, 2 * size);
      times = Arrays.copyOf(times, room);
      histograms = Arrays.copyOf(histograms, room);
    }
    times[size] = time;
    histograms[size++] = histogram;
    bytes += histogram.bytes();
  }

  /// Holds what was read of a series, stale markers left out.
  ///
  /// A counter that says nothing of itself is compared with the one before it: if it went on
  /// counting in the same buckets, whoever computes with both need not look again.
  public void fill(HistogramColumns read) {
    clear();
    for (int i = 0; i < read.size(); i++) {
      var histogram = read.histogram(i);
      if (!histogram.isStale()) {
        var value = stored.of(histogram);
        boolean follows = i > 0 && size > 0 && !read.histogram(i - 1).isStale();
        add(read.timestamps()[i], follows ? compared(value, get(size - 1)) : value);
      }
    }
  }

  /// Holds what was read of a series without its buckets, stale markers left out.
  ///
  /// A counter that says nothing of itself is compared with the one before it and says afterwards
  /// whether counting began anew, as nobody could tell without the buckets.
  public void fillWithCounts(HistogramColumns read) {
    clear();
    NativeHistogram before = null;
    for (int i = 0; i < read.size(); i++) {
      var histogram = read.histogram(i);
      if (histogram.isStale()) {
        continue;
      }
      var value = stored.of(histogram);
      var counts = value.withoutBuckets();
      if (before != null && value.counterReset() == CounterReset.UNKNOWN) {
        counts =
            counts.withCounterReset(
                value.wasResetSince(before) ? CounterReset.RESET : CounterReset.NOT_RESET);
      }
      add(read.timestamps()[i], counts);
      before = value;
    }
  }

  private static NativeHistogram compared(NativeHistogram next, NativeHistogram before) {
    boolean goesOn =
        next.counterReset() == CounterReset.UNKNOWN
            && !before.isGauge()
            && next.hasScaleOf(before)
            && !next.wasResetSince(before);
    return goesOn ? next.withCounterReset(CounterReset.NOT_RESET) : next;
  }
}
