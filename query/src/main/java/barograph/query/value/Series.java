package barograph.query.value;

import barograph.query.histogram.NativeHistogram;
import barograph.storage.model.Labels;
import java.util.Arrays;
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

  /// Its numbers from one time to another, both included, without its histograms.
  public Series between(long fromMillis, long toMillis) {
    int from = firstFrom(fromMillis);
    int to = firstFrom(toMillis + 1);
    if (from == 0 && to == values.length && histograms.isEmpty()) {
      return this;
    }
    return new Series(
        labels, Arrays.copyOfRange(timesMillis, from, to), Arrays.copyOfRange(values, from, to));
  }

  private int firstFrom(long millis) {
    int at = Arrays.binarySearch(timesMillis, millis);
    return at < 0 ? -at - 1 : at;
  }

  /// Its numbers, and after them what `later` has.
  public Series followedBy(Series later) {
    var times = Arrays.copyOf(timesMillis, values.length + later.values.length);
    var all = Arrays.copyOf(values, times.length);
    System.arraycopy(later.timesMillis, 0, times, values.length, later.values.length);
    System.arraycopy(later.values, 0, all, values.length, later.values.length);
    return new Series(labels, times, all, later.histograms);
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
