package barograph.query.value;

import barograph.storage.model.Labels;

/// A series of a matrix: labels, and its points as two parallel columns of equal length.
///
/// The columns belong to the series from then on: nobody changes them.
public final class Series {
  private final Labels labels;
  private final long[] timesMillis;
  private final double[] values;

  /// @param timesMillis strictly increasing
  public Series(Labels labels, long[] timesMillis, double[] values) {
    if (timesMillis.length != values.length) {
      throw new IllegalArgumentException(
          "%s has %d times for %d values".formatted(labels, timesMillis.length, values.length));
    }
    this.labels = labels;
    this.timesMillis = timesMillis;
    this.values = values;
  }

  public Labels labels() {
    return labels;
  }

  public int size() {
    return values.length;
  }

  public long timeMillis(int index) {
    return timesMillis[index];
  }

  public double value(int index) {
    return values[index];
  }

  @Override
  public String toString() {
    var text = new StringBuilder(labels.toString()).append(" =>");
    for (int i = 0; i < values.length; i++) {
      text.append(' ').append(NumberText.shortest(values[i])).append(" @[");
      text.append(timesMillis[i]).append(']');
    }
    return text.toString();
  }
}
