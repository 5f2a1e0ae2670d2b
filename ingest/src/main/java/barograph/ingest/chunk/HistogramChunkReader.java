package barograph.ingest.chunk;

import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.Allowance;
import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Staleness;
import java.util.Arrays;

/// Reads what [HistogramChunk] writes, of either encoding.
public final class HistogramChunkReader {
  private static final int GAUGE = 3;
  private static final int RESET_SHIFT = 6;

  /// What a histogram takes in memory beside its buckets, about.
  private static final int BASE_BYTES = 96;

  private final BitReader in;
  private final boolean integers;
  private final HistogramParts parts = new HistogramParts();
  private final LayoutBits layout;
  private final boolean gauge;
  private final int count;
  private final XorNumber sum = new XorNumber();
  private long time;
  private long step;

  /// Count, zero count and buckets of the histogram before, and how they changed.
  private final long[] last;

  private final long[] changes;
  private final XorNumber[] numbers;

  private HistogramChunkReader(BitReader in, boolean integers) throws MalformedMessageException {
    this.in = in;
    this.integers = integers;
    count = (int) in.bits(Short.SIZE);
    gauge = in.bits(8) >>> RESET_SHIFT == GAUGE;
    layout = LayoutBits.read(in);
    int places = 2 + layout.allBuckets();
    last = new long[integers ? places : 0];
    changes = new long[integers ? places : 0];
    numbers = new XorNumber[integers ? 0 : places];
    Arrays.setAll(numbers, i -> new XorNumber());
  }

  /// Adds the histograms of the chunk `[from, to)` to `into`.
  ///
  /// @param memory asked for what they take
  /// @throws MalformedMessageException if it is no such chunk, or its times do not rise
  public static void read(
      byte[] bytes, int from, int to, boolean integers, HistogramColumns into, Allowance memory)
      throws MalformedMessageException {
    try {
      var reader = new HistogramChunkReader(new BitReader(bytes, from, to), integers);
      memory.take(16L * reader.layout.allBuckets());
      for (int i = 0; i < reader.count; i++) {
        memory.take(BASE_BYTES + 8L * reader.layout.allBuckets());
        reader.next(i, into);
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("a chunk holds a " + e.getMessage());
    }
  }

  private void next(int index, HistogramColumns into) throws MalformedMessageException {
    parts.clear();
    if (integers) {
      nextIntegers(index);
    } else {
      nextFloats(index);
    }
    boolean stale = Staleness.isMarker(sum.value());
    if (!stale) {
      layout.tell(parts);
      buckets(index);
    }
    parts.sum(sum.value());
    parts.counterReset(
        gauge
            ? CounterReset.GAUGE
            : index == 0 || stale ? CounterReset.UNKNOWN : CounterReset.NOT_RESET);
    into.add(time, parts.build());
  }

  private void nextIntegers(int index) throws MalformedMessageException {
    if (index == 0) {
      time = VariableBits.read(in);
      last[0] = VariableBits.readUnsigned(in);
      last[1] = VariableBits.readUnsigned(in);
      sum.begin(Double.longBitsToDouble(in.bits(Long.SIZE)));
    } else {
      advance(index == 1 ? VariableBits.readUnsigned(in) : step + VariableBits.read(in));
      change(0);
      change(1);
      double _ = sum.read(in);
    }
    parts.count(last[0]);
    parts.zeroCount(last[1]);
  }

  private void nextFloats(int index) throws MalformedMessageException {
    if (index == 0) {
      time = VariableBits.read(in);
      begin(numbers[0]);
      begin(numbers[1]);
      begin(sum);
    } else {
      advance(step + VariableBits.read(in));
      double _ = numbers[0].read(in);
      double _ = numbers[1].read(in);
      double _ = sum.read(in);
    }
    parts.floatCount(numbers[0].value());
    parts.floatZeroCount(numbers[1].value());
  }

  private void advance(long by) throws MalformedMessageException {
    Times.requireRising(time, by);
    step = by;
    time += by;
  }

  private void begin(XorNumber number) throws MalformedMessageException {
    number.begin(Double.longBitsToDouble(in.bits(Long.SIZE)));
  }

  private void buckets(int index) throws MalformedMessageException {
    for (int i = 0; i < layout.allBuckets(); i++) {
      boolean below = i >= layout.positiveBuckets();
      if (!integers) {
        if (index == 0) {
          begin(numbers[2 + i]);
        } else {
          double _ = numbers[2 + i].read(in);
        }
        parts.addFloatCount(below, numbers[2 + i].value());
      } else {
        if (index == 0) {
          last[2 + i] = VariableBits.read(in);
        } else {
          change(2 + i);
        }
        parts.addDelta(below, last[2 + i]);
      }
    }
  }

  private void change(int place) throws MalformedMessageException {
    changes[place] += VariableBits.read(in);
    last[place] += changes[place];
  }
}
