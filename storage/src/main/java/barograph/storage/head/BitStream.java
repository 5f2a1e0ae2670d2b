package barograph.storage.head;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private BitStream() {}

  /// Appends the low `bits` (0 to 64) of `value` to the stream of the owner at `at` in `owner`.
  static void put(Cells cells, MemorySegment owner, long at, long value, int bits) {
    if (bits == 0) {
      return;
    }
    long low = bits == 64 ? value : value & ((1L << bits) - 1);
    int filled = owner.get(BYTE, at + ACCUMULATED);
    long word = owner.get(LONG, at + ACCUMULATOR) | (low << filled);
    int end = filled + bits;
    if (end >= 64) {
      spill(cells, owner, at, word);
      end -= 64;
      word = end == 0 ? 0 : low >>> (bits - end);
    }
    owner.set(LONG, at + ACCUMULATOR, word);
    owner.set(BYTE, at + ACCUMULATED, (byte) end);
  }

  static void spill(Cells cells, MemorySegment owner, long at, long word) {
    int tail = owner.get(INT, at + TAIL);
    int words = owner.get(BYTE, at + TAIL_WORDS);
    if (tail == 0 || words == WORDS) {
      int fresh = cells.allocate();
      MemorySegment freshSlab = cells.slab(fresh);
      long freshAt = Cells.offset(fresh);
      if (tail == 0) {
        freshSlab.set(INT, freshAt + NEXT, fresh);
      } else {
        MemorySegment tailSlab = cells.slab(tail);
        long tailAt = Cells.offset(tail);
        freshSlab.set(INT, freshAt + NEXT, tailSlab.get(INT, tailAt + NEXT));
        tailSlab.set(INT, tailAt + NEXT, fresh);
      }
      tail = fresh;
      words = 0;
      owner.set(INT, at + TAIL, fresh);
      owner.set(BYTE, at + FRAGMENTS, (byte) (owner.get(BYTE, at + FRAGMENTS) + 1));
    }
    cells.slab(tail).set(LONG, Cells.offset(tail) + (long) words * Long.BYTES, word);
    owner.set(BYTE, at + TAIL_WORDS, (byte) (words + 1));
  }

  /// Whether the last fragment but one has been begun: there is room for many bits as long as not.
  static boolean hasFewFragmentsLeft(MemorySegment owner, long at) {
    return owner.get(BYTE, at + FRAGMENTS) >= MAX_FRAGMENTS - 1;
  }

  /// Whether `bits` more might not fit into the fragments that a stream may have.
  static boolean isNearlyFull(MemorySegment owner, long at, int bits) {
    int fragments = owner.get(BYTE, at + FRAGMENTS);
    if (fragments < MAX_FRAGMENTS - 1) {
      return false;
    }
    int room = (MAX_FRAGMENTS - fragments) * WORDS + WORDS - owner.get(BYTE, at + TAIL_WORDS);
    return owner.get(BYTE, at + ACCUMULATED) + bits >= room * 64;
  }

  /// Copies the stream's words to `into`, the unfinished one last, and gives their number.
  ///
  /// A reader that races with the writer may get nonsense, in bounded time; it finds out by the
  /// series' version.
  static int copy(Cells cells, MemorySegment owner, long at, long[] into) {
    int tail = owner.get(INT, at + TAIL);
    int count = 0;
    if (tail != 0) {
      int tailWords = Math.min(owner.get(BYTE, at + TAIL_WORDS), WORDS);
      int fragment = cells.slab(tail).get(INT, Cells.offset(tail) + NEXT);
      for (int i = 0; i < MAX_FRAGMENTS; i++) {
        MemorySegment slab = cells.slab(fragment);
        long from = Cells.offset(fragment);
        int words = fragment == tail ? tailWords : WORDS;
        for (int w = 0; w < words; w++) {
          into[count++] = slab.get(LONG, from + (long) w * Long.BYTES);
        }
        if (fragment == tail) {
          break;
        }
        fragment = slab.get(INT, from + NEXT);
      }
    }
    into[count++] = owner.get(LONG, at + ACCUMULATOR);
    into[count] = 0;
    return count;
  }

  /// Puts back words that [#copy] took, the unfinished one with `accumulated` bits last.
  static void restore(
      Cells cells, MemorySegment owner, long at, long[] words, int count, int accumulated) {
    for (int i = 0; i < count - 1; i++) {
      spill(cells, owner, at, words[i]);
    }
    owner.set(LONG, at + ACCUMULATOR, words[count - 1]);
    owner.set(BYTE, at + ACCUMULATED, (byte) accumulated);
  }

  /// Empties the stream and gives its fragments back.
  static void clear(Cells cells, MemorySegment owner, long at) {
    int tail = owner.get(INT, at + TAIL);
    if (tail != 0) {
      int fragment = tail;
      do {
        int next = cells.slab(fragment).get(INT, Cells.offset(fragment) + NEXT);
        cells.free(fragment);
        fragment = next;
      } while (fragment != tail);
    }
    owner.set(INT, at + TAIL, 0);
    owner.set(LONG, at + ACCUMULATOR, 0L);
    owner.set(BYTE, at + ACCUMULATED, (byte) 0);
    owner.set(BYTE, at + TAIL_WORDS, (byte) 0);
    owner.set(BYTE, at + FRAGMENTS, (byte) 0);
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

    /// The next `bits` (0 to 64) as the low end of a long.
    long get(int bits) {
      if (bits == 0) {
        return 0;
      }
      int word = position >>> 6;
      int shift = position & 63;
      long value = words[word] >>> shift;
      if (shift + bits > 64) {
        value |= words[word + 1] << (64 - shift);
      }
      position += bits;
      return bits == 64 ? value : value & ((1L << bits) - 1);
    }
  }
}
