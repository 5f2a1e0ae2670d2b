package barograph.storage.head;

import barograph.storage.chunk.CorruptChunkException;
import java.util.Arrays;

/// The numbers that label pairs had in a checkpoint, and those that they have now.
///
/// Numbers in a checkpoint ascend and may leave gaps of any width, as pairs have come and gone;
/// what is kept of them takes no more memory than the pairs that are there.
final class PairNumbers {
  /// A table by number has at most so many places for a pair; else the number is searched for.
  private static final int PLACES_A_PAIR = 4;

  private int[] before = new int[256];
  private int[] now = new int[256];
  private int count;

  /// Places by number, minus 1; empty if numbers are too far apart, or not looked for yet.
  private int[] table = {};

  /// Notes that the pair of number `old` has the number `fresh` now.
  ///
  /// @throws CorruptChunkException if numbers do not ascend
  void add(int old, int fresh) {
    if (count > 0 && old <= before[count - 1]) {
      throw new CorruptChunkException(
          "pair %d behind pair %d, expected a greater number".formatted(old, before[count - 1]));
    }
    if (count == before.length) {
      before = Arrays.copyOf(before, count * 2);
      now = Arrays.copyOf(now, count * 2);
    }
    before[count] = old;
    now[count++] = fresh;
  }

  /// Says that all have been added.
  void complete() {
    if (count == 0 || before[count - 1] >= (long) PLACES_A_PAIR * count) {
      return;
    }
    table = new int[before[count - 1] + 1];
    for (int i = 0; i < count; i++) {
      table[before[i]] = now[i] + 1;
    }
  }

  /// The number now of the pair that was `old`; -1 if there is none.
  int find(int old) {
    if (table.length > 0) {
      return old < table.length ? table[old] - 1 : -1;
    }
    int found = Arrays.binarySearch(before, 0, count, old);
    return found < 0 ? -1 : now[found];
  }
}
