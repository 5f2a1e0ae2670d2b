package barograph.storage;

import barograph.storage.model.Histogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Samples on their way into the store: series reference, timestamp and value, column by column; a
/// value is a float or, among them, a native histogram.
///
/// Whoever fills it keeps together what belongs together: samples of one target with the same
/// timestamp that stand next to each other become one row of the log. It belongs to the store from
/// [Appender#append] until the answer is there.
public final class SampleBatch {
  /// Of a histogram without buckets, near enough; its layout is shared or about as large.
  private static final int HISTOGRAM_BYTES = 150;

  /// A start that lies further back than this before a sample tells nothing new.
  private static final long OLDEST_START_MILLIS = 3_600_000;

  private int[] series;
  private long[] timestamps;
  private double[] values;
  private int size;

  /// Made when the first histogram comes; null where the sample is a float.
  private @Nullable Histogram @Nullable [] histograms;

  private long histogramBytes;
  private final boolean onlyAhead;

  public SampleBatch() {
    this(256);
  }

  public SampleBatch(int expected) {
    this(expected, false);
  }

  private SampleBatch(int expected, boolean onlyAhead) {
    this.onlyAhead = onlyAhead;
    series = new int[expected];
    timestamps = new long[expected];
    values = new double[expected];
  }

  /// A batch of hints, such as the zeros at which series began: what its series has no later sample
  /// than is stored, and the rest passed over without being told of or counted as refused.
  public static SampleBatch onlyAhead() {
    return new SampleBatch(64, true);
  }

  /// Whether what does not come in order is passed over.
  public boolean isOnlyAhead() {
    return onlyAhead;
  }

  /// Adds one sample of the series that [Appender#seriesFor] named `seriesRef`.
  public void add(int seriesRef, long timestampMillis, double value) {
    if (size == series.length) {
      grow(size + 1);
    }
    series[size] = seriesRef;
    timestamps[size] = timestampMillis;
    values[size++] = value;
  }

  private void grow(int needed) {
    int room = Math.max(256, Math.max(needed, size + (size >> 1)));
    series = Arrays.copyOf(series, room);
    timestamps = Arrays.copyOf(timestamps, room);
    values = Arrays.copyOf(values, room);
    if (histograms != null) {
      histograms = Arrays.copyOf(histograms, room);
    }
  }

  /// Adds floats that stand somewhere in columns, in an order of their own.
  ///
  /// @param places of the samples in the columns; the first `count` count
  /// @param owners of each place in the columns, the place of its series in `refs`
  public void add(
      int[] places, int count, int[] owners, int[] refs, long[] times, double[] itsValues) {
    if (size + count > series.length) {
      grow(size + count);
    }
    for (int i = 0; i < count; i++) {
      int place = places[i];
      series[size + i] = refs[owners[place]];
      timestamps[size + i] = times[place];
      values[size + i] = itsValues[place];
    }
    size += count;
  }

  /// Adds one native histogram.
  public void add(int seriesRef, long timestampMillis, Histogram histogram) {
    add(seriesRef, timestampMillis, Double.NaN);
    if (histograms == null) {
      histograms = new Histogram[series.length];
    }
    histograms[size - 1] = histogram;
    histogramBytes += HISTOGRAM_BYTES + (long) Long.BYTES * histogram.buckets();
  }

  /// Adds the zero with which a series began, if that was before its sample and not too long ago.
  ///
  /// @param histogram the sample, if it is one
  public void addStart(
      int seriesRef, long startMillis, long timestampMillis, @Nullable Histogram histogram) {
    if (startMillis <= 0
        || startMillis >= timestampMillis
        || timestampMillis - startMillis > OLDEST_START_MILLIS) {
      return;
    }
    if (histogram == null) {
      add(seriesRef, startMillis, 0);
    } else {
      add(seriesRef, startMillis, histogram.withoutObservations());
    }
  }

  public int size() {
    return size;
  }

  /// About how many bytes of memory the samples take.
  long bytes() {
    return (long) size * (Integer.BYTES + Long.BYTES + Double.BYTES) + histogramBytes;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The series of all samples, in an array that may be longer.
  int[] refs() {
    return series;
  }

  /// The times of all samples, in an array that may be longer.
  long[] times() {
    return timestamps;
  }

  /// The values of all samples, in an array that may be longer.
  double[] values() {
    return values;
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

  /// Whether there is a histogram among the samples.
  public boolean hasHistograms() {
    return histograms != null;
  }

  /// The histogram at `index`, or null if the sample there is a float.
  public @Nullable Histogram histogram(int index) {
    return histograms == null ? null : histograms[index];
  }

  /// Forgets the samples and keeps the room.
  public void clear() {
    size = 0;
    histograms = null;
    histogramBytes = 0;
  }
}
