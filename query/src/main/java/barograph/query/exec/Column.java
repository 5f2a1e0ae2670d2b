package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The points of one series, one place per step; a place without a number holds [Absence#NONE].
///
/// A native histogram lies beside the numbers, at a step that has no number: what knows numbers
/// alone passes over it unaware, and a series without histograms costs nothing for their sake. Lent
/// to a sink for the time of the call, which may overwrite it.
final class Column {
  private final double[] values;

  /// Made when the first histogram comes.
  private @Nullable NativeHistogram @Nullable [] histograms;

  private int histogramCount;

  Column(int steps) {
    values = new double[steps];
  }

  /// The numbers; whoever writes them sees to it that no histogram stays where it has no place.
  double[] values() {
    return values;
  }

  int steps() {
    return values.length;
  }

  /// Whether any step has a histogram.
  boolean hasHistograms() {
    return histogramCount > 0;
  }

  /// The histogram at a step; null if there is none.
  @Nullable NativeHistogram histogram(int step) {
    return histogramCount == 0 || histograms == null ? null : histograms[step];
  }

  /// Puts a histogram at a step in place of what is there, or null to leave nothing.
  void putHistogram(int step, @Nullable NativeHistogram histogram) {
    values[step] = Absence.NONE;
    if (histograms == null) {
      if (histogram == null) {
        return;
      }
      histograms = new NativeHistogram[values.length];
    }
    histogramCount += (histogram == null ? 0 : 1) - (histograms[step] == null ? 0 : 1);
    histograms[step] = histogram;
  }

  /// Leaves the numbers alone.
  void dropHistograms() {
    if (histogramCount > 0 && histograms != null) {
      Arrays.fill(histograms, null);
      histogramCount = 0;
    }
  }

  /// Leaves nothing at a step.
  void remove(int step) {
    values[step] = Absence.NONE;
    if (histogramCount > 0) {
      putHistogram(step, null);
    }
  }

  void clear() {
    Arrays.fill(values, Absence.NONE);
    dropHistograms();
  }

  boolean has(int step) {
    return Absence.isPresent(values[step]) || histogram(step) != null;
  }

  boolean isEmpty() {
    return histogramCount == 0 && !hasNumbers();
  }

  boolean hasNumbers() {
    for (double value : values) {
      if (Absence.isPresent(value)) {
        return true;
      }
    }
    return false;
  }

  /// How many steps have a number.
  int numbers() {
    int numbers = 0;
    for (double value : values) {
      if (Absence.isPresent(value)) {
        numbers++;
      }
    }
    return numbers;
  }

  /// How many steps have a histogram.
  int histograms() {
    return histogramCount;
  }

  /// How many samples the histograms count for on a budget.
  long histogramSamples() {
    if (histogramCount == 0 || histograms == null) {
      return 0;
    }
    long bytes = 0;
    for (var histogram : histograms) {
      if (histogram != null) {
        bytes += histogram.bytes();
      }
    }
    return Budget.samples(bytes);
  }

  /// Takes over the point of another column's step, which has one.
  void putFrom(Column other, int from, int step) {
    var histogram = other.histogram(from);
    if (histogram == null) {
      remove(step);
      values[step] = other.values[from];
    } else {
      putHistogram(step, histogram);
    }
  }

  void copyFrom(Column other) {
    System.arraycopy(other.values, 0, values, 0, other.values.length);
    dropHistograms();
    if (other.histogramCount > 0 && other.histograms != null) {
      histograms = other.histograms.clone();
      histogramCount = other.histogramCount;
    }
  }

  Column copy() {
    var copy = new Column(values.length);
    copy.copyFrom(this);
    return copy;
  }
}
