package barograph.server;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.WireWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Remote write requests (1.0) as an agent of a small fleet sends them: the way of a sample into
/// the store is the one that must be fast from a start's first second on.
final class RehearsedWrites {
  private static final int HOSTS = 40;
  private static final int HOSTS_OF_A_REQUEST = 4;
  private static final int METRICS = 500;
  private static final int ROUNDS = 25;
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private RehearsedWrites() {}

  /// Some rounds of all series of the fleet, one host after the other.
  static List<byte[]> upTo(Instant end) {
    var requests = new ArrayList<byte[]>();
    var packer = new SnappyPacker();
    var request = new WireWriter();
    for (int round = 0; round < ROUNDS; round++) {
      long time = end.minus(INTERVAL.multipliedBy(ROUNDS - round)).toEpochMilli();
      for (int first = 0; first < HOSTS; first += HOSTS_OF_A_REQUEST) {
        request.clear();
        for (int host = first; host < first + HOSTS_OF_A_REQUEST; host++) {
          for (int metric = 0; metric < METRICS; metric++) {
            request.field(1, series(host, metric, round, time));
          }
        }
        requests.add(packer.pack(request.bytes(), request.size()));
      }
    }
    return requests;
  }

  private static WireWriter series(int host, int metric, int round, long time) {
    var series = new WireWriter();
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
    return series.field(2, new WireWriter().fixedDouble(1, value).varint(2, time));
  }

  private static void label(WireWriter series, String name, String value) {
    series.field(1, new WireWriter().text(1, name).text(2, value));
  }
}
