package barograph.storage.head;

import barograph.storage.model.Histogram;
import barograph.storage.model.SampleColumns;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The late samples of a series as they were at one moment, copied while the writer goes on: those
/// that are on their way into a block, and behind them those that came since.
final class LateCopy {
  private long[] times = new long[16];
  private double[] values = new double[16];
  private @Nullable Histogram @Nullable [] histograms;
  private int settling;
  private int size;

  void clear() {
    settling = 0;
    size = 0;
    histograms = null;
  }

  /// Says that what was added so far is on its way into a block.
  void endSettling() {
    settling = size;
  }

  void add(
      long[] moreTimes,
      double[] moreValues,
      @Nullable Histogram @Nullable [] moreHistograms,
      int count) {
    if (size + count > times.length) {
      int room = Math.max(size + count, times.length * 2);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
    }
    if (histograms != null || moreHistograms != null) {
      var all = histograms == null ? new Histogram[times.length] : histograms;
      histograms = all.length < times.length ? Arrays.copyOf(all, times.length) : all;
    }
    if (histograms != null && moreHistograms != null) {
      System.arraycopy(moreHistograms, 0, histograms, size, count);
    }
    System.arraycopy(moreTimes, 0, times, size, count);
    System.arraycopy(moreValues, 0, values, size, count);
    size += count;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Merges what lies from `from` to `to` into `into`, where these samples stay if others have the
  /// same time.
  void mergeInto(long from, long to, SampleColumns into) {
    merge(0, settling, from, to, into);
    merge(settling, size, from, to, into);
  }

  /// The same with none but those on their way into a block.
  void mergeSettlingInto(long from, long to, SampleColumns into) {
    merge(0, settling, from, to, into);
  }

  private void merge(int begin, int end, long from, long to, SampleColumns into) {
    int middle = into.size();
    int histogramMiddle = into.histogramCount();
    for (int i = begin; i < end; i++) {
      if (times[i] >= from && times[i] <= to) {
        Histogram histogram = histograms == null ? null : histograms[i];
        if (histogram == null) {
          into.add(times[i], values[i]);
        } else {
          into.histograms().add(times[i], histogram);
        }
      }
    }
    into.mergeFrom(middle, histogramMiddle);
  }
}
