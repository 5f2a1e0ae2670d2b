package barograph.ingest.scrape;

import java.util.Arrays;

/// The samples of one page in its order, before they go to the store: the target's own number of
/// the series, the value, and the timestamp if the page gives one.
final class PageSamples {
  int[] series = new int[256];
  double[] values = new double[256];
  long[] timestamps = new long[256];
  boolean[] timestamped = new boolean[256];
  int size;

  void clear() {
    size = 0;
  }

  void add(int seriesNumber, double value, boolean hasTimestamp, long timestampMillis) {
    if (size == series.length) {
      int room = 2 * size;
      series = Arrays.copyOf(series, room);
      values = Arrays.copyOf(values, room);
      timestamps = Arrays.copyOf(timestamps, room);
      timestamped = Arrays.copyOf(timestamped, room);
    }
    series[size] = seriesNumber;
    values[size] = value;
    timestamps[size] = timestampMillis;
    timestamped[size++] = hasTimestamp;
  }
}
