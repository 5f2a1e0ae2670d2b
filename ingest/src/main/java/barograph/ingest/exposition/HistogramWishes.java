package barograph.ingest.exposition;

import barograph.storage.model.HistogramLayout;

/// As what histograms are taken from a page.
///
/// @param natively whether those that have native buckets are taken with them
/// @param converted whether those that have only classic buckets are taken as native ones with
///   custom bounds
/// @param alwaysClassic whether series of classic buckets are taken also where the histogram is
///   native
/// @param mostBuckets of a native histogram, which is made coarser until it fits; 0: any number
/// @param leastBucketFactor how much larger than the one before each bucket's bound must at least
///   be; native histograms that are finer are made coarser. 0: as they come
public record HistogramWishes(
    boolean natively,
    boolean converted,
    boolean alwaysClassic,
    int mostBuckets,
    double leastBucketFactor) {
  /// Classic series and nothing else.
  public static final HistogramWishes CLASSIC = new HistogramWishes(false, false, false, 0, 0);

  public HistogramWishes {
    if (mostBuckets < 0 || !(leastBucketFactor >= 0)) {
      throw new IllegalArgumentException(
          "at most %d buckets, each of a factor of %s: neither may be negative"
              .formatted(mostBuckets, leastBucketFactor));
    }
  }

  /// The finest schema whose buckets grow by the least factor.
  int finestSchema() {
    if (leastBucketFactor <= 1) {
      return HistogramLayout.MAX_SCHEMA;
    }
    double log = Math.log(leastBucketFactor) / Math.log(2);
    double exact = Math.floor(-Math.log(log) / Math.log(2));
    return (int) Math.clamp(exact, HistogramLayout.MIN_SCHEMA, HistogramLayout.MAX_SCHEMA);
  }
}
