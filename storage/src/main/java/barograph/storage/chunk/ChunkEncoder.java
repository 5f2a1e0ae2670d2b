package barograph.storage.chunk;

/// Turns up to [#MAX_SAMPLES] values into one chunk, the cheapest of the encodings that give back
/// every value bit for bit.
///
/// It keeps its working arrays, so use one again and again; one thread at a time.
public final class ChunkEncoder {
  /// Most values that one chunk may hold.
  public static final int MAX_SAMPLES = 1024;

  /// A chunk in which more of the values than one in this many are special is not worth a list.
  private static final int SPECIALS_SHARE = 4;

  /// Runs are tried where they are this many values long on average.
  private static final int RUN_LENGTH = 3;

  /// A decimal chunk up to this many bits a value is taken without trying the modes for noise.
  private static final int DECIMAL_BITS = 20;

  private static final double CONSTANT_INTEGER_LIMIT = 1L << 48;

  /// Has weighed the best integer column so far, and is written if none is better.
  private IntColumnEncoder best;

  /// Weighs what may be better.
  private IntColumnEncoder other;

  /// For columns beside those.
  private final IntColumnEncoder second;

  private final BitWriter bits = new BitWriter();
  private final long[] column = new long[MAX_SAMPLES];
  private final long[] distances = new long[MAX_SAMPLES];
  private final double[] ordinary = new double[MAX_SAMPLES];
  private final double[] runValues = new double[MAX_SAMPLES];
  private final long[] runLengths = new long[MAX_SAMPLES];
  private final int[] places = new int[MAX_SAMPLES];
  private final ByteSink runs = new ByteSink(4096);

  /// The exponent that was best the last time that mantissas were rounded: where to begin next
  /// time.
  private int roundedExponent;

  /// An encoder for chunks that decode as fast as can be.
  public ChunkEncoder() {
    this(false);
  }

  /// An encoder for chunks that take a tenth less space and longer to decode, if `dense`.
  public ChunkEncoder(boolean dense) {
    best = new IntColumnEncoder(dense);
    other = new IntColumnEncoder(dense);
    second = new IntColumnEncoder(dense);
  }

