package barograph.query.value;

import barograph.query.histogram.NativeHistogram;
import barograph.storage.model.Labels;
import java.util.List;

/// A series of a matrix: labels, its numbers as two parallel columns of equal length, and beside
/// them its native histograms, which most series have none of.
///
/// The columns belong to the series from then on: nobody changes them.
public final class Series {
  private final Labels labels;
  private final long[] timesMillis;
  private final double[] values;
  private final List<HistogramPoint> histograms;

  /// A native histogram at a time.
  public record HistogramPoint(long timeMillis, NativeHistogram histogram) {}

  /// @param timesMillis strictly increasing
  public Series(Labels labels, long[] timesMillis, double[] values) {
    this(labels, timesMillis, values, List.of());
  }

  /// @param timesMillis strictly increasing
  /// @param histograms at strictly increasing times, at none of which there is a number
  public Series(
      Labels labels, long[] timesMillis, double[] values, List<HistogramPoint> histograms) {
    if (timesMillis.length != values.length) {
      throw new IllegalArgumentException(
          "%s has %d times for %d values".formatted(labels, timesMillis.length, values.length));
    }
    this.labels = labels;
    this.timesMillis = timesMillis;
    this.values = values;
    this.histograms = List.copyOf(histograms);
  }

  public Labels labels() {
    return labels;
  }

  /// How many numbers there are.
  public int size() {
    return values.length;
  }

  public long timeMillis(int index) {
    return timesMillis[index];
  }

  public double value(int index) {
    return values[index];
  }

  /// The native histograms in time order.
  public List<HistogramPoint> histograms() {
    return histograms;
  }

  @Override
  public String toString() {
    var text = new StringBuilder(labels.toString()).append(" =>");
    for (int i = 0; i < values.length; i++) {
      text.append(' ').append(NumberText.shortest(values[i])).append(" @[");
      text.append(timesMillis[i]).append(']');
    }
    for (var point : histograms) {
      text.append(' ').append(HistogramText.of(point.histogram())).append(" @[");
      text.append(point.timeMillis()).append(']');
    }
    return text.toString();
  }
}
