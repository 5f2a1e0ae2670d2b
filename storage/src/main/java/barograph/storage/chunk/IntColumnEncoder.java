package barograph.storage.chunk;

/// Turns a column of up to [ChunkEncoder#MAX_SAMPLES] integers into bytes: timestamps, mantissas,
/// run lengths.
///
/// The values, their differences and the differences of these are each weighed exactly, by
/// histograms of bit widths, against every packing; the cheapest is written. Sums and differences
/// wrap, so any 64 bits come back. It keeps its working arrays: one thread at a time.
public final class IntColumnEncoder {
  /// Numbers in one mini-block, which has a least value and a width of its own.
  static final int MINI_BLOCK = 128;

  private static final int FOR = 0;
  private static final int ZIGZAG = 1;
  private static final int MINI_BLOCKS = 2;
  private static final int HUFFMAN = 3;

  private static final int GCD_FLAG = 16;
  private static final int PATCHED_FLAG = 128;

  /// A weighing may find a column that much larger than it is, as coded streams end where they
  /// like.
  private static final int MOST_OVERRATED_BITS = 16;

  /// Numbers that go by so many bits farther than their steps differ are not packed themselves.
  private static final int LONG_WALK_BITS = 6;

  private static final int FEWEST_FOR_WALK = 16;

  /// Below this many numbers a code table cannot pay.
  private static final int FEWEST_FOR_HUFFMAN = 48;

  private final boolean dense;
  private final long[][] residuals = new long[3][ChunkEncoder.MAX_SAMPLES];
  private final Packing[] packings = {new Packing(), new Packing(), new Packing()};
  private final long[] unsigned = new long[ChunkEncoder.MAX_SAMPLES];
  private final long[] high = new long[ChunkEncoder.MAX_SAMPLES];
  private final long[] places = new long[ChunkEncoder.MAX_SAMPLES];
  private final PatchedWidth aboveMin = new PatchedWidth();
  private final PatchedWidth zigzag = new PatchedWidth();
  private final BitWriter bits = new BitWriter();
  private final HuffmanClasses.Encoder huffman = new HuffmanClasses.Encoder();

  // What the last weighing has told.
  private int transform;
  private int size;
  private long first;
  private long second;
  private long divisor;

  /// How numbers are packed most cheaply.
  private static final class Packing {
    int packer;

    /// The least number.
    long min;

    /// The width of FOR or ZIGZAG, how wide the widest number is, and how many are wider than that
    /// width.
    int width;

    int most;
    int patches;

    void take(int newPacker, PatchedWidth best) {
      packer = newPacker;
      width = best.width();
      most = best.most();
      patches = best.patches();
    }
  }

  /// An encoder for columns that decode as fast as can be.
  public IntColumnEncoder() {
    this(false);
  }

  /// An encoder that also weighs Huffman-coded width classes, which take a tenth less space and
  /// twice as long to decode, if `dense`.
  public IntColumnEncoder(boolean dense) {
    this.dense = dense;
  }

  /// Appends `values[from, from + count)` to `into`; the count is not in the bytes.
  public void encode(long[] values, int from, int count, ByteSink into) {
    weigh(values, from, count);
    write(into);
  }

