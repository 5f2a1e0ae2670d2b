package barograph.ingest.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes protocol-buffer messages field by field, for tests that need some.
public final class ProtoWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  public ProtoWriter varint(int field, long value) {
    raw(field << 3L);
    return raw(value);
  }

  public ProtoWriter zigzag(int field, long value) {
    return varint(field, (value << 1) ^ (value >> 63));
  }

  public ProtoWriter number(int field, double value) {
    raw(field << 3L | 1);
    return fixed(Double.doubleToRawLongBits(value));
  }

  public ProtoWriter fixed64(int field, long value) {
    raw(field << 3L | 1);
    return fixed(value);
  }

  public ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public ProtoWriter message(int field, ProtoWriter inner) {
    return bytes(field, inner.toBytes());
  }

  public ProtoWriter packedZigzag(int field, long... values) {
    var inner = new ProtoWriter();
    for (long value : values) {
      inner.raw((value << 1) ^ (value >> 63));
    }
    return message(field, inner);
  }

  public ProtoWriter packedVarints(int field, long... values) {
    var inner = new ProtoWriter();
    for (long value : values) {
      inner.raw(value);
    }
    return message(field, inner);
  }

  public ProtoWriter packedNumbers(int field, double... values) {
    var inner = new ProtoWriter();
    for (double value : values) {
      inner.fixed(Double.doubleToRawLongBits(value));
    }
    return message(field, inner);
  }

  public ProtoWriter packedFixed64(int field, long... values) {
    var inner = new ProtoWriter();
    for (long value : values) {
      inner.fixed(value);
    }
    return message(field, inner);
  }

  /// A message behind its length, as streams of messages have them.
  public ProtoWriter delimited(ProtoWriter message) {
    byte[] body = message.toBytes();
    raw(body.length);
    bytes.writeBytes(body);
    return this;
  }

  private ProtoWriter bytes(int field, byte[] value) {
    raw(field << 3L | 2);
    raw(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private ProtoWriter fixed(long value) {
    for (int i = 0; i < 8; i++) {
      bytes.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  private ProtoWriter raw(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }
}
