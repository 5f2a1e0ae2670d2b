package barograph.storage.head;

import barograph.storage.chunk.ByteSink;
import java.util.Arrays;

/// The rows that a series lacks between its first and its last: a bitmap by distance from the
/// first. One thread's own, used again and again.
final class Holes {
  private final long[] words = new long[(Head.MOST_ROWS + Long.SIZE - 1) / Long.SIZE];
  private int count;

  Holes clear() {
    if (count > 0) {
      Arrays.fill(words, 0);
      count = 0;
    }
    return this;
  }

  /// Notes that row `row`, counted from 0, is not there; in ascending order.
  void add(int row) {
    words[row >> 6] |= 1L << row;
    count++;
  }

  int count() {
    return count;
  }

  /// Whether row `row` is not there.
  boolean contains(int row) {
    return (words[row >> 6] >>> row & 1) != 0;
  }

  /// How many of the rows before `row` are not there.
  int before(int row) {
    if (count == 0) {
      return 0;
    }
    int sum = 0;
    for (int i = 0; i < row >> 6; i++) {
      sum += Long.bitCount(words[i]);
    }
    long rest = (row & 63) == 0 ? 0 : words[row >> 6] & ((1L << row) - 1);
    return sum + Long.bitCount(rest);
  }

  /// Moves what stands at `[at, at + rows)` together over the rows that are not there.
  void squeeze(long[] column, int at, int rows) {
    int kept = at;
    for (int row = 0; row < rows; row++) {
      if (!contains(row)) {
        column[kept++] = column[at + row];
      }
    }
  }

  /// Writes the bitmap of `rows` rows, lowest bit of the lowest byte first.
  void writeTo(ByteSink into, int rows) {
    for (int i = 0; i < byteCount(rows); i++) {
      into.putByte((int) (words[i >> 3] >>> (8 * (i & 7))));
    }
  }

  /// Takes over a bitmap of `rows` rows that [#writeTo] wrote at `at`.
  void readFrom(byte[] bytes, int at, int rows) {
    Arrays.fill(words, 0);
    for (int i = 0; i < byteCount(rows); i++) {
      words[i >> 3] |= (bytes[at + i] & 0xffL) << (8 * (i & 7));
    }
    count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
  }

  /// Bytes that the bitmap of `rows` rows takes.
  static int byteCount(int rows) {
    return (rows + 7) >>> 3;
  }
}
