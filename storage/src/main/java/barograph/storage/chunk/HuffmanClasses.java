package barograph.storage.chunk;

import java.util.Arrays;

/// Packs unsigned numbers by width: the width as a Huffman code of up to eight bits, then the bits
/// below the leading one.
///
/// The codes are canonical, written bit-reversed so that the low eight bits of what comes next
/// index a table. Streams side by side, two or four, keep the processor busy, as each is one long
/// chain of dependent loads.
final class HuffmanClasses {
  /// With fewer numbers than this two streams are written.
  private static final int FEWEST_FOR_STREAMS = 256;

  private static final int STREAMS = 4;
  private static final int MAX_CODE_BITS = 8;
  private static final int CLASSES = 65;
  private static final long ABSURD = Long.MAX_VALUE / 4;

  /// A head that says no more than that low and high class follow, as they are out of the ordinary.
  private static final int CLASSES_FOLLOW = 255;

  private static final int MOST_LOW_IN_HEAD = 3;

  /// Wider numbers do not fit into one load behind their code.
  private static final int MAX_FAST_CLASS = 49;

  private HuffmanClasses() {}

  /// Canonical codes, reversed, of the classes from `low` to `high`.
  private static void assignCodes(int[] lengths, int low, int high, int[] codes) {
    int code = 0;
    for (int length = 1; length <= MAX_CODE_BITS; length++) {
      for (int i = low; i <= high; i++) {
        if (lengths[i] == length) {
          codes[i] = Integer.reverse(code) >>> (32 - length);
          code++;
        }
      }
      code <<= 1;
    }
  }

  /// Weighs and writes. One thread at a time.
  static final class Encoder {
    private final int[] counts = new int[CLASSES];
    private final int[] lengths = new int[CLASSES];
    private final int[] codes = new int[CLASSES];
    private final int[] weights = new int[2 * CLASSES];
    private final int[] parents = new int[2 * CLASSES];
    private final int[] classes = new int[CLASSES];
    private final boolean[] joined = new boolean[2 * CLASSES];
    private final ByteSink stream = new ByteSink(512);

    /// Bits that `count` numbers of these widths take, or something absurd if they have but one
    /// width, or cannot take fewer than `limit`.
    long cost(int[] widths, int count, long limit) {
      int kinds = 0;
      int low = -1;
      int high = 0;
      int most = 0;
      long below = 0;
      for (int i = 0; i < CLASSES; i++) {
        if (widths[i] > 0) {
          kinds++;
          low = low < 0 ? i : low;
          high = i;
          most = Math.max(most, widths[i]);
          below += (long) widths[i] * Math.max(0, i - 1);
        }
      }
      if (kinds < 2) {
        return ABSURD;
      }
      long bits = 8 + 4L * (high - low + 1) + (count >= FEWEST_FOR_STREAMS ? 16 * 3 + 16 : 16);
      // One code at most has a single bit, and if there are but two, both have.
      if (bits + below + (kinds == 2 ? count : 2L * count - most) >= limit) {
        return ABSURD;
      }
      findLengths(widths, low, high);
      for (int i = low; i <= high; i++) {
        bits += (long) widths[i] * lengths[i];
      }
      return bits + below;
    }

    /// Code lengths up to eight bits: where the tree grows deeper, the weights are evened out until
    /// it does not.
    private void findLengths(int[] widths, int low, int high) {
      System.arraycopy(widths, 0, counts, 0, CLASSES);
      while (true) {
        Arrays.fill(lengths, 0);
        int leaves = 0;
        for (int i = low; i <= high; i++) {
          if (counts[i] > 0) {
            classes[leaves] = i;
            weights[leaves++] = counts[i];
          }
        }
        int root = joinAll(leaves);
        int longest = 0;
        for (int leaf = 0; leaf < leaves; leaf++) {
          int depth = 0;
          for (int node = leaf; node != root; node = parents[node]) {
            depth++;
          }
          lengths[classes[leaf]] = depth;
          longest = Math.max(longest, depth);
        }
        if (longest <= MAX_CODE_BITS) {
          return;
        }
        for (int i = low; i <= high; i++) {
          if (counts[i] > 0) {
            counts[i] = (counts[i] >> 1) + 1;
          }
        }
      }
    }

