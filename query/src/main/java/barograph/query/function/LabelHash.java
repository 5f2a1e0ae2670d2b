package barograph.query.function;

import barograph.storage.model.Labels;
import barograph.storage.model.XxHash64;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The number that labels hash to, the same in every process and with Prometheus: which series
/// `limit_ratio` picks depends on it.
///
/// [XxHash64] of names and values, each behind its length.
public final class LabelHash {
  private LabelHash() {}

  /// The hash as a number from 0 up to 1.
  public static double share(Labels labels) {
    long hash = of(labels);
    double number = (hash >>> 1) * 2.0 + (hash & 1);
    return hash >= 0 ? hash / 0x1p64 : number / 0x1p64;
  }

  static long of(Labels labels) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < labels.size(); i++) {
      write(bytes, labels.name(i));
      write(bytes, labels.value(i));
    }
    return XxHash64.of(bytes.toByteArray());
  }

  private static void write(ByteArrayOutputStream into, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 255) {
      into.write(bytes.length);
    } else {
      into.write(255);
      into.write(bytes.length);
      into.write(bytes.length >> 8);
      into.write(bytes.length >> 16);
    }
    into.writeBytes(bytes);
  }
}
