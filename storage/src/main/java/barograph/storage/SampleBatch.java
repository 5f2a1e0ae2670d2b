package barograph.storage;

import java.util.Arrays;

/// Samples on their way into the store: series reference, timestamp and value, column by column.
///
/// Whoever fills it keeps together what belongs together: samples of one target with the same
/// timestamp that stand next to each other become one row of the log. It belongs to the store from
/// [Appender#append] until the answer is there.
public final class SampleBatch {
  private int[] series;
  private long[] timestamps;
  private double[] values;
  private int size;

  public SampleBatch() {
    this(256);
  }

  public SampleBatch(int expected) {
    series = new int[expected];
    timestamps = new long[expected];
    values = new double[expected];
  }

  /// Adds one sample of the series that [Appender#seriesFor] named `seriesRef`.
  public void add(int seriesRef, long timestampMillis, double value) {
    if (size == series.length) {
      int room = Math.max(256, size + (size >> 1));
      series = Arrays.copyOf(series, room);
      timestamps = Arrays.copyOf(timestamps, room);
      values = Arrays.copyOf(values, room);
    }
    series[size] = seriesRef;
    timestamps[size] = timestampMillis;
    values[size++] = value;
  }

  public int size() {
    return size;
  }

  /// About how many bytes of memory the samples take.
  long bytes() {
    return (long) size * (Integer.BYTES + Long.BYTES + Double.BYTES);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int series(int index) {
    return series[index];
  }

  public long timestampMillis(int index) {
    return timestamps[index];
  }

  public double value(int index) {
    return values[index];
  }

  /// Forgets the samples and keeps the room.
  public void clear() {
    size = 0;
  }
}
