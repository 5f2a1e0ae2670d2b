package barograph.ingest.remotewrite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Walks the fields of protocol-buffer messages in an array, checking every length.
///
/// One thread at a time; makes no object but for errors.
final class WireReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private int at;
  private int end;

  WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Goes on with the message in `[from, to)`.
  WireReader within(int from, int to) {
    at = from;
    end = to;
    return this;
  }

  boolean more() {
    return at < end;
  }

  int position() {
    return at;
  }

  /// A field's number and wire type, as they stand on the wire: `number << 3 | type`.
  int tag() throws BadRequestException {
    long tag = varint();
    if (tag <= 7 || tag > 0xffffffffL) {
      throw malformed("illegal tag %d".formatted(tag));
    }
    return (int) tag;
  }

  long varint() throws BadRequestException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw malformed("unexpected end");
      }
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("integer overflow");
  }

  double fixedDouble() throws BadRequestException {
    if (end - at < 8) {
      throw malformed("unexpected end");
    }
    at += 8;
    return Double.longBitsToDouble((long) LONGS.get(bytes, at - 8));
  }

  /// Steps over the length of a run of bytes and tells it; they begin at [#position()].
  int length() throws BadRequestException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed(
          "a field of %s bytes, %d are left".formatted(Long.toUnsignedString(length), end - at));
    }
    return (int) length;
  }

  void skipBytes(int count) {
    at += count;
  }

  /// Steps over the value of a field that nobody asked for.
  void skip(int tag) throws BadRequestException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> skipFixed(8);
      case BYTES -> skipBytes(length());
      case FIXED32 -> skipFixed(4);
      default -> throw malformed("illegal wire type %d".formatted(tag & 7));
    }
  }

  private void skipFixed(int count) throws BadRequestException {
    if (end - at < count) {
      throw malformed("unexpected end");
    }
    at += count;
  }

  private BadRequestException malformed(String how) {
    return new BadRequestException(400, "proto: WriteRequest: %s at byte %d".formatted(how, at));
  }
}
