package barograph.ingest.remotewrite;

import barograph.ingest.unpack.SnappyWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Builds remote-write requests by hand, right ones and wrong ones.
final class Pushed {
  private final ByteArrayOutputStream request = new ByteArrayOutputStream();

  /// Adds a series: labels as alternating names and values, then its samples.
  Pushed series(String labels, Object... timesAndValues) {
    var series = new ByteArrayOutputStream();
    for (String label : labels.isEmpty() ? new String[0] : labels.split(",", -1)) {
      String[] pair = label.split("=", 2);
      series.writeBytes(
          label(
              pair[0].getBytes(StandardCharsets.UTF_8), pair[1].getBytes(StandardCharsets.UTF_8)));
    }
    for (int i = 0; i < timesAndValues.length; i += 2) {
      series.writeBytes(
          sample((long) timesAndValues[i], ((Number) timesAndValues[i + 1]).doubleValue()));
    }
    return raw(field(1, series.toByteArray()));
  }

  Pushed raw(byte[] bytes) {
    request.writeBytes(bytes);
    return this;
  }

  byte[] plain() {
    return request.toByteArray();
  }

  ByteBuffer packed() {
    return ByteBuffer.wrap(SnappyWriter.literals(plain()));
  }

  static byte[] label(byte[] name, byte[] value) {
    return field(1, concat(field(1, name), field(2, value)));
  }

  static byte[] sample(long timestamp, double value) {
    byte[] bits =
        ByteBuffer.allocate(9)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x09)
            .putDouble(value)
            .array();
    return field(2, concat(bits, concat(new byte[] {0x10}, varint(timestamp))));
  }

  static byte[] field(int number, byte[] content) {
    return concat(varint((long) number << 3 | 2), concat(varint(content.length), content));
  }

  static byte[] varint(long value) {
    var bytes = new ByteArrayOutputStream();
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    bytes.write((int) left);
    return bytes.toByteArray();
  }

  static byte[] concat(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
