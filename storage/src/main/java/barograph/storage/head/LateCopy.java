package barograph.storage.head;

import barograph.storage.model.SampleColumns;
import java.util.Arrays;

/// The late samples of a series as they were at one moment, copied while the writer goes on: those
/// that are on their way into a block, and behind them those that came since.
final class LateCopy {
  private long[] times = new long[16];
  private double[] values = new double[16];
  private int settling;
  private int size;

  void clear() {
    settling = 0;
    size = 0;
  }

  /// Says that what was added so far is on its way into a block.
  void endSettling() {
    settling = size;
  }

  void add(long[] moreTimes, double[] moreValues, int count) {
    if (size + count > times.length) {
      int room = Math.max(size + count, times.length * 2);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
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
    int histograms = into.histogramCount();
    for (int i = begin; i < end; i++) {
      if (times[i] >= from && times[i] <= to) {
        into.add(times[i], values[i]);
      }
    }
    into.mergeFrom(middle, histograms);
  }
}
