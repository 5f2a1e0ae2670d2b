package barograph.storage.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing array of bytes to write into, little-endian, reused by whoever owns it.
public final class ByteSink {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  public ByteSink() {
    this(1024);
  }

  public ByteSink(int room) {
    bytes = new byte[Math.max(16, room)];
  }

  public int size() {
    return size;
  }

  /// What was written, up to [#size()]; replaced when it grows, so fetch it again after writing.
  public byte[] array() {
    return bytes;
  }

  /// A view of what was written so far, good until the next write.
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /// A copy of what was written so far.
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// Forgets the bytes and keeps the room.
  public ByteSink clear() {
    size = 0;
    return this;
  }

  /// Drops what lies behind the first `newSize` bytes.
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot cut %d bytes to %d".formatted(size, newSize));
    }
    size = newSize;
  }

  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putInt(int value) {
    reserve(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  public void putLong(long value) {
    reserve(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  /// Writes an unsigned number in groups of seven bits, the lowest first (LEB128): 1 to 10 bytes.
  public void putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /// Writes a signed number as a varint, small magnitudes short whatever their sign.
  public void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }

  public void putBytes(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, size, count);
    size += count;
  }

  public void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  /// Bytes that [#putVarint] takes for `value`.
  public static int varintSize(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  /// Bytes that [#putZigzag] takes for `value`.
  public static int zigzagSize(long value) {
    return varintSize((value << 1) ^ (value >> 63));
  }

  /// Makes room for `more` bytes behind the present ones.
  public void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }

  /// Says that the array is filled up to `newSize`, for packers that write into it directly.
  public void grewTo(int newSize) {
    size = newSize;
  }
}
