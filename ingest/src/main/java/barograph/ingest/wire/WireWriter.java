package barograph.ingest.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes protocol-buffer messages field by field into an array that grows and is reused.
///
/// A message within a message is written by a writer of its own and then copied, as its length
/// comes first. One thread at a time.
public final class WireWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 10];
  private int size;

  /// Forgets what was written and keeps the room.
  public WireWriter clear() {
    size = 0;
    return this;
  }

  public int size() {
    return size;
  }

  /// What was written, up to [#size()]; good until more is.
  public byte[] bytes() {
    return bytes;
  }

  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  public WireWriter varint(int field, long value) {
    return raw(((long) field << 3) | WireReader.VARINT).raw(value);
  }

  public WireWriter zigzag(int field, long value) {
    return varint(field, (value << 1) ^ (value >> 63));
  }

  public WireWriter fixedDouble(int field, double value) {
    return raw(((long) field << 3) | WireReader.FIXED64).rawDouble(value);
  }

  public WireWriter fixedLong(int field, long value) {
    raw(((long) field << 3) | WireReader.FIXED64);
    reserve(Long.BYTES);
    LONGS.set(bytes, size, value);
    size += Long.BYTES;
    return this;
  }

  public WireWriter text(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return field(field, utf8, utf8.length);
  }

  /// A field that has what another writer has written: a message, or packed numbers.
  public WireWriter field(int field, WireWriter inner) {
    return field(field, inner.bytes, inner.size);
  }

  /// A field that has the first `length` of some bytes.
  public WireWriter bytes(int field, byte[] value, int length) {
    return field(field, value, length);
  }

  private WireWriter field(int field, byte[] value, int length) {
    return raw(((long) field << 3) | WireReader.BYTES).raw(length).append(value, length);
  }

  /// Fields that were written before.
  public WireWriter append(byte[] fields, int length) {
    reserve(length);
    System.arraycopy(fields, 0, bytes, size, length);
    size += length;
    return this;
  }

  /// A number without a field, as packed fields have them.
  public WireWriter raw(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /// A number without a field, small whatever its sign.
  public WireWriter rawZigzag(long value) {
    return raw((value << 1) ^ (value >> 63));
  }

  public WireWriter rawDouble(double value) {
    reserve(Long.BYTES);
    LONGS.set(bytes, size, Double.doubleToRawLongBits(value));
    size += Long.BYTES;
    return this;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
