package barograph.ingest.chunk;

import barograph.ingest.wire.WireWriter;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import java.util.Arrays;

/// Native histograms as Prometheus's encodings `HISTOGRAM` and `FLOAT_HISTOGRAM` have them: their
/// layout once, then what changes from one to the next. Reused; one thread at a time.
///
/// A reader takes it that within a chunk nothing was counted anew, so that a histogram with any
/// smaller count does not fit behind the others.
public final class HistogramChunk {
  private static final int COUNT_BYTES = 2;
  private static final int RESET_SHIFT = 6;

  private final BitWriter out = new BitWriter();
  private Histogram last = Histogram.STALE;
  private int size;
  private long lastTime;
  private long lastStep;

  /// Of integers: differences to the histogram before the last, of count, zero count and buckets.
  private long[] lastChanges = new long[0];

  private final XorNumber sum = new XorNumber();

  /// Of floats: count, zero count and buckets.
  private XorNumber[] numbers = new XorNumber[0];

  /// Forgets what was added.
  public void begin() {
    size = 0;
  }

  /// Whether the histograms are of the encoding with integers.
  public boolean isInteger() {
    return last.isInteger();
  }

  /// Adds a histogram behind the others, if it fits there; the first does.
  ///
  /// @return whether it was added
  public boolean add(long timeMillis, Histogram histogram) {
    if (size == 0) {
      first(timeMillis, histogram);
    } else if (fits(histogram)) {
      next(timeMillis, histogram);
    } else {
      return false;
    }
    last = histogram;
    lastTime = timeMillis;
    out.putShort(0, ++size);
    return true;
  }

  private void first(long timeMillis, Histogram histogram) {
    out.clear();
    out.bits(0, 8 * COUNT_BYTES);
    out.bits((long) header(histogram.counterReset()) << RESET_SHIFT, 8);
    LayoutBits.write(out, histogram.layout());
    VariableBits.write(out, timeMillis);
    int buckets = histogram.buckets();
    if (histogram.isInteger()) {
      VariableBits.writeUnsigned(out, histogram.rawCount());
      VariableBits.writeUnsigned(out, histogram.rawZeroCount());
      out.bits(Double.doubleToRawLongBits(histogram.sum()), Long.SIZE);
      for (int i = 0; i < buckets; i++) {
        VariableBits.write(out, told(histogram, i));
      }
      lastChanges = new long[2 + buckets];
    } else {
      numbers = new XorNumber[2 + buckets];
      Arrays.setAll(numbers, i -> new XorNumber());
      begin(numbers[0], histogram.count());
      begin(numbers[1], histogram.zeroCount());
      out.bits(Double.doubleToRawLongBits(histogram.sum()), Long.SIZE);
      for (int i = 0; i < buckets; i++) {
        begin(numbers[2 + i], histogram.bucket(i));
      }
    }
    sum.begin(histogram.sum());
    lastStep = 0;
  }

  private void begin(XorNumber number, double value) {
    out.bits(Double.doubleToRawLongBits(value), Long.SIZE);
    number.begin(value);
  }

  private static int header(CounterReset word) {
    return switch (word) {
      case UNKNOWN -> 0;
      case NOT_RESET -> 1;
      case RESET -> 2;
      case GAUGE -> 3;
    };
  }

  /// The integer count of a bucket as it is told: by its difference to that of the bucket before it
  /// on the same side.
  private static long told(Histogram histogram, int bucket) {
    boolean begins = bucket == 0 || bucket == histogram.layout().positive().buckets();
    return histogram.rawBucket(bucket) - (begins ? 0 : histogram.rawBucket(bucket - 1));
  }

  private boolean fits(Histogram next) {
    if (last.isStale()
        || next.isStale()
        || last.isInteger() != next.isInteger()
        || !last.layout().equals(next.layout())
        || next.counterReset() == CounterReset.RESET) {
      return false;
    }
    boolean gauge = last.counterReset() == CounterReset.GAUGE;
    if (gauge || next.counterReset() == CounterReset.GAUGE) {
      return gauge && next.counterReset() == CounterReset.GAUGE;
    }
    boolean grew = next.count() >= last.count() && next.zeroCount() >= last.zeroCount();
    for (int i = 0; grew && i < next.buckets(); i++) {
      grew = next.bucket(i) >= last.bucket(i);
    }
    return grew;
  }

  private void next(long timeMillis, Histogram histogram) {
    long step = timeMillis - lastTime;
    int buckets = histogram.buckets();
    if (!histogram.isInteger()) {
      VariableBits.write(out, step - lastStep);
      numbers[0].write(out, histogram.count());
      numbers[1].write(out, histogram.zeroCount());
      sum.write(out, histogram.sum());
      for (int i = 0; i < buckets; i++) {
        numbers[2 + i].write(out, histogram.bucket(i));
      }
      lastStep = step;
      return;
    }
    if (size == 1) {
      VariableBits.writeUnsigned(out, step);
    } else {
      VariableBits.write(out, step - lastStep);
    }
    change(0, histogram.rawCount() - last.rawCount());
    change(1, histogram.rawZeroCount() - last.rawZeroCount());
    sum.write(out, histogram.sum());
    for (int i = 0; i < buckets; i++) {
      change(2 + i, told(histogram, i) - told(last, i));
    }
    lastStep = step;
  }

  /// Writes how far a change differs from the one before it.
  private void change(int place, long change) {
    VariableBits.write(out, change - lastChanges[place]);
    lastChanges[place] = change;
  }

  /// The chunk as a field.
  public void writeTo(WireWriter message, int field) {
    message.bytes(field, out.bytes(), out.size());
  }
}
