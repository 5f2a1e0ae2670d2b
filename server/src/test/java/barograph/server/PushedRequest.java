package barograph.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/// A remote-write request of one sample per series, put together by hand: the protobuf message in a
/// Snappy block that holds literals alone.
final class PushedRequest {
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  /// Labels of a series, its name first.
  static Map<String, String> labels(String name, String... namesAndValues) {
    var labels = new HashMap<String, String>();
    labels.put("__name__", name);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }

  /// Adds a series with its labels sorted, as senders do.
  PushedRequest series(Map<String, String> labels, long timeMillis, double value) {
    var series = new ByteArrayOutputStream();
    labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(label -> {
          var pair = new ByteArrayOutputStream();
          nested(pair, 1, label.getKey().getBytes(UTF_8));
          nested(pair, 2, label.getValue().getBytes(UTF_8));
          nested(series, 1, pair.toByteArray());
        });
    var sample = new ByteArrayOutputStream();
    sample.write((1 << 3) | 1);
    sample.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    sample.write(2 << 3);
    varint(sample, timeMillis);
    nested(series, 2, sample.toByteArray());
    nested(message, 1, series.toByteArray());
    return this;
  }

  byte[] snappy() {
    byte[] plain = message.toByteArray();
    var block = new ByteArrayOutputStream();
    varint(block, plain.length);
    for (int at = 0; at < plain.length; at += 60) {
      int size = Math.min(60, plain.length - at);
      block.write((size - 1) << 2);
      block.write(plain, at, size);
    }
    return block.toByteArray();
  }

  private static void nested(ByteArrayOutputStream out, int field, byte[] content) {
    out.write((field << 3) | 2);
    varint(out, content.length);
    out.writeBytes(content);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
