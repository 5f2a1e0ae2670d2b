package barograph.query.histogram;

/// The part of a histogram on one side of a value: the operators `</` and `>/`.
///
/// A bucket that the value cuts through keeps its share, by the same interpolation as quantiles. Of
/// a bucket without end nobody knows how it is filled: it is kept only where that cannot be wrong.
/// If anything goes, count and sum are made anew, the sum from the middles of buckets.
public final class HistogramTrim {
  private final NativeHistogram histogram;
  private final double at;
  private final boolean keepsBelow;
  private double count;
  private double sum;
  private boolean trimmed;

  private HistogramTrim(NativeHistogram histogram, double at, boolean keepsBelow) {
    this.histogram = histogram;
    this.at = at;
    this.keepsBelow = keepsBelow;
  }

  /// What of `histogram` lies below `at`.
  public static NativeHistogram below(NativeHistogram histogram, double at) {
    return new HistogramTrim(histogram, at, true).run();
  }

  /// What of `histogram` lies above `at`.
  public static NativeHistogram above(NativeHistogram histogram, double at) {
    return new HistogramTrim(histogram, at, false).run();
  }

  /// What stays of a bucket, and the value that its observations are taken to have.
  private record Part(double count, double middle) {
    static final Part NOTHING = new Part(0, 0);
  }

  private NativeHistogram run() {
    var positive = side(histogram.positive(), true);
    var negative = side(histogram.negative(), false);
    double zeroCount = histogram.zeroCount();
    if (zeroCount > 0) {
      var kept = zeroBucket();
      trimmed |= kept.count != zeroCount;
      zeroCount = kept.count;
      take(kept);
    }
    return trimmed
        ? NativeHistogram.of(
                histogram.scale(),
                histogram.counterReset(),
                zeroCount,
                count,
                sum,
                positive,
                negative)
            .compact()
        : histogram;
  }

  private Buckets side(Buckets buckets, boolean positive) {
    var kept = new double[buckets.size()];
    for (int i = 0; i < kept.length; i++) {
      if (buckets.count(i) != 0) {
        var part = part(bucket(buckets, i, positive), positive);
        kept[i] = part.count;
        trimmed |= part.count != buckets.count(i);
        take(part);
      }
    }
    return buckets.with(kept);
  }

  private void take(Part part) {
    count += part.count;
    sum += part.middle * part.count;
  }

  /// A bucket with the bounds of its schema, whatever the zero bucket covers.
  private Bucket bucket(Buckets side, int place, boolean positive) {
    int index = side.index(place);
    double[] bounds = histogram.bounds();
    double low;
    double high;
    if (histogram.isCustom()) {
      low = index == 0 ? Double.NEGATIVE_INFINITY : bounds[index - 1];
      high = index < bounds.length ? bounds[index] : Double.POSITIVE_INFINITY;
    } else {
      low = BucketBounds.upper(index - 1, histogram.schema());
      high = BucketBounds.upper(index, histogram.schema());
    }
    return new Bucket(
        positive ? low : -high, positive ? high : -low, false, false, side.count(place));
  }

  private Part part(Bucket bucket, boolean positive) {
    boolean whole = keepsBelow ? bucket.upper() <= at : bucket.lower() >= at;
    if (whole) {
      return new Part(bucket.count(), middle(bucket.lower(), bucket.upper(), positive));
    }
    boolean cut = keepsBelow ? bucket.lower() < at : bucket.upper() > at;
    if (!cut) {
      return Part.NOTHING;
    }
    if (bucket.lower() == Double.NEGATIVE_INFINITY) {
      return withoutBegin(bucket);
    }
    if (bucket.upper() == Double.POSITIVE_INFINITY) {
      return keepsBelow || at < bucket.lower() ? Part.NOTHING : new Part(bucket.count(), at);
    }
    double below = bucket.count();
    if (at <= bucket.lower()) {
      below = 0;
    } else if (at < bucket.upper()) {
      below *= bucket.shareBelow(at, histogram.isCustom());
    }
    return keepsBelow
        ? new Part(below, middle(bucket.lower(), at, positive))
        : new Part(bucket.count() - below, middle(at, bucket.upper(), positive));
  }

  /// A bucket from minus infinity on: one of a positive bound is taken to begin at zero.
  private Part withoutBegin(Bucket bucket) {
    double upper = bucket.upper();
    boolean fromZero = upper > 0 && upper < Double.POSITIVE_INFINITY;
    if (keepsBelow) {
      if (at > 0 && fromZero) {
        return new Part(bucket.count() * at / upper, at / 2);
      }
      return upper <= 0 ? new Part(bucket.count(), at) : Part.NOTHING;
    }
    if (at == Double.NEGATIVE_INFINITY) {
      return new Part(bucket.count(), 0);
    }
    return at >= 0 && fromZero && upper > at
        ? new Part(bucket.count() * (1 - at / upper), (at + upper) / 2)
        : Part.NOTHING;
  }

  private double middle(double lower, double upper, boolean positive) {
    if (Double.isInfinite(lower)) {
      if (Double.isInfinite(upper)) {
        return 0;
      }
      return upper > 0 ? upper / 2 : upper;
    }
    if (Double.isInfinite(upper)) {
      return lower;
    }
    if (histogram.isCustom()) {
      return (lower + upper) / 2;
    }
    double geometric = Math.sqrt(Math.abs(lower * upper));
    return positive ? geometric : -geometric;
  }

  private Part zeroBucket() {
    boolean above = hasAny(histogram.positive());
    boolean below = hasAny(histogram.negative());
    double lower = above && !below ? 0 : -histogram.zeroThreshold();
    double upper = below && !above ? 0 : histogram.zeroThreshold();
    double zeroCount = histogram.zeroCount();
    var whole = new Part(zeroCount, (lower + upper) / 2);
    if (at <= lower) {
      return keepsBelow ? Part.NOTHING : whole;
    }
    if (at >= upper) {
      return keepsBelow ? whole : Part.NOTHING;
    }
    return keepsBelow
        ? new Part(zeroCount * ((at - lower) / (upper - lower)), (lower + at) / 2)
        : new Part(zeroCount * ((upper - at) / (upper - lower)), (at + upper) / 2);
  }

  private static boolean hasAny(Buckets side) {
    for (int i = 0; i < side.size(); i++) {
      if (side.count(i) != 0) {
        return true;
      }
    }
    return false;
  }
}
