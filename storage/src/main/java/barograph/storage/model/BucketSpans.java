package barograph.storage.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which buckets a native histogram has on one side, as runs of neighbours: each span skips
/// `offset` buckets and then has `length` of them.
///
/// The first offset is the index of the first bucket and may be negative; the others count from the
/// end of the span before. Spans are kept as they came, empty ones too: they come back as they were
/// written.
public final class BucketSpans {
  /// No bucket at all.
  public static final BucketSpans NONE = new BucketSpans(new int[0], 0, 0, 0);

  /// Offset and length by turns.
  private final int[] pairs;

  private final int buckets;
  private final int first;
  private final int last;

  private BucketSpans(int[] pairs, int buckets, int first, int last) {
    this.pairs = pairs;
    this.buckets = buckets;
    this.first = first;
    this.last = last;
  }

  /// Spans given as offset and length by turns.
  ///
  /// @throws IllegalArgumentException if a length or a later offset is negative, there are more
  ///   buckets than [HistogramLayout#MAX_BUCKETS], or an index leaves 32 bits
  public static BucketSpans of(int... offsetsAndLengths) {
    if (offsetsAndLengths.length == 0) {
      return NONE;
    }
    if (offsetsAndLengths.length % 2 != 0
        || offsetsAndLengths.length > 2 * HistogramLayout.MAX_BUCKETS) {
      throw new IllegalArgumentException(
          "spans of %d numbers, expected offset and length by turns, up to %d spans"
              .formatted(offsetsAndLengths.length, HistogramLayout.MAX_BUCKETS));
    }
    int[] pairs = offsetsAndLengths.clone();
    long index = 0;
    long buckets = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] < 0 || (i > 0 && pairs[i] < 0)) {
        throw new IllegalArgumentException(
            "span %d has offset %d and length %d, expected none negative"
                .formatted(i / 2, pairs[i], pairs[i + 1]));
      }
      index += (long) pairs[i] + pairs[i + 1];
      buckets += pairs[i + 1];
      if (buckets > HistogramLayout.MAX_BUCKETS || index > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "spans of %d buckets up to index %d, expected at most %d buckets"
                .formatted(buckets, index, HistogramLayout.MAX_BUCKETS));
      }
    }
    return new BucketSpans(pairs, (int) buckets, pairs[0], (int) index);
  }

  /// How many spans there are.
  public int size() {
    return pairs.length / 2;
  }

  /// How many buckets the span skips.
  public int offset(int span) {
    return pairs[2 * span];
  }

  /// How many buckets the span has.
  public int length(int span) {
    return pairs[2 * span + 1];
  }

  /// How many buckets all spans have.
  public int buckets() {
    return buckets;
  }

  /// Index at which the first span begins.
  public int begin() {
    return first;
  }

  /// Index behind the last span.
  public int end() {
    return last;
  }

  /// The index of each bucket, ascending: bucket `i` of a standard schema holds what is up to `2^(i
  /// * 2^-schema)`.
  public int[] indices() {
    var indices = new int[buckets];
    int filled = 0;
    int index = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      index += pairs[i];
      for (int k = 0; k < pairs[i + 1]; k++) {
        indices[filled++] = index++;
      }
    }
    return indices;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BucketSpans that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  /// Offset and length of each span, as in `[-2+3 1+1]`.
  @Override
  public String toString() {
    var text = new StringBuilder("[");
    for (int i = 0; i < pairs.length; i += 2) {
      text.append(i > 0 ? " " : "").append(pairs[i]).append('+').append(pairs[i + 1]);
    }
    return text.append(']').toString();
  }
}
