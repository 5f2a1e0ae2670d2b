package barograph.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Remote write requests (1.0) as an agent of a small fleet sends them: the way of a sample into
/// the store is the one that must be fast from a start's first second on.
final class RehearsedWrites {
  private static final int HOSTS = 40;
  private static final int METRICS = 500;
  private static final int ROUNDS = 25;
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final int SNAPPY_LITERAL = 60;

  private RehearsedWrites() {}

  /// Some rounds of all series of the fleet, one host after the other.
  static List<byte[]> upTo(Instant end) {
    var requests = new ArrayList<byte[]>();
    for (int round = 0; round < ROUNDS; round++) {
      long time = end.minus(INTERVAL.multipliedBy(ROUNDS - round)).toEpochMilli();
      for (int first = 0; first < HOSTS; first += 4) {
        var request = new ByteArrayOutputStream();
        for (int host = first; host < first + 4; host++) {
          for (int metric = 0; metric < METRICS; metric++) {
            field(request, 1, series(host, metric, round, time));
          }
        }
        requests.add(literals(request.toByteArray()));
      }
    }
    return requests;
  }

  private static byte[] series(int host, int metric, int round, long time) {
    var series = new ByteArrayOutputStream();
    label(series, "__name__", "rehearsal_%d_total".formatted(metric / 5));
    label(series, "device", "disk" + metric % 5);
    label(series, "instance", "host-%d.example:9100".formatted(host));
    label(series, "job", "rehearsal");
    // Counters, gauges with decimals, and what hardly ever changes.
    double value =
        switch (metric % 4) {
          case 0 -> metric + 17.0 * round;
          case 1 -> Math.round(1000 * Math.sin(metric + round)) / 100.0;
          case 2 -> Math.sqrt(metric + round);
          default -> metric;
        };
    var sample = new ByteArrayOutputStream();
    sample.write(1 << 3 | 1);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      sample.write((int) (bits >>> shift));
    }
    sample.write(2 << 3);
    varint(sample, time);
    field(series, 2, sample.toByteArray());
    return series.toByteArray();
  }

  private static void label(ByteArrayOutputStream series, String name, String value) {
    var label = new ByteArrayOutputStream();
    field(label, 1, name.getBytes(StandardCharsets.UTF_8));
    field(label, 2, value.getBytes(StandardCharsets.UTF_8));
    field(series, 1, label.toByteArray());
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

  /// A Snappy block that packs nothing.
  private static byte[] literals(byte[] plain) {
    var block = new ByteArrayOutputStream(plain.length + plain.length / 32);
    varint(block, plain.length);
    for (int at = 0; at < plain.length; at += SNAPPY_LITERAL) {
      int length = Math.min(SNAPPY_LITERAL, plain.length - at);
      block.write((length - 1) << 2);
      block.write(plain, at, length);
    }
    return block.toByteArray();
  }
}
