package barograph.storage.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads back what a [ByteSink] wrote, from an array, never past the end it was given.
public final class ByteCursor {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int position;
  private int end;

  /// Points this cursor at `bytes[from, end)`.
  public ByteCursor reset(byte[] bytes, int from, int end) {
    if (from < 0 || from > end || end > bytes.length) {
      throw new IllegalArgumentException(
          "bytes %d to %d of an array of %d".formatted(from, end, bytes.length));
    }
    this.bytes = bytes;
    this.position = from;
    this.end = end;
    return this;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  /// Passes over `count` bytes.
  ///
  /// @throws CorruptChunkException if fewer than `count` bytes are left
  public void skip(int count) {
    need(count);
    position += count;
  }

  /// The next byte, 0 to 255.
  ///
  /// @throws CorruptChunkException at the end
  public int readByte() {
    need(1);
    return bytes[position++] & 0xff;
  }

  /// The next `count` bytes.
  ///
  /// @throws CorruptChunkException if fewer are left
  public byte[] readBytes(int count) {
    need(count);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /// The next four bytes, the lowest first.
  ///
  /// @throws CorruptChunkException at the end
  public int readInt() {
    need(4);
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  /// The next eight bytes, the lowest first.
  ///
  /// @throws CorruptChunkException at the end
  public long readLong() {
    need(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /// The next unsigned varint, up to 64 bits.
  ///
  /// @throws CorruptChunkException at the end, or if the number has more than 64 bits
  public long readVarint() {
    need(1);
    byte first = bytes[position++];
    if (first >= 0) {
      return first;
    }
    long value = first & 0x7f;
    for (int shift = 7; shift < 64; shift += 7) {
      need(1);
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new CorruptChunkException("varint before byte %d has no end".formatted(position));
  }

  /// A varint that must be a count or an offset up to `limit`.
  ///
  /// @throws CorruptChunkException at the end, or if it is larger
  public int readCount(int limit) {
    long value = readVarint();
    if (value < 0 || value > limit) {
      throw new CorruptChunkException(
          "count before byte %d is %d, more than %d".formatted(position, value, limit));
    }
    return (int) value;
  }

  /// A varint that must be the length of what follows it.
  ///
  /// @throws CorruptChunkException at the end, or if fewer bytes follow
  public int readLength() {
    long value = readVarint();
    if (value < 0 || value > remaining()) {
      throw new CorruptChunkException(
          "length before byte %d is %d, with %d bytes behind it"
              .formatted(position, value, remaining()));
    }
    return (int) value;
  }

  /// A text, behind its length in bytes of UTF-8.
  ///
  /// @throws CorruptChunkException at the end, or if fewer bytes follow
  public String readText() {
    int length = readLength();
    position += length;
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  /// The next signed varint.
  ///
  /// @throws CorruptChunkException at the end, or if the number has more than 64 bits
  public long readZigzag() {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  private void need(int count) {
    if (end - position < count) {
      throw new CorruptChunkException(
          "bytes end at %d, %d more expected at %d".formatted(end, count, position));
    }
  }
}