    private int joinAll(int leaves) {
      int nodes = leaves;
      Arrays.fill(joined, false);
      for (int round = 1; round < leaves; round++) {
        int least = -1;
        int second = -1;
        for (int i = 0; i < nodes; i++) {
          if (!joined[i]) {
            if (least < 0 || weights[i] < weights[least]) {
              second = least;
              least = i;
            } else if (second < 0 || weights[i] < weights[second]) {
              second = i;
            }
          }
        }
        joined[least] = true;
        joined[second] = true;
        parents[least] = nodes;
        parents[second] = nodes;
        weights[nodes++] = weights[least] + weights[second];
      }
      return nodes - 1;
    }

    void encode(long[] unsigned, int count, BitWriter bits, ByteSink into) {
      var widths = new int[CLASSES];
      for (int i = 0; i < count; i++) {
        widths[Bits.width(unsigned[i])]++;
      }
      int low = 0;
      while (widths[low] == 0) {
        low++;
      }
      int high = Patches.mostWidth(widths);
      findLengths(widths, low, high);
      assignCodes(lengths, low, high, codes);
      if (low <= MOST_LOW_IN_HEAD && high - low <= CLASSES_FOLLOW >> 2) {
        into.putByte(low | (high - low - 1) << 2);
      } else {
        into.putByte(CLASSES_FOLLOW);
        into.putByte(low);
        into.putByte(high);
      }
      bits.start(into, 4L * CLASSES);
      for (int i = low; i <= high; i++) {
        bits.put(lengths[i], 4);
      }
      bits.finish();
      if (count < FEWEST_FOR_STREAMS) {
        int half = (count + 1) / 2;
        stream.clear();
        encodeStream(unsigned, 0, half, bits, stream);
        into.putVarint(stream.size());
        into.putBytes(stream.array(), 0, stream.size());
        encodeStream(unsigned, half, count, bits, into);
        return;
      }
      int sizesAt = into.size();
      into.putInt(0);
      into.putByte(0);
      into.putByte(0);
      int quarter = (count + STREAMS - 1) / STREAMS;
      for (int stream = 0; stream < STREAMS; stream++) {
        int start = into.size();
        int from = stream * quarter;
        encodeStream(unsigned, from, Math.min(count, from + quarter), bits, into);
        if (stream < STREAMS - 1) {
          int size = into.size() - start;
          into.array()[sizesAt + 2 * stream] = (byte) size;
          into.array()[sizesAt + 2 * stream + 1] = (byte) (size >>> 8);
        }
      }
    }

    private void encodeStream(long[] unsigned, int from, int to, BitWriter bits, ByteSink into) {
      bits.start(into, (long) (to - from) * (MAX_CODE_BITS + 64));
      for (int i = from; i < to; i++) {
        int width = Bits.width(unsigned[i]);
        bits.put(codes[width], lengths[width]);
        if (width > 1) {
          bits.put(unsigned[i] & ((1L << (width - 1)) - 1), width - 1);
        }
      }
      bits.finish();
    }
  }

  /// Reads back, as signed numbers. One thread at a time.
  ///
  /// A table tells, for the bits to come, all about the number that begins with them: how long its
  /// code is, how many bits follow, and how many that makes. It is as large as the longest code
  /// needs: in a short column, building it costs as much as reading the numbers.
  static final class Decoder {
    private static final int CODE_MASK = 15;
    private static final int BELOW_SHIFT = 4;
    private static final int BELOW_MASK = 63;
    private static final int LEADING_SHIFT = 10;
    private static final int TOTAL_SHIFT = 11;

    /// Up to this width, a load of 57 bits has two numbers.
    private static final int MAX_PAIRED_CLASS = 21;

    private final int[] table = new int[1 << MAX_CODE_BITS];
    private final ByteCursor cursor = new ByteCursor();
    private final byte[] lengths = new byte[CLASSES];
    private final int[] perLength = new int[MAX_CODE_BITS + 1];

    /// The widest class of the column under way.
    private int highest;

    /// Decodes `count` numbers and returns where their last stream ends.
    int decode(byte[] bytes, int from, int limit, int count, long[] into, int at) {
      int mask = readHead(bytes, from, limit);
      long end =
          count < FEWEST_FOR_STREAMS
              ? decodeHalves(bytes, limit, mask, highest, count, into, at)
              : decodeQuarters(bytes, limit, mask, highest, count, into, at);
      if (end > 8L * limit) {
        throw new CorruptChunkException("width classes run past byte " + limit);
      }
      return (int) ((end + 7) >>> 3);
    }

