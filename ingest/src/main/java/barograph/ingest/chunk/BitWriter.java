package barograph.ingest.chunk;

import java.util.Arrays;

/// Writes numbers bit by bit, the highest first, into an array that grows and is reused.
final class BitWriter {
  private byte[] bytes = new byte[512];
  private int size;

  /// Bits of the last byte that are not written yet.
  private int free;

  void clear() {
    size = 0;
    free = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void bit(int bit) {
    bits(bit, 1);
  }

  /// Writes the lowest `count` bits of `value`.
  void bits(long value, int count) {
    int left = count;
    while (left > 0) {
      if (free == 0) {
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = 0;
        free = 8;
      }
      int taken = Math.min(free, left);
      int piece = (int) (value >>> (left - taken)) & ((1 << taken) - 1);
      bytes[size - 1] |= (byte) (piece << (free - taken));
      free -= taken;
      left -= taken;
    }
  }

  /// Writes seven bits a byte, the lowest first.
  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bits((rest & 0x7f) | 0x80, 8);
      rest >>>= 7;
    }
    bits(rest, 8);
  }

  /// Overwrites two whole bytes.
  void putShort(int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }
}
