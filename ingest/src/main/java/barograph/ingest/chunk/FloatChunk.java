package barograph.ingest.chunk;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.SampleColumns;

/// Floats as Prometheus's encoding `XOR` has them: times by the differences of their differences,
/// values by the bits in which they differ. Reused; one thread at a time.
public final class FloatChunk {
  private static final int COUNT_BYTES = 2;

  /// Bits of a difference of differences by the number of ones before it.
  private static final int[] WIDTHS = {0, 14, 17, 20, 64};

  private final BitWriter out = new BitWriter();
  private final XorNumber number = new XorNumber();
  private int size;
  private long last;
  private long lastDelta;

  /// Forgets what was added.
  public void begin() {
    out.clear();
    out.bits(0, Short.SIZE);
    size = 0;
  }

  /// Adds a sample behind the others; at most 65,535 are.
  public void add(long timeMillis, double value) {
    if (size == 0) {
      out.varint((timeMillis << 1) ^ (timeMillis >> 63));
      out.bits(Double.doubleToRawLongBits(value), Long.SIZE);
      number.begin(value);
    } else {
      long delta = timeMillis - last;
      if (size == 1) {
        out.varint(delta);
      } else {
        putDifference(delta - lastDelta);
      }
      number.write(out, value);
      lastDelta = delta;
    }
    last = timeMillis;
    out.putShort(0, ++size);
  }

  private void putDifference(long difference) {
    int ones = 0;
    if (difference != 0) {
      ones = 1;
      while (!VariableBits.fits(difference, WIDTHS[ones])) {
        ones++;
      }
    }
    boolean most = ones == WIDTHS.length - 1;
    out.bits(most ? 0xf : (1 << (ones + 1)) - 2, most ? ones : ones + 1);
    out.bits(difference, WIDTHS[ones]);
  }

  /// The chunk as a field.
  public void writeTo(WireWriter message, int field) {
    message.bytes(field, out.bytes(), out.size());
  }

  /// Adds the samples of the chunk `[from, to)` to `into`.
  ///
  /// @throws MalformedMessageException if it is none, or its times do not rise
  public static void read(byte[] bytes, int from, int to, SampleColumns into)
      throws MalformedMessageException {
    var in = new BitReader(bytes, from, to);
    int count = (int) in.bits(Short.SIZE);
    var number = new XorNumber();
    long time = 0;
    long delta = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0) {
        long zigzag = in.varint();
        time = (zigzag >>> 1) ^ -(zigzag & 1);
        number.begin(Double.longBitsToDouble(in.bits(Long.SIZE)));
      } else {
        delta = i == 1 ? in.varint() : delta + difference(in);
        Times.requireRising(time, delta);
        time += delta;
        double _ = number.read(in);
      }
      into.add(time, number.value());
    }
    if (count == 0 && to - from > COUNT_BYTES) {
      throw new MalformedMessageException("a chunk of no samples has bytes");
    }
  }

  private static long difference(BitReader in) throws MalformedMessageException {
    int ones = 0;
    while (ones < WIDTHS.length - 1 && in.bit() == 1) {
      ones++;
    }
    return ones == 0 ? 0 : VariableBits.signed(in.bits(WIDTHS[ones]), WIDTHS[ones]);
  }
}
