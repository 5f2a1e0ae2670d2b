package barograph.ingest.scrape;

import barograph.ingest.exposition.PageExemplar;
import barograph.storage.model.Histogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The samples of one page in its order, before they go to the store: the target's own number of
/// the series, the value or histogram, and the timestamp if the page gives one.
final class PageSamples {
  int[] series = new int[256];
  double[] values = new double[256];
  long[] timestamps = new long[256];
  boolean[] timestamped = new boolean[256];
  int size;

  /// Made when the first histogram comes; null where the sample is a float.
  private @Nullable Histogram @Nullable [] histograms;

  /// Made when the first start comes; 0 where none is told.
  private long @Nullable [] starts;

  /// Exemplars of these samples, in the page's order.
  final List<OfSeries> exemplars = new ArrayList<>();

  /// An exemplar with the target's own number of its series.
  record OfSeries(int series, PageExemplar exemplar) {}

  void clear() {
    size = 0;
    exemplars.clear();
    histograms = null;
    starts = null;
  }

  /// Notes since when the series of the `index`th sample counts.
  void start(int index, long millis) {
    if (starts == null || starts.length <= index) {
      starts = starts == null ? new long[series.length] : Arrays.copyOf(starts, series.length);
    }
    starts[index] = millis;
  }

  /// Since when the series of the `index`th sample counts; 0 if that is not told.
  long start(int index) {
    return starts == null || index >= starts.length ? 0 : starts[index];
  }

  /// Gives the last sample a histogram in place of its value.
  void set(Histogram histogram) {
    if (histograms == null || histograms.length < size) {
      histograms =
          histograms == null
              ? new Histogram[series.length]
              : Arrays.copyOf(histograms, series.length);
    }
    histograms[size - 1] = histogram;
  }

  /// The histogram of the `index`th sample, or null if it has a value.
  @Nullable Histogram histogram(int index) {
    return histograms == null || index >= histograms.length ? null : histograms[index];
  }

  void add(int seriesNumber, PageExemplar exemplar) {
    exemplars.add(new OfSeries(seriesNumber, exemplar));
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
