package barograph.storage.chunk;

import java.util.Arrays;

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

  /// Below this many numbers a code table cannot pay.
  private static final int FEWEST_FOR_HUFFMAN = 48;

  private final boolean dense;
  private final long[][] residuals = new long[3][ChunkEncoder.MAX_SAMPLES];
  private final long[] unsigned = new long[ChunkEncoder.MAX_SAMPLES];
  private final int[] widthsAboveMin = new int[65];
  private final int[] widthsOfZigzag = new int[65];
  private final BitWriter bits = new BitWriter();
  private final HuffmanClasses.Encoder huffman = new HuffmanClasses.Encoder();

  private int chosenPacker;

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
    if (count < 1 || count > ChunkEncoder.MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "a column of %d integers, expected 1 to %d".formatted(count, ChunkEncoder.MAX_SAMPLES));
    }
    long[] plain = residuals[0];
    long[] delta = residuals[1];
    long[] delta2 = residuals[2];
    System.arraycopy(values, from, plain, 0, count);
    long first = plain[0];
    long best = cost(plain, count);
    int transform = 0;
    int packer = chosenPacker;
    long divisor = 1;
    if (count > 1) {
      for (int i = 0; i < count - 1; i++) {
        delta[i] = plain[i + 1] - plain[i];
      }
      long firstDelta = delta[0];
      long common = divideOut(delta, count - 1);
      long cost = cost(delta, count - 1) + 8L * ByteSink.zigzagSize(first) + costOf(common);
      if (cost < best) {
        best = cost;
        transform = 1;
        packer = chosenPacker;
        divisor = common;
      }
      if (count > 2 && best > 32 + count / 4) {
        for (int i = 0; i < count - 2; i++) {
          delta2[i] = delta[i + 1] - delta[i];
        }
        // Only divided differences are at hand, but dividing and subtracting can be swapped.
        long common2 = divideOut(delta2, count - 2) * common;
        long cost2 =
            cost(delta2, count - 2)
                + 8L * (ByteSink.zigzagSize(first) + ByteSink.zigzagSize(firstDelta))
                + costOf(common2);
        if (cost2 < best) {
          transform = 2;
          packer = chosenPacker;
          divisor = common2;
        }
      }
    }
    into.putByte(transform | packer << 2 | (divisor != 1 ? GCD_FLAG : 0));
    if (transform > 0) {
      into.putZigzag(first);
    }
    if (transform > 1) {
      into.putZigzag(values[from + 1] - first);
    }
    if (divisor != 1) {
      into.putVarint(divisor);
    }
    pack(residuals[transform], count - transform, packer, into);
  }

  /// Appends a column without weighing differences: for numbers that are noise around zero.
  void encodePlain(long[] values, int count, ByteSink into) {
    System.arraycopy(values, 0, residuals[0], 0, count);
    cost(residuals[0], count);
    into.putByte(chosenPacker << 2);
    pack(residuals[0], count, chosenPacker, into);
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
      // One number says it all; divisions are slow.
      return 1;
    }
    long common = 0;
    for (int i = 0; i < count && common != 1; i++) {
      long a = numbers[i];
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
    if (common <= 1) {
      return 1;
    }
    for (int i = 0; i < count; i++) {
      numbers[i] /= common;
    }
    return common;
  }

  /// Bits that the cheapest packing of `numbers` takes, which it notes in `chosenPacker`.
  private long cost(long[] numbers, int count) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    chosenPacker = FOR;
    if (min == max) {
      return 8L + 8L * ByteSink.zigzagSize(min);
    }
    Arrays.fill(widthsAboveMin, 0);
    Arrays.fill(widthsOfZigzag, 0);
    for (int i = 0; i < count; i++) {
      widthsAboveMin[Bits.width(numbers[i] - min)]++;
      widthsOfZigzag[Bits.width(Bits.zigzag(numbers[i]))]++;
    }
    long best = Patches.cost(widthsAboveMin, count) + 8L * ByteSink.zigzagSize(min);
    long zigzag = Patches.cost(widthsOfZigzag, count);
    if (zigzag < best) {
      best = zigzag;
      chosenPacker = ZIGZAG;
    }
    if (count > MINI_BLOCK) {
      long blocks = miniBlockCost(numbers, count);
      if (blocks < best) {
        best = blocks;
        chosenPacker = MINI_BLOCKS;
      }
    }
    if (dense && count >= FEWEST_FOR_HUFFMAN) {
      long coded = huffman.cost(widthsOfZigzag, count);
      // Decoding is dearer, so it must save a sixteenth.
      if (coded < best - best / 16) {
        best = coded;
        chosenPacker = HUFFMAN;
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

  private void pack(long[] numbers, int count, int packer, ByteSink into) {
    switch (packer) {
      case FOR -> packAboveMin(numbers, count, into);
      case ZIGZAG -> {
        zigzag(numbers, count);
        packPatched(count, false, 0, into);
      }
      case MINI_BLOCKS -> packMiniBlocks(numbers, count, into);
      case HUFFMAN -> {
        zigzag(numbers, count);
        huffman.encode(unsigned, count, bits, into);
      }
      default -> throw new AssertionError("packer " + packer);
    }
  }

  private void zigzag(long[] numbers, int count) {
    for (int i = 0; i < count; i++) {
      unsigned[i] = Bits.zigzag(numbers[i]);
    }
  }

  private void packAboveMin(long[] numbers, int count, ByteSink into) {
    long min = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, numbers[i]);
    }
    for (int i = 0; i < count; i++) {
      unsigned[i] = numbers[i] - min;
    }
    packPatched(count, true, min, into);
  }

  /// Writes the `unsigned` numbers in the width that is cheapest for all; those that are wider
  /// leave their high parts and places in front.
  private void packPatched(int count, boolean withMin, long min, ByteSink into) {
    int[] widths = widthsAboveMin;
    Arrays.fill(widths, 0);
    for (int i = 0; i < count; i++) {
      widths[Bits.width(unsigned[i])]++;
    }
    int most = Patches.mostWidth(widths);
    int width = Patches.cheapestWidth(widths, count);
    int patches = 0;
    for (int wide = width + 1; wide <= most; wide++) {
      patches += widths[wide];
    }
    into.putByte(width | (patches > 0 ? PATCHED_FLAG : 0));
    if (withMin) {
      into.putZigzag(min);
    }
    if (patches > 0) {
      into.putVarint(patches);
      into.putByte(most - width);
      int placeBits = Patches.placeBits(count);
      bits.start(into, (long) patches * (placeBits + most - width));
      for (int i = 0; i < count; i++) {
        if (Bits.width(unsigned[i]) > width) {
          bits.put(i, placeBits);
        }
      }
      for (int i = 0; i < count; i++) {
        if (Bits.width(unsigned[i]) > width) {
          bits.put(unsigned[i] >>> width, most - width);
          unsigned[i] &= (1L << width) - 1;
        }
      }
      bits.finish();
    }
    if (width > 0) {
      bits.start(into, (long) count * width);
      for (int i = 0; i < count; i++) {
        bits.put(unsigned[i], width);
      }
      bits.finish();
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
      bits.start(into, (long) (to - from) * width);
      for (int i = from; i < to; i++) {
        bits.put(numbers[i] - min, width);
      }
      bits.finish();
    }
  }
}
