package barograph.ingest.forward;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Packs bytes in Snappy's block format: its length, then literals and copies of what was there
/// before (format description: `format_description.txt` of the Snappy project).
///
/// Four bytes that were seen before, by a table of the last place of each hash, become a copy of as
/// much as is the same. What does not pack is stepped over faster and faster. Reused; one thread at
/// a time.
public final class SnappyPacker {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int TABLE_BITS = 14;
  private static final int HASH_FACTOR = 0x1e35a7bd;
  private static final int MOST_OFFSET = (1 << 16) - 1;
  private static final int LEAST_COPY = 4;
  private static final int MOST_COPY = 64;

  /// Place + 1 of the last four bytes with each hash.
  private final int[] table = new int[1 << TABLE_BITS];

  private byte[] packed = new byte[1 << 10];
  private int size;

  /// Packs the first `length` bytes of `plain`.
  public byte[] pack(byte[] plain, int length) {
    Arrays.fill(table, 0);
    size = 0;
    int most = 32 + length + length / 6;
    if (packed.length < most) {
      packed = new byte[most];
    }
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      packed[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    packed[size++] = (byte) rest;
    int literal = 0;
    int at = 0;
    int misses = 32;
    while (at + LEAST_COPY <= length) {
      int four = (int) INTS.get(plain, at);
      int slot = (four * HASH_FACTOR) >>> (Integer.SIZE - TABLE_BITS);
      int before = table[slot] - 1;
      table[slot] = at + 1;
      if (before < 0 || at - before > MOST_OFFSET || (int) INTS.get(plain, before) != four) {
        at += misses++ >>> 5;
        continue;
      }
      putLiteral(plain, literal, at);
      int end = at + LEAST_COPY;
      while (end < length && plain[end] == plain[before + end - at]) {
        end++;
      }
      putCopies(at - before, end - at);
      at = end;
      literal = end;
      misses = 32;
    }
    putLiteral(plain, literal, length);
    return Arrays.copyOf(packed, size);
  }

  private void putLiteral(byte[] plain, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return;
    }
    int less = length - 1;
    if (less < 60) {
      packed[size++] = (byte) (less << 2);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(less) + 7) / 8;
      packed[size++] = (byte) ((59 + bytes) << 2);
      for (int i = 0; i < bytes; i++) {
        packed[size++] = (byte) (less >>> (8 * i));
      }
    }
    System.arraycopy(plain, from, packed, size, length);
    size += length;
  }

  private void putCopies(int offset, int length) {
    int left = length;
    while (left > 0) {
      int piece = Math.min(left, MOST_COPY);
      packed[size++] = (byte) (((piece - 1) << 2) | 2);
      packed[size++] = (byte) offset;
      packed[size++] = (byte) (offset >>> 8);
      left -= piece;
    }
  }
}
