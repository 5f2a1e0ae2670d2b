package barograph.storage.chunk;

import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.HistogramLayout;

/// Turns up to [ChunkEncoder#MAX_SAMPLES] native histograms of one series, and their times, into
/// one chunk.
///
/// Neighbours of the same layout and kind are a run, and a run is turned on its side: what one
/// bucket counted from histogram to histogram is a column like any other, and goes through the
/// encoders for those. It keeps its working arrays: one thread at a time.
///
/// ```
/// chunk     column of times, then runs
/// run       u8 flags    1 integer counts   2 layout of the run before   4 counter resets differ
///                       8 × counter reset, if they do not
///           varint histograms - 1
///           [layout]  [column of counter resets]
///           integer:    column of surpluses, column of zero counts, a column per bucket
///           double:     as many chunks: counts, zero counts, each bucket's
///           chunk of sums
/// chunk     varint length, chunk
/// ```
///
/// A surplus is what a count is more than all the other counts together: nearly always 0.
public final class HistogramEncoder {
  static final int INTEGER = 1;
  static final int SAME_LAYOUT = 2;
  static final int RESETS_DIFFER = 4;
  static final int RESET_SHIFT = 3;

  /// Most numbers in one chunk, so that reading it takes a bounded amount of memory: a chunk has
  /// fewer histograms if they are large.
  static final int MAX_NUMBERS = 1 << 20;

  private final IntColumnEncoder integers;
  private final ChunkEncoder doubles;
  private final ByteSink chunk = new ByteSink();
  private final long[] column = new long[ChunkEncoder.MAX_SAMPLES];
  private final double[] values = new double[ChunkEncoder.MAX_SAMPLES];

  /// An encoder for chunks that take less space and longer to decode, if `dense`.
  public HistogramEncoder(boolean dense) {
    integers = new IntColumnEncoder(dense);
    doubles = new ChunkEncoder(dense);
  }

  /// How many of the histograms from `from` on go into one chunk, at least 1.
  public static int fitting(HistogramColumns histograms, int from) {
    int count = 0;
    long numbers = 0;
    while (count < ChunkEncoder.MAX_SAMPLES && from + count < histograms.size()) {
      numbers += numbers(histograms.histogram(from + count).layout());
      if (numbers > MAX_NUMBERS) {
        break;
      }
      count++;
    }
    return count;
  }

  /// Counts of the buckets, count, zero count and sum.
  static int numbers(HistogramLayout layout) {
    return layout.buckets() + 3;
  }

  /// Appends a chunk of the `count` histograms from `from` on to `into`; neither their number nor
  /// the chunk's length is in it.
  ///
  /// @throws IllegalArgumentException if `count` is not 1 to what is [#fitting]
  public void encode(HistogramColumns histograms, int from, int count, ByteSink into) {
    if (count < 1 || count > fitting(histograms, from)) {
      throw new IllegalArgumentException(
          "a chunk of %d histograms, expected 1 to %d".formatted(count, fitting(histograms, from)));
    }
    integers.encode(histograms.timestamps(), from, count, into);
    HistogramLayout before = HistogramLayout.EMPTY;
    int end = from + count;
    for (int start = from; start < end; ) {
      int behind = start + 1;
      while (behind < end
          && continues(histograms.histogram(behind - 1), histograms.histogram(behind))) {
        behind++;
      }
      encodeRun(histograms, start, behind - start, before, into);
      before = histograms.histogram(start).layout();
      start = behind;
    }
  }

  private static boolean continues(Histogram last, Histogram next) {
    return last.isInteger() == next.isInteger() && last.layout().equals(next.layout());
  }

  private void encodeRun(
      HistogramColumns histograms, int from, int count, HistogramLayout before, ByteSink into) {
    Histogram first = histograms.histogram(from);
    HistogramLayout layout = first.layout();
    boolean sameLayout = layout.equals(before);
    boolean resetsDiffer = false;
    for (int i = 0; i < count; i++) {
      Histogram histogram = histograms.histogram(from + i);
      resetsDiffer |= histogram.counterReset() != first.counterReset();
      column[i] = histogram.counterReset().number();
    }
    into.putByte(
        (first.isInteger() ? INTEGER : 0)
            | (sameLayout ? SAME_LAYOUT : 0)
            | (resetsDiffer ? RESETS_DIFFER : first.counterReset().number() << RESET_SHIFT));
    into.putVarint(count - 1);
    if (!sameLayout) {
      HistogramLayouts.write(layout, into);
    }
    if (resetsDiffer) {
      integers.encode(column, 0, count, into);
    }
    for (int number = 0; number < numbers(layout) - 1; number++) {
      if (first.isInteger()) {
        for (int i = 0; i < count; i++) {
          column[i] = HistogramRow.number(histograms.histogram(from + i), number);
        }
        integers.encode(column, 0, count, into);
      } else {
        encodeDoubles(histograms, from, count, number, into);
      }
    }
    encodeDoubles(histograms, from, count, numbers(layout) - 1, into);
  }

  private void encodeDoubles(
      HistogramColumns histograms, int from, int count, int number, ByteSink into) {
    for (int i = 0; i < count; i++) {
      values[i] =
          Double.longBitsToDouble(HistogramRow.number(histograms.histogram(from + i), number));
    }
    chunk.clear();
    doubles.encode(values, 0, count, chunk);
    into.putVarint(chunk.size());
    into.putBytes(chunk.array(), 0, chunk.size());
  }
}
