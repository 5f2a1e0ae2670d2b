package barograph.storage.chunk;

import barograph.storage.model.Staleness;

/// What is known of a chunk's values without decoding them: the first and the last, the least and
/// the greatest, and whether they only rise.
///
/// All are the very values, bit for bit; of equal ones (zeros have two signs) the earliest counts
/// as the least or greatest, as it does for whoever compares one after the other. NaN is neither
/// least nor greatest unless there is nothing else. One thread at a time.
public final class ChunkSummary {
  /// In the low five bits: four values of 64 bits follow; else the exponent of decimals.
  private static final int PLAIN = 31;

  private static final int EXPONENT_MASK = 31;
  private static final int RISING = 32;

  /// There are stale markers, so that nothing is told.
  private static final int SILENT = 64;

  private final double[] values = new double[4];
  private final long[] mantissas = new long[4];

  /// Of the mantissas, which are divided when they are asked for; [#PLAIN] if the values are there.
  private int exponent = PLAIN;

  private boolean rising;
  private boolean silent;

  public double first() {
    return value(0);
  }

  public double last() {
    return value(1);
  }

  public double least() {
    return value(2);
  }

  public double greatest() {
    return value(3);
  }

  private double value(int which) {
    return exponent == PLAIN ? values[which] : (double) mantissas[which] / Decimals.power(exponent);
  }

  /// Whether no value is below the one before it, and none is NaN: then the first is the least and
  /// the last the greatest.
  public boolean isRising() {
    return rising;
  }

  /// Whether nothing is told, as there are stale markers among the values.
  public boolean isSilent() {
    return silent;
  }

  /// Sums up `column[from, from + count)`.
  public void take(double[] column, int from, int count) {
    int end = from + count;
    int rise = from + 1;
    while (rise < end && column[rise] >= column[rise - 1]) {
      rise++;
    }
    double first = column[from];
    double last = column[end - 1];
    values[0] = first;
    values[1] = last;
    values[2] = first;
    values[3] = last;
    exponent = PLAIN;
    silent = false;
    rising = rise == end;
    if (!rising || Double.isNaN(first) || last == 0) {
      takeExtremes(column, from, end);
      // Zeros of both signs rise without being the same.
      rising &= same(first, values[2]) && same(last, values[3]) && !Double.isNaN(first);
    }
  }

  /// Looks for the least and the greatest, and for stale markers.
  private void takeExtremes(double[] column, int from, int end) {
    int ordinary = from;
    while (ordinary < end && Double.isNaN(column[ordinary])) {
      silent |= Staleness.isMarker(column[ordinary++]);
    }
    double least = Double.NaN;
    double greatest = Double.NaN;
    if (ordinary < end) {
      least = column[ordinary];
      greatest = least;
      for (int i = ordinary + 1; i < end; i++) {
        double value = column[i];
        if (value < least) {
          least = value;
        } else if (value > greatest) {
          greatest = value;
        } else if (Double.isNaN(value)) {
          silent |= Staleness.isMarker(value);
        }
      }
    }
    values[2] = least;
    values[3] = greatest;
  }

  /// Says that all values are this one.
  public void takeConstant(double value) {
    exponent = PLAIN;
    values[0] = value;
    values[1] = value;
    values[2] = value;
    values[3] = value;
    rising = !Double.isNaN(value);
    silent = Staleness.isMarker(value);
  }

  private static boolean same(double a, double b) {
    return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
  }

  public void writeTo(ByteSink into) {
    if (silent) {
      into.putByte(SILENT);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i);
    }
    int least = Decimals.mantissas(values, 0, values.length, mantissas);
    exponent = least < 0 ? PLAIN : least;
    into.putByte(exponent | (rising ? RISING : 0));
    if (exponent == PLAIN) {
      into.putLong(Double.doubleToRawLongBits(values[0]));
      into.putLong(Double.doubleToRawLongBits(values[1]));
      if (!rising) {
        into.putLong(Double.doubleToRawLongBits(values[2]));
        into.putLong(Double.doubleToRawLongBits(values[3]));
      }
      return;
    }
    into.putZigzag(mantissas[0]);
    if (rising) {
      into.putVarint(mantissas[1] - mantissas[0]);
    } else {
      into.putZigzag(mantissas[1] - mantissas[0]);
      into.putVarint(mantissas[0] - mantissas[2]);
      into.putVarint(mantissas[3] - mantissas[0]);
    }
  }

  /// Reads back what was written.
  ///
  /// @throws CorruptChunkException if that makes no sense
  public void readFrom(ByteCursor from) {
    int head = from.readByte();
    silent = head == SILENT;
    if (silent) {
      return;
    }
    exponent = head & EXPONENT_MASK;
    if (head >= SILENT || (exponent != PLAIN && exponent > Decimals.MAX_EXPONENT)) {
      throw new CorruptChunkException("summary of a chunk begins with 0x%02x".formatted(head));
    }
    rising = (head & RISING) != 0;
    if (exponent == PLAIN) {
      values[0] = Double.longBitsToDouble(from.readLong());
      values[1] = Double.longBitsToDouble(from.readLong());
      values[2] = rising ? values[0] : Double.longBitsToDouble(from.readLong());
      values[3] = rising ? values[1] : Double.longBitsToDouble(from.readLong());
      return;
    }
    mantissas[0] = from.readZigzag();
    mantissas[1] = mantissas[0] + (rising ? from.readVarint() : from.readZigzag());
    mantissas[2] = rising ? mantissas[0] : mantissas[0] - from.readVarint();
    mantissas[3] = rising ? mantissas[1] : mantissas[0] + from.readVarint();
  }
}
