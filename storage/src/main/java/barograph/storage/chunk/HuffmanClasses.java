package barograph.storage.chunk;

import java.util.Arrays;

/// Packs unsigned numbers by width: the width as a Huffman code of up to eight bits, then the bits
/// below the leading one.
///
/// The codes are canonical, written bit-reversed so that the low eight bits of what comes next
/// index a table. Four streams side by side keep the processor busy, as each is one long chain of
/// dependent loads.
final class HuffmanClasses {
  /// With fewer numbers than this a single stream is written.
  private static final int FEWEST_FOR_STREAMS = 256;

  private static final int STREAMS = 4;
  private static final int MAX_CODE_BITS = 8;
  private static final int CLASSES = 65;

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

    /// Bits that `count` numbers of these widths take, or something absurd if they have but one
    /// width.
    long cost(int[] widths, int count) {
      int kinds = 0;
      int low = -1;
      int high = 0;
      for (int i = 0; i < CLASSES; i++) {
        if (widths[i] > 0) {
          kinds++;
          low = low < 0 ? i : low;
          high = i;
        }
      }
      if (kinds < 2) {
        return Long.MAX_VALUE / 4;
      }
      findLengths(widths, low, high);
      long bits = 16 + 4L * (high - low + 1) + (count >= FEWEST_FOR_STREAMS ? 16 * 3 + 16 : 4);
      for (int i = low; i <= high; i++) {
        bits += (long) widths[i] * (lengths[i] + Math.max(0, i - 1));
      }
      return bits;
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
      into.putByte(low);
      into.putByte(high);
      bits.start(into, 4L * CLASSES);
      for (int i = low; i <= high; i++) {
        bits.put(lengths[i], 4);
      }
      bits.finish();
      if (count < FEWEST_FOR_STREAMS) {
        encodeStream(unsigned, 0, count, bits, into);
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
  static final class Decoder {
    /// Per eight bits to come: class times sixteen, plus the length of its code.
    private final short[] table = new short[1 << MAX_CODE_BITS];

    private final int[] lengths = new int[CLASSES];
    private final int[] codes = new int[CLASSES];

    /// Decodes `count` numbers and returns where their last stream ends.
    int decode(byte[] bytes, int from, int limit, int count, long[] into, int at) {
      int low = bytes[from];
      int high = bytes[from + 1];
      if (low < 0 || low >= high || high >= CLASSES) {
        throw new CorruptChunkException("width classes %d to %d".formatted(low, high));
      }
      int next = from + 2;
      readTable(bytes, 8L * next, low, high);
      next += Bits.packedSize(high - low + 1, 4);
      long end;
      if (count < FEWEST_FOR_STREAMS) {
        end = decodeStream(bytes, 8L * next, limit, into, at, at + count);
      } else {
        int first = next + 2 * (STREAMS - 1);
        int second = first + size(bytes, next);
        int third = second + size(bytes, next + 2);
        int fourth = third + size(bytes, next + 4);
        if (fourth > limit) {
          throw new CorruptChunkException("width classes run past byte " + limit);
        }
        int quarter = (count + STREAMS - 1) / STREAMS;
        if (high <= MAX_FAST_CLASS) {
          end = decodeFour(bytes, first, second, third, fourth, limit, count, into, at);
        } else {
          decodeStream(bytes, 8L * first, limit, into, at, at + quarter);
          decodeStream(bytes, 8L * second, limit, into, at + quarter, at + 2 * quarter);
          decodeStream(bytes, 8L * third, limit, into, at + 2 * quarter, at + 3 * quarter);
          end = decodeStream(bytes, 8L * fourth, limit, into, at + 3 * quarter, at + count);
        }
      }
      int endByte = (int) ((end + 7) >>> 3);
      if (endByte > limit) {
        throw new CorruptChunkException("width classes run past byte " + limit);
      }
      return endByte;
    }

    private static int size(byte[] bytes, int at) {
      return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    private void readTable(byte[] bytes, long at, int low, int high) {
      int room = 0;
      for (int i = low; i <= high; i++) {
        lengths[i] = (int) Bits.get(bytes, at + 4L * (i - low), 4);
        if (lengths[i] > MAX_CODE_BITS) {
          throw new CorruptChunkException("width code of %d bits".formatted(lengths[i]));
        }
        room += lengths[i] == 0 ? 0 : 1 << (MAX_CODE_BITS - lengths[i]);
      }
      if (room != 1 << MAX_CODE_BITS) {
        throw new CorruptChunkException("width codes fill %d of 256 places".formatted(room));
      }
      assignCodes(lengths, low, high, codes);
      for (int i = low; i <= high; i++) {
        int length = lengths[i];
        if (length > 0) {
          for (int slot = codes[i]; slot < table.length; slot += 1 << length) {
            table[slot] = (short) (i << 4 | length);
          }
        }
      }
    }

    private long decodeStream(
        byte[] bytes, long fromBit, int limit, long[] into, int from, int to) {
      long bit = fromBit;
      for (int i = from; i < to; i++) {
        if (bit >>> 3 > limit) {
          throw new CorruptChunkException("width classes run past byte " + limit);
        }
        int entry = table[(int) Bits.get(bytes, bit, MAX_CODE_BITS)];
        int width = entry >> 4;
        int below = Math.max(0, width - 1);
        bit += entry & 15;
        long unsigned = Bits.get(bytes, bit, below) | (width == 0 ? 0 : 1L << below);
        bit += below;
        into[i] = Bits.unzigzag(unsigned);
      }
      return bit;
    }

    private long decodeFour(
        byte[] bytes,
        int first,
        int second,
        int third,
        int fourth,
        int limit,
        int count,
        long[] into,
        int at) {
      final short[] table = this.table;
      int quarter = (count + STREAMS - 1) / STREAMS;
      int common = count - 3 * quarter;
      long a = 8L * first;
      long b = 8L * second;
      long c = 8L * third;
      long d = 8L * fourth;
      for (int i = at; i < at + common; i++) {
        long word = Bits.getLong(bytes, (int) (a >>> 3)) >>> (a & 7);
        int entry = table[(int) word & 255];
        into[i] = number(word, entry);
        a += bitsOf(entry);
        word = Bits.getLong(bytes, (int) (b >>> 3)) >>> (b & 7);
        entry = table[(int) word & 255];
        into[i + quarter] = number(word, entry);
        b += bitsOf(entry);
        word = Bits.getLong(bytes, (int) (c >>> 3)) >>> (c & 7);
        entry = table[(int) word & 255];
        into[i + 2 * quarter] = number(word, entry);
        c += bitsOf(entry);
        word = Bits.getLong(bytes, (int) (d >>> 3)) >>> (d & 7);
        entry = table[(int) word & 255];
        into[i + 3 * quarter] = number(word, entry);
        d += bitsOf(entry);
      }
      decodeStream(bytes, a, limit, into, at + common, at + quarter);
      decodeStream(bytes, b, limit, into, at + quarter + common, at + 2 * quarter);
      decodeStream(bytes, c, limit, into, at + 2 * quarter + common, at + 3 * quarter);
      return d;
    }

    private static int bitsOf(int entry) {
      return (entry & 15) + Math.max(0, (entry >> 4) - 1);
    }

    private static long number(long word, int entry) {
      int width = entry >> 4;
      int below = Math.max(0, width - 1);
      long leading = width == 0 ? 0 : 1L << below;
      return Bits.unzigzag(((word >>> (entry & 15)) & ((1L << below) - 1)) | leading);
    }
  }
}
