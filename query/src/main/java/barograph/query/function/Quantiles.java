package barograph.query.function;

import java.util.Arrays;

/// Quantiles of plain numbers.
public final class Quantiles {
  private Quantiles() {}

  /// The `q`-quantile of the first `size` of `values`, which it sorts: NaN counts as the smallest.
  public static double of(double q, double[] values, int size) {
    if (size == 0 || Double.isNaN(q)) {
      return Double.NaN;
    }
    if (q < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (q > 1) {
      return Double.POSITIVE_INFINITY;
    }
    sortNanFirst(values, size);
    double rank = q * (size - 1);
    double lower = Math.max(0, Math.floor(rank));
    int below = (int) lower;
    int above = (int) Math.min(size - 1.0, lower + 1);
    double weight = rank - Math.floor(rank);
    return values[below] * (1 - weight) + values[above] * weight;
  }

  private static void sortNanFirst(double[] values, int size) {
    Arrays.sort(values, 0, size);
    int nans = 0;
    while (nans < size && Double.isNaN(values[size - 1 - nans])) {
      nans++;
    }
    if (nans > 0 && nans < size) {
      System.arraycopy(values, 0, values, nans, size - nans);
      Arrays.fill(values, 0, nans, Double.NaN);
    }
  }

  /// `quantile_over_time`.
  static final class OverTime implements WindowFunction {
    private double[] room = new double[64];

    @Override
    public double at(Window window) {
      room = copy(window, room);
      return of(window.firstParameter(), room, window.count());
    }
  }

  /// `mad_over_time`: the median of the distances from the median.
  static final class AbsoluteDeviation implements WindowFunction {
    private double[] room = new double[64];

    @Override
    public double at(Window window) {
      int count = window.count();
      room = copy(window, room);
      for (int i = 0; i < count; i++) {
        if (Double.isNaN(room[i])) {
          return Double.NaN;
        }
      }
      double median = of(0.5, room, count);
      for (int i = 0; i < count; i++) {
        room[i] = Math.abs(room[i] - median);
      }
      return of(0.5, room, count);
    }
  }

  private static double[] copy(Window window, double[] room) {
    double[] target = room.length < window.count() ? new double[2 * window.count()] : room;
    System.arraycopy(window.values(), window.from(), target, 0, window.count());
    return target;
  }
}