  /// Appends a chunk of `values[from, from + count)` to `into`.
  ///
  /// Neither the number of values nor the chunk's length is in it: whoever keeps it keeps them.
  public void encode(double[] values, int from, int count, ByteSink into) {
    if (count < 1 || count > MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "a chunk of %d values, expected 1 to %d".formatted(count, MAX_SAMPLES));
    }
    int specials = Specials.count(values, from, count);
    if (specials > 0 && specials * SPECIALS_SHARE <= count) {
      findSpecials(values, from, count);
      listSpecials(values, from, specials, into);
      replaceSpecials(values, from, count, specials);
      encodeRuns(ordinary, 0, count, into);
    } else {
      encodeRuns(values, from, count, into);
    }
  }

  private void findSpecials(double[] values, int from, int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (Specials.isSpecial(values[from + i])) {
        places[found++] = i;
      }
    }
  }

  private void listSpecials(double[] values, int from, int specials, ByteSink into) {
    into.putByte(ChunkMode.SPECIALS);
    into.putVarint(specials);
    int last = 0;
    for (int i = 0; i < specials; i++) {
      long valueBits = Double.doubleToRawLongBits(values[from + places[i]]);
      int kind = Specials.kind(valueBits);
      into.putVarint((long) (places[i] - last) << 2 | kind);
      last = places[i];
      if (kind == Specials.OTHER) {
        into.putLong(valueBits);
      }
    }
  }

  /// Copies the values to `ordinary`, each special one replaced by what stands before it, or by the
  /// first ordinary one.
  private void replaceSpecials(double[] values, int from, int count, int specials) {
    System.arraycopy(values, from, ordinary, 0, count);
    int ahead = 0;
    while (ahead < specials && places[ahead] == ahead) {
      ahead++;
    }
    for (int i = 0; i < ahead; i++) {
      ordinary[i] = values[from + ahead];
    }
    for (int i = ahead; i < specials; i++) {
      ordinary[places[i]] = ordinary[places[i] - 1];
    }
  }

  private void encodeRuns(double[] values, int from, int count, ByteSink into) {
    int runCount = 1 + changes(values, from, count);
    if (runCount == 1) {
      encodeConstant(values[from], into);
      return;
    }
    int start = into.size();
    encodePlain(values, from, count, into);
    if (runCount * RUN_LENGTH <= count) {
      runs.clear();
      collectRuns(values, from, count);
      runs.putByte(ChunkMode.RUNS);
      runs.putVarint(runCount);
      // The last run ends with the chunk.
      second.encode(runLengths, 0, runCount - 1, runs);
      encodePlain(runValues, 0, runCount, runs);
      if (runs.size() < into.size() - start) {
        into.truncate(start);
        into.putBytes(runs.array(), 0, runs.size());
      }
    }
  }

  /// How many values are not the same as the one before them.
  private static int changes(double[] values, int from, int count) {
    long sum = 0;
    for (int i = from + 1; i < from + count; i++) {
      long difference =
          Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
      // The sign of either it or its negative, without a branch, so that several are done at once.
      sum += (difference | -difference) >>> 63;
    }
    return (int) sum;
  }

  private void collectRuns(double[] values, int from, int count) {
    int filled = 0;
    int start = from;
    for (int i = from + 1; i <= from + count; i++) {
      if (i == from + count
          || Double.doubleToRawLongBits(values[i]) != Double.doubleToRawLongBits(values[start])) {
        runValues[filled] = values[start];
        runLengths[filled++] = (long) i - start;
        start = i;
      }
    }
  }

  private static void encodeConstant(double value, ByteSink into) {
    long integer = (long) value;
    if (Math.abs(value) < CONSTANT_INTEGER_LIMIT
        && Double.doubleToRawLongBits((double) integer) == Double.doubleToRawLongBits(value)) {
      into.putByte(ChunkMode.CONSTANT | ChunkMode.INTEGER_FLAG);
      into.putZigzag(integer);
    } else {
      into.putByte(ChunkMode.CONSTANT);
      into.putLong(Double.doubleToRawLongBits(value));
    }
  }

  private void encodePlain(double[] values, int from, int count, ByteSink into) {
    int mode = ChunkMode.RAW;
    int size = 1 + Double.BYTES * count;
    int exponent = Decimals.mantissas(values, from, count, column);
    if (exponent >= 0) {
      int decimal = 2 + best.weigh(column, 0, count);
      if (decimal < size) {
        mode = ChunkMode.DECIMAL;
        size = decimal;
      }
    }
    if (size * 8 > count * DECIMAL_BITS) {
      int ordered = 1 + weighOrderedBits(values, from, count);
      if (ordered < size) {
        takeOther();
        mode = ChunkMode.ORDERED_BITS;
        size = ordered;
      }
      // Integers are their own mantissas: splitting them would leave nothing but zeros.
      int rounded =
          exponent == 0 ? -1 : Decimals.bestRoundedExponent(values, from, count, roundedExponent);
      if (rounded >= 0) {
        roundedExponent = rounded;
        int adjusted = 2 + weighAdjusted(values, from, count, rounded);
        if (adjusted < size) {
          takeOther();
          mode = ChunkMode.ADJUSTED;
          exponent = rounded;
          size = adjusted;
        }
      }
      if (1 + XorBits.size(values, from, count) < size) {
        mode = ChunkMode.XOR;
      }
    }
    into.putByte(mode);
    switch (mode) {
      case ChunkMode.DECIMAL -> {
        into.putByte(exponent);
        best.write(into);
      }
      case ChunkMode.ADJUSTED -> {
        into.putByte(exponent);
        best.write(into);
        second.write(into);
      }
      case ChunkMode.ORDERED_BITS -> best.write(into);
      case ChunkMode.XOR -> XorBits.encode(values, from, count, bits, into);
      default -> {
        for (int i = from; i < from + count; i++) {
          into.putLong(Double.doubleToRawLongBits(values[i]));
        }
      }
    }
  }

  private void takeOther() {
    IntColumnEncoder worse = best;
    best = other;
    other = worse;
  }

  /// Bytes of rounded mantissas and what is left of them.
  private int weighAdjusted(double[] values, int from, int count, int exponent) {
    Decimals.split(values, from, count, exponent, column, distances);
    return other.weigh(column, 0, count) + second.weighPlain(distances, count);
  }

  /// Bytes of the values' bits as integers.
  private int weighOrderedBits(double[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      column[i] = ChunkMode.turn(Double.doubleToRawLongBits(values[from + i]));
    }
    return other.weigh(column, 0, count);
  }
}
