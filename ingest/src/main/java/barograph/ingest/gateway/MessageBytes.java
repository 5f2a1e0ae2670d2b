package barograph.ingest.gateway;

import barograph.ingest.wire.WireReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A protocol-buffer message being written, field by field.
final class MessageBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  MessageBytes put(int field, long value) {
    varint((long) field << 3 | WireReader.VARINT);
    varint(value);
    return this;
  }

  MessageBytes put(int field, double value) {
    varint((long) field << 3 | WireReader.FIXED64);
    var bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(bytes.putDouble(0, value).array());
    return this;
  }

  MessageBytes put(int field, String text) {
    return put(field, text.getBytes(StandardCharsets.UTF_8));
  }

  MessageBytes put(int field, MessageBytes message) {
    return put(field, message.toBytes());
  }

  MessageBytes put(int field, byte[] bytes) {
    varint((long) field << 3 | WireReader.BYTES);
    return putDelimited(bytes);
  }

  /// Bytes behind their length, without a field's number.
  MessageBytes putDelimited(byte[] bytes) {
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /// Fields that are written already.
  MessageBytes putFields(byte[] from, int start, int end) {
    out.write(from, start, end - start);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
