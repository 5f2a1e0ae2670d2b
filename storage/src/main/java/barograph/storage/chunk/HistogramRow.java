package barograph.storage.chunk;

import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import org.jspecify.annotations.Nullable;

/// One histogram as bytes, told by what is different from the one before it: for the head's open
/// streams and the log, where histograms come one by one.
///
/// ```
/// u8 flags     1 integer counts   6 counter reset << 1   8 a layout follows   16 told by the one before
/// [layout]
/// bits         which of the numbers changed, the lowest bit of the lowest byte first
/// per changed number, by its kind:
///              integer  zigzag difference
///              double   u8 zero bytes at the end << 4 | bytes, these bytes of the exclusive or
/// numbers      count, zero count, each bucket's, sum
/// ```
///
/// Without one before, or with one of another layout or kind, every number is told against 0. An
/// integer count stands for what it is more than all the others together, and so is nearly always
/// the same.
public final class HistogramRow {
  private static final int INTEGER = 1;
  private static final int RESET_SHIFT = 1;
  private static final int LAYOUT = 8;
  private static final int TOLD_BY_BEFORE = 16;

  /// Numbers beside those of the buckets: count, zero count, sum.
  private static final int MORE = 3;

  private HistogramRow() {}

  /// Appends `histogram` to `into`.
  ///
  /// @param before what whoever reads it will have read last, if anything
  public static void write(Histogram histogram, @Nullable Histogram before, ByteSink into) {
    boolean sameLayout = before != null && before.layout().equals(histogram.layout());
    Histogram base =
        sameLayout && before != null && before.isInteger() == histogram.isInteger() ? before : null;
    into.putByte(
        (histogram.isInteger() ? INTEGER : 0)
            | histogram.counterReset().number() << RESET_SHIFT
            | (sameLayout ? 0 : LAYOUT)
            | (base != null ? TOLD_BY_BEFORE : 0));
    if (!sameLayout) {
      HistogramLayouts.write(histogram.layout(), into);
    }
    int numbers = histogram.buckets() + MORE;
    int bits = into.size();
    for (int i = 0; i < numbers; i += 8) {
      into.putByte(0);
    }
    for (int i = 0; i < numbers; i++) {
      long now = number(histogram, i);
      long then = base == null ? 0 : number(base, i);
      if (now == then) {
        continue;
      }
      into.array()[bits + (i >> 3)] |= (byte) (1 << (i & 7));
      if (histogram.isInteger() && i < numbers - 1) {
        into.putZigzag(now - then);
      } else {
        putChanged(now ^ then, into);
      }
    }
  }

  private static void putChanged(long xor, ByteSink into) {
    int trailing = Long.numberOfTrailingZeros(xor) >>> 3;
    int length = Long.BYTES - trailing - (Long.numberOfLeadingZeros(xor) >>> 3);
    into.putByte(trailing << 4 | length);
    for (int i = 0; i < length; i++) {
      into.putByte((int) (xor >>> (8 * (trailing + i))));
    }
  }

  /// The `index`th number, in the order in which they are written.
  static long number(Histogram histogram, int index) {
    return switch (index) {
      case 0 -> histogram.isInteger() ? surplus(histogram) : histogram.rawCount();
      case 1 -> histogram.rawZeroCount();
      default ->
          index == histogram.buckets() + 2
              ? Double.doubleToRawLongBits(histogram.sum())
              : histogram.rawBucket(index - 2);
    };
  }

  /// What the count of a histogram with integer counts is more than the other counts together.
  static long surplus(Histogram histogram) {
    long rest = histogram.rawCount() - histogram.rawZeroCount();
    for (int i = 0; i < histogram.buckets(); i++) {
      rest -= histogram.rawBucket(i);
    }
    return rest;
  }

  /// Reads what [#write] wrote, with the same `before`; the histogram shares its layout where it
  /// can.
  ///
  /// @throws CorruptChunkException if it is no histogram
  public static Histogram read(ByteCursor cursor, @Nullable Histogram before) {
    int flags = cursor.readByte();
    boolean integer = (flags & INTEGER) != 0;
    boolean toldByBefore = (flags & TOLD_BY_BEFORE) != 0;
    if (flags > 31
        || (before == null && (flags & LAYOUT) == 0)
        || (toldByBefore
            && (before == null || (flags & LAYOUT) != 0 || before.isInteger() != integer))) {
      throw new CorruptChunkException(
          "histogram begins with 0x%02x behind %s one"
              .formatted(
                  flags, before == null ? "no" : before.isInteger() ? "an integer" : "a float"));
    }
    HistogramLayout last = before == null ? HistogramLayout.EMPTY : before.layout();
    HistogramLayout layout = (flags & LAYOUT) != 0 ? HistogramLayouts.read(cursor, last) : last;
    int numbers = layout.buckets() + MORE;
    var changed = new byte[(numbers + 7) / 8];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = (byte) cursor.readByte();
    }
    var counts = new long[numbers];
    for (int i = 0; i < numbers; i++) {
      long then = toldByBefore && before != null ? number(before, i) : 0;
      counts[i] =
          (changed[i >> 3] >> (i & 7) & 1) == 0
              ? then
              : integer && i < numbers - 1
                  ? then + cursor.readZigzag()
                  : then ^ readChanged(cursor);
    }
    CounterReset reset = CounterReset.of(flags >> RESET_SHIFT);
    return build(layout, reset, integer, counts);
  }

  private static long readChanged(ByteCursor cursor) {
    int head = cursor.readByte();
    int trailing = head >>> 4;
    int length = head & 15;
    if (trailing + length > Long.BYTES) {
      throw new CorruptChunkException("number with control byte 0x%02x".formatted(head));
    }
    long xor = 0;
    for (int i = 0; i < length; i++) {
      xor |= (long) cursor.readByte() << (8 * (trailing + i));
    }
    return xor;
  }

  /// A histogram of its numbers in the order in which they are written.
  ///
  /// @throws CorruptChunkException if they make none
  static Histogram build(
      HistogramLayout layout, CounterReset reset, boolean integer, long[] numbers) {
    int buckets = layout.buckets();
    double sum = Double.longBitsToDouble(numbers[buckets + 2]);
    try {
      if (integer) {
        long count = numbers[0] + numbers[1];
        var counts = new long[buckets];
        for (int i = 0; i < buckets; i++) {
          counts[i] = numbers[i + 2];
          count += counts[i];
        }
        return Histogram.ofIntegers(layout, reset, count, numbers[1], sum, counts);
      }
      var counts = new double[buckets];
      for (int i = 0; i < buckets; i++) {
        counts[i] = Double.longBitsToDouble(numbers[i + 2]);
      }
      return Histogram.ofFloats(
          layout,
          reset,
          Double.longBitsToDouble(numbers[0]),
          Double.longBitsToDouble(numbers[1]),
          sum,
          counts);
    } catch (IllegalArgumentException e) {
      throw new CorruptChunkException("no histogram: " + e.getMessage(), e);
    }
  }
}
