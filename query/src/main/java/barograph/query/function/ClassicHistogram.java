package barograph.query.function;

import java.util.Arrays;

/// A histogram of cumulative buckets at one step, and the quantiles and shares within it.
///
/// Fill it with [#add], then ask; it is reused from step to step. Scrapes are not atomic, so counts
/// may fall where they should rise; tiny falls are levelled silently, others are reported.
public final class ClassicHistogram {
  private static final double SMALL_DELTA = 1e-12;

  private double[] bounds = new double[16];
  private double[] counts = new double[16];
  private int size;
  private boolean forced;
  private double forcedFrom;
  private double forcedTo;
  private double forcedBy;

  public void clear() {
    size = 0;
    forced = false;
  }

  public int size() {
    return size;
  }

  /// Adds the bucket of observations up to `upperBound`.
  public void add(double upperBound, double count) {
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    int at = size++;
    while (at > 0 && bounds[at - 1] > upperBound) {
      bounds[at] = bounds[at - 1];
      counts[at] = counts[at - 1];
      at--;
    }
    bounds[at] = upperBound;
    counts[at] = count;
  }

  /// The value below which the share `q` of the observations lies, interpolated within its bucket.
  public double quantile(double q) {
    if (Double.isNaN(q)) {
      return Double.NaN;
    }
    if (q < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (q > 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (!settle() || size < 2) {
      return Double.NaN;
    }
    level();
    double observations = counts[size - 1];
    if (observations == 0) {
      return Double.NaN;
    }
    double rank = q * observations;
    int bucket = 0;
    while (bucket < size - 1 && !(counts[bucket] >= rank)) {
      bucket++;
    }
    if (bucket == size - 1) {
      return bounds[size - 2];
    }
    if (bucket == 0 && bounds[0] <= 0) {
      return bounds[0];
    }
    double start = 0;
    double end = bounds[bucket];
    double count = counts[bucket];
    if (bucket > 0) {
      start = bounds[bucket - 1];
      count -= counts[bucket - 1];
      rank -= counts[bucket - 1];
    }
    return start + (end - start) * (rank / count);
  }

  /// The share of observations between two values, interpolated within their buckets.
  public double fraction(double lower, double upper) {
    if (!settle()) {
      return Double.NaN;
    }
    double observations = counts[size - 1];
    if (observations == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
      return Double.NaN;
    }
    if (lower >= upper) {
      return 0;
    }
    return (rank(upper) - rank(lower)) / observations;
  }

  /// How many observations lie below `value`, about.
  private double rank(double value) {
    double below = 0;
    for (int i = 0; i < size; i++) {
      double start = i == 0 ? (bounds[0] > 0 ? 0 : Double.NEGATIVE_INFINITY) : bounds[i - 1];
      double end = bounds[i];
      if (value <= start) {
        return below;
      }
      if (value < end) {
        if (Double.isInfinite(start)) {
          return counts[i];
        }
        if (Double.isInfinite(end)) {
          return below;
        }
        return below + (counts[i] - below) * ((value - start) / (end - start));
      }
      below = counts[i];
    }
    return below;
  }

  /// Merges equal bounds; false if there is no total to speak of.
  private boolean settle() {
    if (size == 0 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
      return false;
    }
    int last = 0;
    for (int i = 1; i < size; i++) {
      if (bounds[i] == bounds[last]) {
        counts[last] += counts[i];
      } else {
        last++;
        bounds[last] = bounds[i];
        counts[last] = counts[i];
      }
    }
    size = last + 1;
    return true;
  }

  /// Makes counts rise from bucket to bucket.
  private void level() {
    double previous = counts[0];
    for (int i = 1; i < size; i++) {
      double current = counts[i];
      if (current == previous) {
        continue;
      }
      if (almostEqual(previous, current)) {
        counts[i] = previous;
        continue;
      }
      if (current < previous) {
        if (!forced) {
          forced = true;
          forcedFrom = bounds[i];
          forcedBy = 0;
        }
        forcedTo = bounds[i];
        forcedBy = Math.max(forcedBy, previous - current);
        counts[i] = previous;
      } else {
        previous = current;
      }
    }
  }

  private static boolean almostEqual(double a, double b) {
    double sum = Math.abs(a) + Math.abs(b);
    double difference = Math.abs(a - b);
    if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
      return difference < SMALL_DELTA * Double.MIN_NORMAL;
    }
    return difference / Math.min(sum, Double.MAX_VALUE) < SMALL_DELTA;
  }

  /// Whether the last answer needed counts to be forced upwards.
  public boolean wasForced() {
    return forced;
  }

  /// The lowest bound whose count was forced.
  public double forcedFrom() {
    return forcedFrom;
  }

  /// The highest bound whose count was forced.
  public double forcedTo() {
    return forcedTo;
  }

  /// The most by which a count was forced.
  public double forcedBy() {
    return forcedBy;
  }
}
