package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.LONG;
import static barograph.storage.wal.LogFormat.VALUE_INTEGER;
import static barograph.storage.wal.LogFormat.VALUE_XOR;
import static barograph.storage.wal.LogFormat.bitmapBytes;
import static barograph.storage.wal.LogFormat.zigzag;

/// How the log writes a sample's value: what changed since the value it stands on, and bitmaps of
/// those that changed at all. Whoever calls has made room.
final class ValueWriter {
  private ValueWriter() {}

  /// Writes what makes `before` into `bits`, which differ: nine bytes at most, though seventeen may
  /// be touched.
  ///
  /// @return where it ends
  static int put(byte[] out, int at, long bits, long before) {
    double value = Double.longBitsToDouble(bits);
    double old = Double.longBitsToDouble(before);
    long integer = (long) value;
    long oldInteger = (long) old;
    if (Double.doubleToRawLongBits((double) integer) == bits
        && Double.doubleToRawLongBits((double) oldInteger) == before) {
      long difference = zigzag(integer - oldInteger);
      if (difference >= 0 && difference < VALUE_INTEGER) {
        out[at] = (byte) difference;
        return at + 1;
      }
      int length = (Long.SIZE + 7 - Long.numberOfLeadingZeros(difference)) >>> 3;
      if (length < Long.BYTES) {
        out[at] = (byte) (VALUE_INTEGER | length);
        LONG.set(out, at + 1, difference);
        return at + 1 + length;
      }
    }
    long xor = bits ^ before;
    int trailing = Long.numberOfTrailingZeros(xor) >>> 3;
    int length = Long.BYTES - trailing - (Long.numberOfLeadingZeros(xor) >>> 3);
    out[at] = (byte) (VALUE_XOR | trailing << 3 | (length - 1));
    LONG.set(out, at + 1, xor >>> (trailing << 3));
    return at + 1 + length;
  }

  /// Writes the low `count` bits of a bitmap's word; eight bytes may be touched.
  ///
  /// @return where they end
  static int putBits(byte[] out, int at, long word, int count) {
    if (count >= Long.SIZE) {
      LONG.set(out, at, word);
      return at + Long.BYTES;
    }
    int end = at + bitmapBytes(count);
    for (int i = at; i < end; i++) {
      out[i] = (byte) (word >>> (8 * (i - at)));
    }
    return end;
  }
}