    /// Reads what stands in front of the streams, and returns the mask of the bits that index the
    /// table.
    private int readHead(byte[] bytes, int from, int limit) {
      cursor.reset(bytes, from, limit);
      int head = cursor.readByte();
      int low = head & MOST_LOW_IN_HEAD;
      int high = low + 1 + (head >>> 2);
      if (head == CLASSES_FOLLOW) {
        low = cursor.readByte();
        high = cursor.readByte();
      }
      if (low >= high || high >= CLASSES) {
        throw new CorruptChunkException("width classes %d to %d".formatted(low, high));
      }
      int codes = cursor.position();
      cursor.skip(Bits.packedSize(high - low + 1, 4));
      highest = high;
      return readTable(bytes, codes, low, high);
    }

    /// Decodes the numbers from the `first`th on, to where [#decode] would put them, if they are in
    /// the last stream; false if they are not.
    boolean decodeTail(
        byte[] bytes, int from, int limit, int count, int first, long[] into, int at) {
      int streams = count < FEWEST_FOR_STREAMS ? 2 : STREAMS;
      int begin = (streams - 1) * ((count + streams - 1) / streams);
      if (first < begin) {
        return false;
      }
      int mask = readHead(bytes, from, limit);
      if (streams == 2) {
        cursor.skip(cursor.readCount(limit));
      } else {
        int sizes = cursor.position();
        cursor.skip(2 * (STREAMS - 1));
        for (int stream = 0; stream < STREAMS - 1; stream++) {
          cursor.skip(size(bytes, sizes + 2 * stream));
        }
      }
      decodeStream(bytes, 8L * cursor.position(), mask, into, at + begin, at + count);
      return true;
    }

    private long decodeHalves(
        byte[] bytes, int limit, int mask, int high, int count, long[] into, int at) {
      int size = cursor.readCount(limit);
      int first = cursor.position();
      cursor.skip(size);
      int half = (count + 1) / 2;
      long a = 8L * first;
      long b = 8L * cursor.position();
      int done = 0;
      if (high <= MAX_FAST_CLASS) {
        final int[] table = this.table;
        done = count - half;
        int i = at;
        if (high <= MAX_PAIRED_CLASS) {
          for (; i + 1 < at + done; i += 2) {
            long word = Bits.getLong(bytes, (int) (a >>> 3)) >>> (a & 7);
            int entry = table[(int) word & mask];
            int total = entry >>> TOTAL_SHIFT;
            int next = table[(int) (word >>> total) & mask];
            into[i] = number(word, entry);
            into[i + 1] = number(word >>> total, next);
            a += total + (next >>> TOTAL_SHIFT);
            word = Bits.getLong(bytes, (int) (b >>> 3)) >>> (b & 7);
            entry = table[(int) word & mask];
            total = entry >>> TOTAL_SHIFT;
            next = table[(int) (word >>> total) & mask];
            into[i + half] = number(word, entry);
            into[i + half + 1] = number(word >>> total, next);
            b += total + (next >>> TOTAL_SHIFT);
          }
        }
        for (; i < at + done; i++) {
          long word = Bits.getLong(bytes, (int) (a >>> 3)) >>> (a & 7);
          int entry = table[(int) word & mask];
          into[i] = number(word, entry);
          a += entry >>> TOTAL_SHIFT;
          word = Bits.getLong(bytes, (int) (b >>> 3)) >>> (b & 7);
          entry = table[(int) word & mask];
          into[i + half] = number(word, entry);
          b += entry >>> TOTAL_SHIFT;
        }
      }
      decodeStream(bytes, a, mask, into, at + done, at + half);
      return decodeStream(bytes, b, mask, into, at + half + done, at + count);
    }

