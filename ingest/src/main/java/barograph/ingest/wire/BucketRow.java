package barograph.ingest.wire;

import barograph.storage.model.BucketSpans;
import java.util.Arrays;

/// The buckets of one side of a native histogram while it is being read: spans and counts.
///
/// Counts are integers or the bits of doubles, as the histogram has it. Reused; one thread at a
/// time.
final class BucketRow {
  private int[] spans = new int[8];
  private int spanNumbers;
  private long[] counts = new long[16];
  private int size;

  void clear() {
    spanNumbers = 0;
    size = 0;
  }

  void addSpan(int offset, int length) {
    if (spanNumbers == spans.length) {
      spans = Arrays.copyOf(spans, 2 * spanNumbers);
    }
    spans[spanNumbers++] = offset;
    spans[spanNumbers++] = length;
  }

  void addCount(long count) {
    if (size == counts.length) {
      counts = Arrays.copyOf(counts, 2 * size);
    }
    counts[size++] = count;
  }

  /// Adds an integer count that is told by its difference to the one before.
  void addDelta(long delta) {
    addCount(size == 0 ? delta : counts[size - 1] + delta);
  }

  int size() {
    return size;
  }

  boolean hasSpans() {
    return spanNumbers > 0;
  }

  void copyCounts(long[] into, int at) {
    System.arraycopy(counts, 0, into, at, size);
  }

  /// The spans, without one that has no bucket and only says that the histogram is a native one.
  BucketSpans spans() {
    return spanNumbers == 2 && spans[1] == 0
        ? BucketSpans.NONE
        : BucketSpans.of(Arrays.copyOf(spans, spanNumbers));
  }

  /// Merges buckets to those of a schema that is `steps` coarser: bucket `i` becomes part of bucket
  /// `ceil(i / 2^steps)`.
  void coarsen(int steps, boolean integers) {
    BucketSpans before = spans();
    if (before.buckets() != size) {
      throw new IllegalArgumentException(
          "histogram with %d bucket counts, expected %d as its spans say"
              .formatted(size, before.buckets()));
    }
    int[] indices = before.indices();
    int merged = 0;
    for (int i = 0; i < indices.length; i++) {
      int index = ((indices[i] - 1) >> steps) + 1;
      if (merged > 0 && indices[merged - 1] == index) {
        counts[merged - 1] =
            integers
                ? counts[merged - 1] + counts[i]
                : Double.doubleToRawLongBits(
                    Double.longBitsToDouble(counts[merged - 1])
                        + Double.longBitsToDouble(counts[i]));
      } else {
        indices[merged] = index;
        counts[merged++] = counts[i];
      }
    }
    size = merged;
    spanNumbers = 0;
    for (int i = 0; i < merged; i++) {
      if (i > 0 && indices[i] == indices[i - 1] + 1) {
        spans[spanNumbers - 1]++;
      } else {
        addSpan(i == 0 ? indices[0] : indices[i] - indices[i - 1] - 1, 1);
      }
    }
  }
}
