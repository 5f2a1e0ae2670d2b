package barograph.benchmarks;

import barograph.storage.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes `prometheus.WriteRequest` messages as a sender does (remote write 1.0).
final class WriteRequestBytes {
  private final ByteArrayOutputStream request = new ByteArrayOutputStream();

  /// Adds one series with one sample.
  WriteRequestBytes add(Labels labels, long timestampMillis, double value) {
    var series = new ByteArrayOutputStream();
    for (int i = 0; i < labels.size(); i++) {
      var label = new ByteArrayOutputStream();
      field(label, 1, labels.name(i).getBytes(StandardCharsets.UTF_8));
      field(label, 2, labels.value(i).getBytes(StandardCharsets.UTF_8));
      field(series, 1, label.toByteArray());
    }
    var sample = new ByteArrayOutputStream();
    sample.write(1 << 3 | 1);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      sample.write((int) (bits >>> shift));
    }
    sample.write(2 << 3);
    varint(sample, timestampMillis);
    field(series, 2, sample.toByteArray());
    field(request, 1, series.toByteArray());
    return this;
  }

  byte[] packed() {
    return SnappyPacker.pack(request.toByteArray());
  }

  private static void field(ByteArrayOutputStream into, int number, byte[] content) {
    into.write(number << 3 | 2);
    varint(into, content.length);
    into.writeBytes(content);
  }

  private static void varint(ByteArrayOutputStream into, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      into.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    into.write((int) rest);
  }
}