  /// Finds how `values[from, from + count)` are written in the fewest bytes, which [#write] then
  /// does.
  ///
  /// @return bytes that they take at least
  int weigh(long[] values, int from, int count) {
    if (count < 1 || count > ChunkEncoder.MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "a column of %d integers, expected 1 to %d".formatted(count, ChunkEncoder.MAX_SAMPLES));
    }
    long[] plain = residuals[0];
    long[] delta = residuals[1];
    long[] delta2 = residuals[2];
    System.arraycopy(values, from, plain, 0, count);
    size = count;
    first = plain[0];
    transform = 0;
    divisor = 1;
    if (count == 1) {
      return leastBytes(cost(plain, 1, packings[0]));
    }
    for (int i = 0; i < count - 1; i++) {
      delta[i] = plain[i + 1] - plain[i];
    }
    second = delta[0];
    long best =
        isLongWalk(plain, delta, count) ? Long.MAX_VALUE / 2 : cost(plain, count, packings[0]);
    long common = divideOut(delta, count - 1);
    long cost =
        cost(delta, count - 1, packings[1]) + 8L * ByteSink.zigzagSize(first) + costOf(common);
    if (cost < best) {
      best = cost;
      transform = 1;
      divisor = common;
    }
    if (count > 2 && best > 32 + count / 4) {
      for (int i = 0; i < count - 2; i++) {
        delta2[i] = delta[i + 1] - delta[i];
      }
      // Only divided differences are at hand, but dividing and subtracting can be swapped.
      long common2 = divideOut(delta2, count - 2) * common;
      if (magnitudes(delta2, count - 2) < best) {
        long cost2 =
            cost(delta2, count - 2, packings[2])
                + 8L * (ByteSink.zigzagSize(first) + ByteSink.zigzagSize(second))
                + costOf(common2);
        if (cost2 < best) {
          best = cost2;
          transform = 2;
          divisor = common2;
        }
      }
    }
    return leastBytes(best);
  }

  private static int leastBytes(long bits) {
    return (int) ((bits - MOST_OVERRATED_BITS) >> 3) + 1;
  }

  /// Whether the numbers go so much farther than any step between two of them that it is steps
  /// which are to be packed.
  private static boolean isLongWalk(long[] numbers, long[] steps, int count) {
    if (count < FEWEST_FOR_WALK) {
      return false;
    }
    long least = numbers[0];
    long greatest = numbers[0];
    long leastStep = steps[0];
    long greatestStep = steps[0];
    for (int i = 1; i < count - 1; i++) {
      least = Math.min(least, numbers[i]);
      greatest = Math.max(greatest, numbers[i]);
      leastStep = Math.min(leastStep, steps[i]);
      greatestStep = Math.max(greatestStep, steps[i]);
    }
    return Bits.width(greatest - least) > Bits.width(greatestStep - leastStep) + LONG_WALK_BITS;
  }

  /// Bits of all numbers without their signs: fewer than any packing of numbers around zero takes.
  private static long magnitudes(long[] numbers, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Bits.width(numbers[i] ^ (numbers[i] >> 63));
    }
    return sum;
  }

  /// Appends what [#weigh] has weighed.
  void write(ByteSink into) {
    Packing packing = packings[transform];
    into.putByte(transform | packing.packer << 2 | (divisor != 1 ? GCD_FLAG : 0));
    if (transform > 0) {
      into.putZigzag(first);
    }
    if (transform > 1) {
      into.putZigzag(second);
    }
    if (divisor != 1) {
      into.putVarint(divisor);
    }
    pack(residuals[transform], size - transform, packing, into);
  }

  /// Weighs a column as [#weigh] does, but not its differences: for numbers that are noise around
  /// zero.
  int weighPlain(long[] values, int count) {
    System.arraycopy(values, 0, residuals[0], 0, count);
    size = count;
    transform = 0;
    divisor = 1;
    return leastBytes(cost(residuals[0], count, packings[0]));
  }

  private static long costOf(long divisor) {
    return divisor == 1 ? 0 : 8L * ByteSink.varintSize(divisor);
  }

  /// Divides all numbers by their greatest common divisor, which it returns.
  private static long divideOut(long[] numbers, int count) {
    int alike = 1;
    while (alike < count && numbers[alike] == numbers[0]) {
      alike++;
    }
    if (alike >= count) {
      // One number says it all.
      return 1;
    }
    long any = 0;
    for (int i = 0; i < count; i++) {
      any |= numbers[i];
    }
    int shift = Long.numberOfTrailingZeros(any);
    if (shift == Long.SIZE - 1) {
      return 1;
    }
    long odd = oddDivisor(numbers, count, shift);
    if (odd > 1) {
      long inverse = inverse(odd);
      for (int i = 0; i < count; i++) {
        numbers[i] = (numbers[i] >> shift) * inverse;
      }
    } else if (shift > 0) {
      for (int i = 0; i < count; i++) {
        numbers[i] >>= shift;
      }
    }
    return odd << shift;
  }

  /// The greatest common divisor of numbers that have `shift` zero bits at their end in common: an
  /// odd one, as they have no more than that.
  private static long oddDivisor(long[] numbers, int count, int shift) {
    long common = 0;
    for (int i = 0; i < count && common != 1; i++) {
      long a = numbers[i] >> shift;
      if (a != 0 && (common == 0 || a % common != 0)) {
        long b = common;
        while (b != 0) {
          long rest = a % b;
          a = b;
          b = rest;
        }
        common = Math.abs(a);
      }
    }
    return common;
  }

  /// What a multiple of an odd number is to be multiplied with to be divided by it, as products
  /// wrap: three bits are right at first, and each step doubles them (Newton).
  private static long inverse(long odd) {
    long inverse = odd;
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  /// Bits that the cheapest packing of `numbers` takes, which it notes in `packing`.
  private long cost(long[] numbers, int count, Packing packing) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    packing.min = min;
    packing.packer = FOR;
    packing.width = 0;
    packing.patches = 0;
    if (min == max) {
      return 8L + 8L * ByteSink.zigzagSize(min);
    }
    subtract(numbers, count, min);
    long least = 8L * ByteSink.zigzagSize(min);
    long best = aboveMin.weigh(unsigned, count, Bits.width(max - min)) + least;
    packing.take(FOR, aboveMin);
    boolean coded = dense && count >= FEWEST_FOR_HUFFMAN;
    // Numbers that are not negative take a bit more as zigzag numbers, but for zeros.
    if (coded || min < 0 || aboveMin.width() == 0 || count < least) {
      zigzag(numbers, count);
      int most = Bits.width(Bits.zigzag(min) | Bits.zigzag(max));
      long bits =
          coded ? zigzag.weighAll(unsigned, count, most) : zigzag.weigh(unsigned, count, most);
      if (bits < best) {
        best = bits;
        packing.take(ZIGZAG, zigzag);
      }
    }
    if (count > MINI_BLOCK) {
      long blocks = miniBlockCost(numbers, count);
      if (blocks < best) {
        best = blocks;
        packing.packer = MINI_BLOCKS;
      }
    }
    if (coded) {
      // Decoding is dearer, so it must save a sixteenth.
      long limit = best - best / 16;
      long bits = huffman.cost(zigzag.counts(), count, limit);
      if (bits < limit) {
        best = bits;
        packing.packer = HUFFMAN;
      }
    }
    return best;
  }

  private static long miniBlockCost(long[] numbers, int count) {
    long bits = 0;
    for (int from = 0; from < count; from += MINI_BLOCK) {
      int to = Math.min(count, from + MINI_BLOCK);
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (int i = from; i < to; i++) {
        min = Math.min(min, numbers[i]);
        max = Math.max(max, numbers[i]);
      }
      bits +=
          8L
              + 8L * ByteSink.zigzagSize(min)
              + 8L * Bits.packedSize(to - from, Bits.width(max - min));
    }
    return bits;
  }

  private void pack(long[] numbers, int count, Packing packing, ByteSink into) {
    switch (packing.packer) {
      case FOR -> {
        subtract(numbers, count, packing.min);
        packPatched(count, packing, into);
      }
      case ZIGZAG -> {
        zigzag(numbers, count);
        packPatched(count, packing, into);
      }
      case MINI_BLOCKS -> packMiniBlocks(numbers, count, into);
      case HUFFMAN -> {
        zigzag(numbers, count);
        huffman.encode(unsigned, count, bits, into);
      }
      default -> throw new AssertionError("packer " + packing.packer);
    }
  }

  private void subtract(long[] numbers, int count, long min) {
    for (int i = 0; i < count; i++) {
      unsigned[i] = numbers[i] - min;
    }
  }

  private void zigzag(long[] numbers, int count) {
    for (int i = 0; i < count; i++) {
      unsigned[i] = Bits.zigzag(numbers[i]);
    }
  }

  /// Writes the `unsigned` numbers in the width that is cheapest for all; those that are wider
  /// leave their high parts and places in front.
  private void packPatched(int count, Packing packing, ByteSink into) {
    int width = packing.width;
    int patches = packing.patches;
    into.putByte(width | (patches > 0 ? PATCHED_FLAG : 0));
    if (packing.packer == FOR) {
      into.putZigzag(packing.min);
    }
    if (patches > 0) {
      into.putVarint(patches);
      into.putByte(packing.most - width);
      int placeBits = Patches.placeBits(count);
      takePatches(count, width);
      bits.start(into, (long) patches * (placeBits + packing.most - width));
      bits.putAll(places, patches, placeBits);
      bits.putAll(high, patches, packing.most - width);
      bits.finish();
    }
    if (width > 0) {
      bits.start(into, (long) count * width);
      bits.putAll(unsigned, count, width);
      bits.finish();
    }
  }

  /// Takes from the `unsigned` numbers what is above `width` bits, and notes where.
  private void takePatches(int count, int width) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      places[found] = i;
      found += unsigned[i] >>> width != 0 ? 1 : 0;
    }
    for (int i = 0; i < found; i++) {
      high[i] = unsigned[(int) places[i]] >>> width;
    }
    long mask = (1L << width) - 1;
    for (int i = 0; i < count; i++) {
      unsigned[i] &= mask;
    }
  }

  private void packMiniBlocks(long[] numbers, int count, ByteSink into) {
    for (int from = 0; from < count; from += MINI_BLOCK) {
      int to = Math.min(count, from + MINI_BLOCK);
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (int i = from; i < to; i++) {
        min = Math.min(min, numbers[i]);
        max = Math.max(max, numbers[i]);
      }
      int width = Bits.width(max - min);
      into.putByte(width);
      into.putZigzag(min);
      if (width > 0) {
        for (int i = from; i < to; i++) {
          unsigned[i - from] = numbers[i] - min;
        }
        bits.start(into, (long) (to - from) * width);
        bits.putAll(unsigned, to - from, width);
        bits.finish();
      }
    }
  }
}
