package barograph.server.practice;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/// Remote write requests (1.0) as agents of small fleets send them: the way of a sample into the
/// store is the one that must be fast from a start's first second on.
///
/// They come in rounds, in which series have their next sample. They cost next to nothing to make:
/// each is the same few series over and over, with other digits, values and times.
public final class RehearsedWrites implements Iterator<byte[]> {
  /// How many requests it takes until each series of a fleet has had a sample.
  private static final int PARTS = 10;

  /// So many until chunks are full.
  private static final int ROUNDS = 130;

  /// What every sample passes is compiled soon if every series of the fleet has some.
  private static final int ROUNDS_OF_ALL = 8;

  /// What only new series pass takes more of those than one fleet has: so many parts of another are
  /// new in each of the first rounds.
  private static final int NEW_PARTS = 1;

  /// Later rounds only fill some series' chunks.
  private static final int LATER_PARTS = 1;

  private static final int HOSTS = 40;
  private static final int GROUPS_OF_A_HOST = 120;
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private static final String METRIC = "MMM";
  private static final String HOST = "HHH";
  private static final String[][] GROUP = {
    {"rehearsal_MMM_total"},
    {"rehearsal_of_MMM", "device", "disk-MMM", "kind", "MMM"},
    {"rehearsal_MMM_seconds_bucket", "le", "0.MMM"},
    {"rehearsal_MMM", "device", "eth", "direction", "in", "state", "MMM"},
  };

  /// A sample ends with eight bytes of value, a tag, and six of time.
  private static final int TIME_BYTES = 6;

  private static final int VALUE_AND_TIME_BYTES = Double.BYTES + 1 + TIME_BYTES;

  private final Instant end;
  private int round;
  private int step;

  /// A few series of different lengths, each of which ends at one of `ends`.
  private final byte[] group;

  private final int[] ends = new int[GROUP.length];
  private final int[] metricAt;
  private final int[] hostAt;

  private final byte[] plain;
  private final SnappyPacker packer = new SnappyPacker();

  /// @param end when the round comes that would be the next after the last
  public RehearsedWrites(Instant end) {
    this.end = end;
    var all = new WireWriter();
    for (int i = 0; i < GROUP.length; i++) {
      all.field(1, series(GROUP[i]));
      ends[i] = all.size();
    }
    group = all.copy();
    metricAt = placesOf(METRIC);
    hostAt = placesOf(HOST);
    plain = new byte[HOSTS / PARTS * GROUPS_OF_A_HOST * group.length];
  }

  private WireWriter series(String[] labels) {
    var series = new WireWriter();
    label(series, "__name__", labels[0]);
    for (int i = 1; i < labels.length; i += 2) {
      label(series, labels[i], labels[i + 1]);
    }
    label(series, "instance", "host-" + HOST + ".example:9100");
    label(series, "job", "rehearsal");
    return series.field(2, new WireWriter().fixedDouble(1, 0).varint(2, end.toEpochMilli()));
  }

  private static void label(WireWriter labels, String name, String value) {
    labels.field(1, new WireWriter().text(1, name).text(2, value));
  }

  private int[] placesOf(String digits) {
    var text = new String(group, StandardCharsets.ISO_8859_1);
    return IntStream.range(0, group.length).filter(at -> text.startsWith(digits, at)).toArray();
  }

  @Override
  public boolean hasNext() {
    return round < ROUNDS;
  }

  /// The body of the next request.
  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all %d rounds are over".formatted(ROUNDS));
    }
    int fleet = step < PARTS ? 0 : 1 + round;
    byte[] request = request(fleet, step % PARTS);
    step++;
    if (step == (round < ROUNDS_OF_ALL ? PARTS + NEW_PARTS : LATER_PARTS)) {
      step = 0;
      round++;
    }
    return request;
  }

  /// In even rounds a request has all series of some hosts, in odd ones some series of all hosts,
  /// as the two kinds of senders divide them.
  ///
  /// @param fleet whose series they are, less than 25
  private byte[] request(int fleet, int part) {
    long time = end.minus(INTERVAL.multipliedBy(ROUNDS - round)).toEpochMilli();
    boolean byHost = round % 2 == 0;
    int hosts = byHost ? HOSTS / PARTS : HOSTS;
    int metrics = byHost ? GROUPS_OF_A_HOST : GROUPS_OF_A_HOST / PARTS;
    int firstHost = fleet * HOSTS + (byHost ? part * hosts : 0);
    int firstMetric = byHost ? 0 : part * metrics;
    int at = 0;
    for (int host = firstHost; host < firstHost + hosts; host++) {
      for (int metric = firstMetric; metric < firstMetric + metrics; metric++) {
        System.arraycopy(group, 0, plain, at, group.length);
        putDigits(at, metricAt, metric);
        putDigits(at, hostAt, host);
        for (int i = 0; i < ends.length; i++) {
          putSample(at + ends[i], value(GROUP.length * metric + i, round), time);
        }
        at += group.length;
      }
    }
    return packer.pack(plain, plain.length);
  }

  /// Counters, gauges with and without decimals, what stands still, and what does so at times.
  private static double value(int series, int round) {
    return switch (series % 7) {
      case 0, 1 -> series + 17.0 * round;
      case 2 -> series + round / 8;
      case 3 -> Math.round(1000 * Math.sin(series + round)) / 100.0;
      case 4 -> Math.sqrt(series + round);
      case 5 -> Math.round(4 * Math.cos(series + round));
      default -> series;
    };
  }

  private void putDigits(int base, int[] places, int number) {
    for (int place : places) {
      int rest = number;
      for (int at = base + place + 2; at >= base + place; at--) {
        plain[at] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
  }

  private void putSample(int seriesEnd, double value, long time) {
    DOUBLES.set(plain, seriesEnd - VALUE_AND_TIME_BYTES, value);
    for (int i = 0; i < TIME_BYTES; i++) {
      int more = i < TIME_BYTES - 1 ? 0x80 : 0;
      plain[seriesEnd - TIME_BYTES + i] = (byte) (((time >>> (7 * i)) & 0x7f) | more);
    }
  }
}
