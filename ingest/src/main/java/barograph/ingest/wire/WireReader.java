package barograph.ingest.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Walks the fields of protocol-buffer messages in an array, checking every length.
///
/// One thread at a time; makes no object but for errors.
public final class WireReader {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int BYTES = 2;
  public static final int FIXED32 = 5;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private int at;
  private int end;

  public WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Goes on with the message in `[from, to)`.
  public WireReader within(int from, int to) {
    at = from;
    end = to;
    return this;
  }

  public boolean more() {
    return at < end;
  }

  public int position() {
    return at;
  }

  /// A field's number and wire type, as they stand on the wire: `number << 3 | type`.
  public int tag() throws MalformedMessageException {
    long tag = varint();
    if (tag <= 7 || tag > 0xffffffffL) {
      throw malformed("illegal tag %d".formatted(tag));
    }
    return (int) tag;
  }

  public long varint() throws MalformedMessageException {
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

  /// Moves the low seven bits of each byte together: the number of a varint of up to eight bytes.
  public static long sevenBits(long bytes) {
    long pairs = (bytes & 0x007f_007f_007f_007fL) | (bytes & 0x7f00_7f00_7f00_7f00L) >>> 1;
    long fours = (pairs & 0x0000_3fff_0000_3fffL) | (pairs & 0x3fff_0000_3fff_0000L) >>> 2;
    return (fours & 0x0fff_ffffL) | (fours & 0x0fff_ffff_0000_0000L) >>> 4;
  }

  /// A varint in which small negative numbers are small.
  public long zigzag() throws MalformedMessageException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  public long fixedLong() throws MalformedMessageException {
    if (end - at < 8) {
      throw malformed("unexpected end");
    }
    at += 8;
    return (long) LONGS.get(bytes, at - 8);
  }

  public double fixedDouble() throws MalformedMessageException {
    return Double.longBitsToDouble(fixedLong());
  }

  /// Steps over the length of a run of bytes and tells it; they begin at [#position()].
  public int length() throws MalformedMessageException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed(
          "a field of %s bytes, %d are left".formatted(Long.toUnsignedString(length), end - at));
    }
    return (int) length;
  }

  public void skipBytes(int count) {
    at += count;
  }

  /// The end of the message that is read.
  public int end() {
    return end;
  }

  /// Steps into the message whose length stands here.
  ///
  /// @return where the surrounding message ends, for [#leave]
  public int enter() throws MalformedMessageException {
    int length = length();
    int outer = end;
    end = at + length;
    return outer;
  }

  /// Goes on behind the message that was entered, whether or not it was read to its end.
  public void leave(int outer) {
    at = end;
    end = outer;
  }

  /// Steps over the value of a field that nobody asked for.
  public void skip(int tag) throws MalformedMessageException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> skipFixed(8);
      case BYTES -> skipBytes(length());
      case FIXED32 -> skipFixed(4);
      default -> throw malformed("illegal wire type %d".formatted(tag & 7));
    }
  }

  private void skipFixed(int count) throws MalformedMessageException {
    if (end - at < count) {
      throw malformed("unexpected end");
    }
    at += count;
  }

  private MalformedMessageException malformed(String how) {
    return new MalformedMessageException("%s at byte %d".formatted(how, at));
  }
}
