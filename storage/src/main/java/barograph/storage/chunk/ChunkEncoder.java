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

  private final IntColumnEncoder integers;
  private final BitWriter bits = new BitWriter();
  private final long[] column = new long[MAX_SAMPLES];
  private final long[] distances = new long[MAX_SAMPLES];
  private final double[] ordinary = new double[MAX_SAMPLES];
  private final double[] runValues = new double[MAX_SAMPLES];
  private final long[] runLengths = new long[MAX_SAMPLES];
  private final int[] places = new int[MAX_SAMPLES];
  private final ByteSink attempt = new ByteSink(4096);
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
    integers = new IntColumnEncoder(dense);
  }

  /// Appends a chunk of `values[from, from + count)` to `into`.
  ///
  /// Neither the number of values nor the chunk's length is in it: whoever keeps it keeps them.
  public void encode(double[] values, int from, int count, ByteSink into) {
    if (count < 1 || count > MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "a chunk of %d values, expected 1 to %d".formatted(count, MAX_SAMPLES));
    }
    int specials = 0;
    for (int i = 0; i < count; i++) {
      if (Specials.isSpecial(values[from + i])) {
        places[specials++] = i;
      }
    }
    if (specials > 0 && specials * SPECIALS_SHARE <= count) {
      listSpecials(values, from, specials, into);
      replaceSpecials(values, from, count, specials);
      encodeRuns(ordinary, 0, count, into);
    } else {
      encodeRuns(values, from, count, into);
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
    long first = Double.doubleToRawLongBits(values[from]);
    int runCount = 1;
    long last = first;
    for (int i = from + 1; i < from + count; i++) {
      long next = Double.doubleToRawLongBits(values[i]);
      runCount += next != last ? 1 : 0;
      last = next;
    }
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
      integers.encode(runLengths, 0, runCount - 1, runs);
      encodePlain(runValues, 0, runCount, runs);
      if (runs.size() < into.size() - start) {
        into.truncate(start);
        into.putBytes(runs.array(), 0, runs.size());
      }
    }
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
    int start = into.size();
    int exponent = Decimals.mantissas(values, from, count, column);
    if (exponent >= 0) {
      into.putByte(ChunkMode.DECIMAL);
      into.putByte(exponent);
      integers.encode(column, 0, count, into);
      if ((into.size() - start) * 8 <= count * DECIMAL_BITS) {
        return;
      }
    } else {
      into.putByte(ChunkMode.RAW);
      for (int i = from; i < from + count; i++) {
        into.putLong(Double.doubleToRawLongBits(values[i]));
      }
    }
    if (exponent != 0) {
      // Integers are their own mantissas: splitting them would leave nothing but zeros.
      attempt.clear();
      encodeAdjusted(values, from, count, into.size() - start);
      keepIfShorter(into, start);
    }
    attempt.clear();
    encodeOrderedBits(values, from, count, into.size() - start);
    keepIfShorter(into, start);
    if (XorBits.leastSize(values, from, count) < into.size() - start) {
      attempt.clear();
      attempt.putByte(ChunkMode.XOR);
      XorBits.encode(values, from, count, bits, attempt);
      keepIfShorter(into, start);
    }
  }

  private void keepIfShorter(ByteSink into, int start) {
    if (attempt.size() > 0 && attempt.size() < into.size() - start) {
      into.truncate(start);
      into.putBytes(attempt.array(), 0, attempt.size());
    }
  }

  /// Attempts rounded mantissas and what is left of them, unless that takes `limit` bytes or more.
  private void encodeAdjusted(double[] values, int from, int count, int limit) {
    roundedExponent = Decimals.bestRoundedExponent(values, from, count, roundedExponent);
    Decimals.split(values, from, count, roundedExponent, column, distances);
    if (integers.weigh(column, 0, count) + 2 < limit) {
      attempt.putByte(ChunkMode.ADJUSTED);
      attempt.putByte(roundedExponent);
      integers.write(attempt);
      integers.encodePlain(distances, count, attempt);
    }
  }

  /// Attempts the values' bits as integers, unless that takes `limit` bytes or more.
  private void encodeOrderedBits(double[] values, int from, int count, int limit) {
    for (int i = 0; i < count; i++) {
      column[i] = ChunkMode.turn(Double.doubleToRawLongBits(values[from + i]));
    }
    if (integers.weigh(column, 0, count) + 1 < limit) {
      attempt.putByte(ChunkMode.ORDERED_BITS);
      integers.write(attempt);
    }
  }
}
