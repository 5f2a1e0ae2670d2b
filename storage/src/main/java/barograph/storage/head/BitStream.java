package barograph.storage.head;

import java.nio.ByteBuffer;

/// Bits that gather in a cell and spill, a word at a time, into a ring of fragments.
///
/// The owner is a cell (a series' record, or the cell of its own timestamps) with the same fields
/// at the same places in both: the word being filled, how full it is, the last fragment and how
/// many words that holds. A fragment is a cell too: seven words and the number of the next; the
/// last one's next is the first, so one number in the owner finds both ends. Bits go in at the low
/// end.
final class BitStream {
  /// Words that a fragment holds.
  static final int WORDS = 7;

  /// Fragments that a stream may have before its chunk is sealed.
  static final int MAX_FRAGMENTS = 7;

  /// Room that a reader needs for the words of one stream: all fragments, the word being filled,
  /// and one of slack so that a read over the end stays inside.
  static final int MAX_WORDS = MAX_FRAGMENTS * WORDS + 2;

  // Places in the owner's cell.
  static final int ACCUMULATOR = 16;
  static final int TAIL = 40;
  static final int ACCUMULATED = 56;
  static final int TAIL_WORDS = 59;
  static final int FRAGMENTS = 62;

  private static final int NEXT = WORDS * Long.BYTES;

  private BitStream() {}

  /// Appends the low `bits` (0 to 64) of `value` to the stream of the owner at `at` in `owner`.
  static void put(Cells cells, ByteBuffer owner, int at, long value, int bits) {
    if (bits == 0) {
      return;
    }
    long low = bits == 64 ? value : value & ((1L << bits) - 1);
    int filled = owner.get(at + ACCUMULATED);
    long word = owner.getLong(at + ACCUMULATOR) | (low << filled);
    int end = filled + bits;
    if (end >= 64) {
      spill(cells, owner, at, word);
      end -= 64;
      word = end == 0 ? 0 : low >>> (bits - end);
    }
    owner.putLong(at + ACCUMULATOR, word);
    owner.put(at + ACCUMULATED, (byte) end);
  }

  static void spill(Cells cells, ByteBuffer owner, int at, long word) {
    int tail = owner.getInt(at + TAIL);
    int words = owner.get(at + TAIL_WORDS);
    if (tail == 0 || words == WORDS) {
      int fresh = cells.allocate();
      ByteBuffer freshSlab = cells.slab(fresh);
      int freshAt = Cells.offset(fresh);
      if (tail == 0) {
        freshSlab.putInt(freshAt + NEXT, fresh);
      } else {
        ByteBuffer tailSlab = cells.slab(tail);
        int tailAt = Cells.offset(tail);
        freshSlab.putInt(freshAt + NEXT, tailSlab.getInt(tailAt + NEXT));
        tailSlab.putInt(tailAt + NEXT, fresh);
      }
      tail = fresh;
      words = 0;
      owner.putInt(at + TAIL, fresh);
      owner.put(at + FRAGMENTS, (byte) (owner.get(at + FRAGMENTS) + 1));
    }
    cells.slab(tail).putLong(Cells.offset(tail) + words * Long.BYTES, word);
    owner.put(at + TAIL_WORDS, (byte) (words + 1));
  }

  /// Whether the last fragment but one has been begun: there is room for many bits as long as not.
  static boolean hasFewFragmentsLeft(ByteBuffer owner, int at) {
    return owner.get(at + FRAGMENTS) >= MAX_FRAGMENTS - 1;
  }

  /// Whether `bits` more might not fit into the fragments that a stream may have.
  static boolean isNearlyFull(ByteBuffer owner, int at, int bits) {
    int fragments = owner.get(at + FRAGMENTS);
    if (fragments < MAX_FRAGMENTS - 1) {
      return false;
    }
    int room = (MAX_FRAGMENTS - fragments) * WORDS + WORDS - owner.get(at + TAIL_WORDS);
    return owner.get(at + ACCUMULATED) + bits >= room * 64;
  }

  /// Copies the stream's words to `into`, the unfinished one last, and gives their number.
  ///
  /// A reader that races with the writer may get nonsense, in bounded time; it finds out by the
  /// series' version.
  static int copy(Cells cells, ByteBuffer owner, int at, long[] into) {
    int tail = owner.getInt(at + TAIL);
    int count = 0;
    if (tail != 0) {
      int tailWords = Math.min(owner.get(at + TAIL_WORDS), WORDS);
      int fragment = cells.slab(tail).getInt(Cells.offset(tail) + NEXT);
      for (int i = 0; i < MAX_FRAGMENTS; i++) {
        ByteBuffer slab = cells.slab(fragment);
        int from = Cells.offset(fragment);
        int words = fragment == tail ? tailWords : WORDS;
        for (int w = 0; w < words; w++) {
          into[count++] = slab.getLong(from + w * Long.BYTES);
        }
        if (fragment == tail) {
          break;
        }
        fragment = slab.getInt(from + NEXT);
      }
    }
    into[count++] = owner.getLong(at + ACCUMULATOR);
    into[count] = 0;
    return count;
  }

  /// Puts back words that [#copy] took, the unfinished one with `accumulated` bits last.
  static void restore(
      Cells cells, ByteBuffer owner, int at, long[] words, int count, int accumulated) {
    for (int i = 0; i < count - 1; i++) {
      spill(cells, owner, at, words[i]);
    }
    owner.putLong(at + ACCUMULATOR, words[count - 1]);
    owner.put(at + ACCUMULATED, (byte) accumulated);
  }

  /// Empties the stream and gives its fragments back.
  static void clear(Cells cells, ByteBuffer owner, int at) {
    int tail = owner.getInt(at + TAIL);
    if (tail != 0) {
      int fragment = tail;
      do {
        int next = cells.slab(fragment).getInt(Cells.offset(fragment) + NEXT);
        cells.free(fragment);
        fragment = next;
      } while (fragment != tail);
    }
    owner.putInt(at + TAIL, 0);
    owner.putLong(at + ACCUMULATOR, 0L);
    owner.put(at + ACCUMULATED, (byte) 0);
    owner.put(at + TAIL_WORDS, (byte) 0);
    owner.put(at + FRAGMENTS, (byte) 0);
  }

  /// Reads bits back in the order they went in.
  static final class BitReader {
    private final long[] words;
    private int position;

    BitReader(long[] words) {
      this.words = words;
    }

    BitReader rewind() {
      position = 0;
      return this;
    }

    boolean bit() {
      return get(1) != 0;
    }

    /// The next 64 bits, of which as many as [#skip] says are gone after that.
    long peek() {
      int word = position >>> 6;
      int shift = position & 63;
      // In two steps, as a shift by 64 would be one by none.
      return words[word] >>> shift | words[word + 1] << 1 << (63 - shift);
    }

    void skip(int bits) {
      position += bits;
    }

    /// The next `bits` (0 to 64) as the low end of a long.
    long get(int bits) {
      long value = peek();
      position += bits;
      return bits == 64 ? value : value & ((1L << bits) - 1);
    }
  }
}
