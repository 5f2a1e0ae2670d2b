package barograph.query.histogram;

import java.util.Arrays;

/// The counts of one side's buckets by their index, ascending; never changed once made.
///
/// Histograms of one series share the array of indices, so that adding them up is mostly a walk
/// over two arrays of numbers.
final class Buckets {
  static final Buckets NONE = new Buckets(new int[0], new double[0]);

  private final int[] indices;
  private final double[] counts;

  /// Takes both arrays as its own; neither may be changed afterwards.
  Buckets(int[] indices, double[] counts) {
    if (indices.length != counts.length) {
      throw new IllegalArgumentException(
          "%d bucket counts for %d indices".formatted(counts.length, indices.length));
    }
    this.indices = indices;
    this.counts = counts;
  }

  int size() {
    return counts.length;
  }

  boolean isEmpty() {
    return counts.length == 0;
  }

  int index(int place) {
    return indices[place];
  }

  double count(int place) {
    return counts[place];
  }

  int[] indices() {
    return indices;
  }

  boolean hasIndicesOf(int[] others, int size) {
    return Arrays.equals(indices, 0, indices.length, others, 0, size);
  }

  /// What each count becomes.
  @FunctionalInterface
  interface CountMap {
    double apply(double count);
  }

  Buckets map(CountMap map) {
    if (counts.length == 0) {
      return this;
    }
    var mapped = new double[counts.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = map.apply(counts[i]);
    }
    return new Buckets(indices, mapped);
  }

  /// The same indices with other counts.
  Buckets with(double[] newCounts) {
    return new Buckets(indices, newCounts);
  }

  /// These counts and `sign` times the others.
  Buckets plus(Buckets other, double sign) {
    if (hasIndicesOf(other.indices, other.size())) {
      var sums = new double[counts.length];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = counts[i] + sign * other.counts[i];
      }
      return new Buckets(indices, sums);
    }
    var merged = new int[counts.length + other.counts.length];
    var sums = new double[merged.length];
    int a = 0;
    int b = 0;
    int size = 0;
    while (a < counts.length || b < other.counts.length) {
      boolean takeA =
          b == other.counts.length || (a < counts.length && indices[a] <= other.indices[b]);
      boolean takeB =
          a == counts.length || (b < other.counts.length && other.indices[b] <= indices[a]);
      merged[size] = takeA ? indices[a] : other.indices[b];
      double sum = takeA ? counts[a] : 0;
      if (takeB) {
        sum = takeA ? sum + sign * other.counts[b] : sign * other.counts[b];
      }
      sums[size++] = sum;
      a += takeA ? 1 : 0;
      b += takeB ? 1 : 0;
    }
    return new Buckets(Arrays.copyOf(merged, size), Arrays.copyOf(sums, size));
  }

  /// Without the buckets that nothing fell into.
  Buckets compact() {
    int kept = 0;
    for (double count : counts) {
      kept += count == 0 ? 0 : 1;
    }
    if (kept == counts.length) {
      return this;
    }
    var places = new int[kept];
    var left = new double[kept];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        places[at] = indices[i];
        left[at++] = counts[i];
      }
    }
    return new Buckets(places, left);
  }

  /// The buckets of a schema that is coarser by `steps`.
  Buckets coarser(int steps) {
    if (steps == 0 || counts.length == 0) {
      return this;
    }
    var places = new int[counts.length];
    var sums = new double[counts.length];
    int size = 0;
    for (int i = 0; i < counts.length; i++) {
      int place = coarser(indices[i], steps);
      if (size > 0 && places[size - 1] == place) {
        sums[size - 1] += counts[i];
      } else {
        places[size] = place;
        sums[size++] = counts[i];
      }
    }
    return new Buckets(Arrays.copyOf(places, size), Arrays.copyOf(sums, size));
  }

  /// The index of the bucket that a bucket lies in when the schema is coarser by `steps`.
  static int coarser(int index, int steps) {
    return ((index - 1) >> steps) + 1;
  }

  /// Without the first `dropped` buckets.
  Buckets from(int dropped) {
    return dropped == 0
        ? this
        : new Buckets(
            Arrays.copyOfRange(indices, dropped, indices.length),
            Arrays.copyOfRange(counts, dropped, counts.length));
  }

  /// Buckets of custom bounds put into those of fewer `kept` bounds, which are among them.
  Buckets within(double[] bounds, double[] kept) {
    var places = new int[counts.length];
    var sums = new double[counts.length];
    int size = 0;
    int target = 0;
    for (int i = 0; i < counts.length; i++) {
      if (indices[i] < bounds.length) {
        while (target < kept.length && kept[target] < bounds[indices[i]]) {
          target++;
        }
      } else {
        target = kept.length;
      }
      if (size > 0 && places[size - 1] == target) {
        sums[size - 1] += counts[i];
      } else {
        places[size] = target;
        sums[size++] = counts[i];
      }
    }
    return new Buckets(Arrays.copyOf(places, size), Arrays.copyOf(sums, size)).compact();
  }

  /// Whether some bucket of `before` has more than its counterpart here, which may be missing.
  boolean fellSince(Buckets before) {
    int at = 0;
    for (int i = 0; i < before.counts.length; i++) {
      while (at < counts.length && indices[at] < before.indices[i]) {
        at++;
      }
      boolean missing = at == counts.length || indices[at] > before.indices[i];
      if (missing ? before.counts[i] != 0 : counts[at] < before.counts[i]) {
        return true;
      }
    }
    return false;
  }

  boolean hasInfinite() {
    for (double count : counts) {
      if (Double.isInfinite(count)) {
        return true;
      }
    }
    return false;
  }

  /// Whether indices and the bits of all counts are the same.
  boolean isSame(Buckets other) {
    if (!hasIndicesOf(other.indices, other.size())) {
      return false;
    }
    for (int i = 0; i < counts.length; i++) {
      if (Double.doubleToRawLongBits(counts[i]) != Double.doubleToRawLongBits(other.counts[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return Arrays.toString(indices) + ":" + Arrays.toString(counts);
  }
}
