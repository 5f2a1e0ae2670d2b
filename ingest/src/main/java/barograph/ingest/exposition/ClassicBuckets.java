package barograph.ingest.exposition;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A classic histogram while its series come by, in any order, until it is known as one native
/// histogram whose bounds are those of the buckets.
///
/// As lenient as Prometheus: the bucket up to `+Inf` and the count stand in for each other, a sum
/// that is missing is 0, and a bound that comes twice counts as it came first. Reused; one thread
/// at a time.
public final class ClassicBuckets {
  /// Buckets without observations that are kept between others, where counts are integers: their
  /// spans would take more than they do.
  private static final int EMPTY_KEPT = 2;

  private double[] bounds = new double[16];
  private double[] cumulative = new double[16];
  private int size;
  private double count;
  private boolean counted;
  private double sum;
  private boolean contradictory;
  private boolean overfull;

  /// What [#compact] has left: spans, and the places of the buckets within them.
  private int[] spans = new int[32];

  private int spanNumbers;
  private int[] places = new int[16];
  private int placed;

  /// Forgets what was read.
  public void clear() {
    size = 0;
    count = 0;
    counted = false;
    sum = 0;
    contradictory = false;
    overfull = false;
  }

  public void sum(double total) {
    sum = total;
  }

  public void count(double observations) {
    contradictory |= observations < 0;
    count = observations;
    counted = true;
  }

  /// A bucket: so many observations were not above `bound`, which is not NaN.
  public void bucket(double bound, double observations) {
    int at = size;
    while (at > 0 && bounds[at - 1] >= bound) {
      at--;
    }
    if (at < size && bounds[at] == bound) {
      return;
    }
    if (size == HistogramLayout.MAX_BUCKETS) {
      overfull = true;
      return;
    }
    contradictory |=
        observations < 0
            || (at > 0 && cumulative[at - 1] > observations)
            || (at < size && cumulative[at] < observations);
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * size);
      cumulative = Arrays.copyOf(cumulative, 2 * size);
    }
    System.arraycopy(bounds, at, bounds, at + 1, size - at);
    System.arraycopy(cumulative, at, cumulative, at + 1, size - at);
    bounds[at] = bound;
    cumulative[at] = observations;
    size++;
  }

  /// The native histogram, or null if the series contradict each other: one is negative, buckets
  /// are not cumulative, or the one up to `+Inf` is not the count.
  ///
  /// @param mostBuckets 0 for any number
  /// @throws BadPageException if it has more buckets than that, as bounds of its own cannot be made
  ///   coarser; or more than any histogram may have
  public @Nullable Histogram convert(int mostBuckets) throws BadPageException {
    if (overfull) {
      throw new BadPageException(
          "classic histogram with more than %d buckets".formatted(HistogramLayout.MAX_BUCKETS));
    }
    if (!counted && size > 0) {
      count(cumulative[size - 1]);
    }
    if (size == 0 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
      bucket(Double.POSITIVE_INFINITY, count);
    }
    if (contradictory
        || bounds[0] == Double.NEGATIVE_INFINITY
        || cumulative[size - 1] != count
        || Double.isNaN(count)) {
      return null;
    }
    boolean integers = isInteger(count);
    for (int i = 0; i < size && integers; i++) {
      integers = isInteger(cumulative[i]);
    }
    int kept = compact(integers ? EMPTY_KEPT : 0);
    if (mostBuckets > 0 && kept > mostBuckets) {
      throw new BadPageException("histogram bucket limit exceeded");
    }
    return integers ? withIntegers() : withDoubles();
  }

  private static boolean isInteger(double number) {
    return Math.rint(number) == number && number < 0x1p63;
  }

  /// Leaves out empty buckets at both ends, and between others where there are more than
  /// `emptyKept` in a row.
  ///
  /// @return how many buckets are left
  private int compact(int emptyKept) {
    spanNumbers = 0;
    placed = 0;
    if (places.length < size) {
      places = new int[bounds.length];
      spans = new int[2 * bounds.length];
    }
    int behind = 0;
    for (int i = 0; i < size; i++) {
      if (observationsIn(i) == 0) {
        continue;
      }
      int skipped = i - behind;
      if (placed > 0 && skipped <= emptyKept) {
        while (behind < i) {
          place(behind++);
        }
      } else {
        spans[spanNumbers++] = skipped;
        spans[spanNumbers++] = 0;
      }
      place(i);
      behind = i + 1;
    }
    return placed;
  }

  private void place(int bucket) {
    places[placed++] = bucket;
    spans[spanNumbers - 1]++;
  }

  private double observationsIn(int bucket) {
    return bucket == 0 ? cumulative[0] : cumulative[bucket] - cumulative[bucket - 1];
  }

  private Histogram withIntegers() {
    var counts = new long[placed];
    for (int i = 0; i < placed; i++) {
      int bucket = places[i];
      counts[i] = (long) cumulative[bucket] - (bucket == 0 ? 0 : (long) cumulative[bucket - 1]);
    }
    return Histogram.ofIntegers(layout(), CounterReset.UNKNOWN, (long) count, 0, sum, counts);
  }

  private Histogram withDoubles() {
    var counts = new double[placed];
    for (int i = 0; i < placed; i++) {
      counts[i] = observationsIn(places[i]);
    }
    return Histogram.ofFloats(layout(), CounterReset.UNKNOWN, count, 0, sum, counts);
  }

  private HistogramLayout layout() {
    return HistogramLayout.custom(
        Arrays.copyOf(bounds, size - 1), BucketSpans.of(Arrays.copyOf(spans, spanNumbers)));
  }
}