    private long decodeQuarters(
        byte[] bytes, int limit, int mask, int high, int count, long[] into, int at) {
      int sizes = cursor.position();
      int first = sizes + 2 * (STREAMS - 1);
      int second = first + size(bytes, sizes);
      int third = second + size(bytes, sizes + 2);
      int fourth = third + size(bytes, sizes + 4);
      if (fourth > limit) {
        throw new CorruptChunkException("width classes run past byte " + limit);
      }
      int quarter = (count + STREAMS - 1) / STREAMS;
      long a = 8L * first;
      long b = 8L * second;
      long c = 8L * third;
      long d = 8L * fourth;
      int done = 0;
      if (high <= MAX_FAST_CLASS) {
        final int[] table = this.table;
        done = count - 3 * quarter;
        for (int i = at; i < at + done; i++) {
          long word = Bits.getLong(bytes, (int) (a >>> 3)) >>> (a & 7);
          int entry = table[(int) word & mask];
          into[i] = number(word, entry);
          a += entry >>> TOTAL_SHIFT;
          word = Bits.getLong(bytes, (int) (b >>> 3)) >>> (b & 7);
          entry = table[(int) word & mask];
          into[i + quarter] = number(word, entry);
          b += entry >>> TOTAL_SHIFT;
          word = Bits.getLong(bytes, (int) (c >>> 3)) >>> (c & 7);
          entry = table[(int) word & mask];
          into[i + 2 * quarter] = number(word, entry);
          c += entry >>> TOTAL_SHIFT;
          word = Bits.getLong(bytes, (int) (d >>> 3)) >>> (d & 7);
          entry = table[(int) word & mask];
          into[i + 3 * quarter] = number(word, entry);
          d += entry >>> TOTAL_SHIFT;
        }
      }
      decodeStream(bytes, a, mask, into, at + done, at + quarter);
      decodeStream(bytes, b, mask, into, at + quarter + done, at + 2 * quarter);
      decodeStream(bytes, c, mask, into, at + 2 * quarter + done, at + 3 * quarter);
      return decodeStream(bytes, d, mask, into, at + 3 * quarter + done, at + count);
    }

    private static int size(byte[] bytes, int at) {
      return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    /// Fills the table for the code lengths at `at` and returns the mask of the bits that index it.
    ///
    /// Codes are handed out from the shortest on, as canonical ones are; before those of a length,
    /// all that is there so far is doubled, which is right for every shorter code.
    private int readTable(byte[] bytes, int at, int low, int high) {
      Arrays.fill(perLength, 0);
      int classes = high - low + 1;
      for (int i = 0; i < classes; i++) {
        int length = (bytes[at + (i >> 1)] >>> ((i & 1) << 2)) & 15;
        if (length > MAX_CODE_BITS) {
          throw new CorruptChunkException("width code of %d bits".formatted(length));
        }
        lengths[i] = (byte) length;
        perLength[length]++;
      }
      int longest = MAX_CODE_BITS;
      while (longest > 0 && perLength[longest] == 0) {
        longest--;
      }
      int room = 0;
      for (int length = 1; length <= longest; length++) {
        room += perLength[length] << (longest - length);
      }
      if (longest == 0 || room != 1 << longest) {
        throw new CorruptChunkException(
            "width codes fill %d of %d places".formatted(room, 1 << longest));
      }
      int code = 0;
      for (int length = 1; length <= longest; length++) {
        int half = 1 << (length - 1);
        System.arraycopy(table, 0, table, half, half);
        code <<= 1;
        for (int i = 0, left = perLength[length]; left > 0; i++) {
          if (lengths[i] == length) {
            table[Integer.reverse(code) >>> (32 - length)] = entry(low + i, length);
            code++;
            left--;
          }
        }
      }
      return (1 << longest) - 1;
    }

    private static int entry(int width, int length) {
      int below = Math.max(0, width - 1);
      int leading = width == 0 ? 0 : 1;
      return length
          | below << BELOW_SHIFT
          | leading << LEADING_SHIFT
          | (length + below) << TOTAL_SHIFT;
    }

    private static long number(long word, int entry) {
      int below = (entry >>> BELOW_SHIFT) & BELOW_MASK;
      long leading = (long) ((entry >>> LEADING_SHIFT) & 1) << below;
      long rest = (word >>> (entry & CODE_MASK)) & ((1L << below) - 1);
      return Bits.unzigzag(rest | leading);
    }

    /// Reads numbers of any width, one after the other, and returns the bit behind the last.
    private long decodeStream(byte[] bytes, long fromBit, int mask, long[] into, int from, int to) {
      long bit = fromBit;
      for (int i = from; i < to; i++) {
        int entry = table[(int) Bits.get(bytes, bit, MAX_CODE_BITS) & mask];
        int below = (entry >>> BELOW_SHIFT) & BELOW_MASK;
        long leading = (long) ((entry >>> LEADING_SHIFT) & 1) << below;
        bit += entry & CODE_MASK;
        into[i] = Bits.unzigzag(Bits.get(bytes, bit, below) | leading);
        bit += below;
      }
      return bit;
    }
  }
}
