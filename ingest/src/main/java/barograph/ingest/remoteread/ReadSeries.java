package barograph.ingest.remoteread;

import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.Arrays;

/// A series that another server has answered, with no more room than it takes. Immutable.
public final class ReadSeries {
  /// Beside samples and labels, and for each label.
  private static final int BASE_BYTES = 160;

  private static final int LABEL_BYTES = 64;

  private final Labels labels;
  private final long[] times;
  private final double[] values;
  private final long[] histogramTimes;
  private final Histogram[] histograms;

  private ReadSeries(
      Labels labels, long[] times, double[] values, long[] histogramTimes, Histogram[] histograms) {
    this.labels = labels;
    this.times = times;
    this.values = values;
    this.histogramTimes = histogramTimes;
    this.histograms = histograms;
  }

  /// A series with a copy of the samples.
  static ReadSeries of(Labels labels, SampleColumns samples) {
    var histograms = new Histogram[samples.histogramCount()];
    var histogramTimes = new long[histograms.length];
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] = samples.histograms().histogram(i);
      histogramTimes[i] = samples.histograms().timestamps()[i];
    }
    return new ReadSeries(
        labels,
        Arrays.copyOf(samples.timestamps(), samples.size()),
        Arrays.copyOf(samples.values(), samples.size()),
        histogramTimes,
        histograms);
  }

  public Labels labels() {
    return labels;
  }

  /// The same samples under another name.
  ReadSeries named(Labels others) {
    return new ReadSeries(others, times, values, histogramTimes, histograms);
  }

  /// Bytes that it takes, about; histograms not counted, which were when they were read.
  long bytes() {
    return BASE_BYTES + (long) LABEL_BYTES * labels.size() + 16L * times.length;
  }

  /// Puts those samples in `range` among the ones that are there, of which each stays that has the
  /// same time.
  public void addTo(SampleColumns into, TimeRange range) {
    int floats = into.size();
    int others = into.histogramCount();
    for (int i = 0; i < times.length; i++) {
      if (range.contains(times[i]) && !has(into, times[i], floats, others)) {
        into.add(times[i], values[i]);
      }
    }
    for (int i = 0; i < histograms.length; i++) {
      if (range.contains(histogramTimes[i]) && !has(into, histogramTimes[i], floats, others)) {
        into.histograms().add(histogramTimes[i], histograms[i]);
      }
    }
    into.mergeFrom(floats, others);
  }

  private static boolean has(SampleColumns columns, long time, int floats, int histograms) {
    return Arrays.binarySearch(columns.timestamps(), 0, floats, time) >= 0
        || (histograms > 0
            && Arrays.binarySearch(columns.histograms().timestamps(), 0, histograms, time) >= 0);
  }
}
