package barograph.storage;

import barograph.storage.wal.Log;
import java.util.Arrays;

/// Late samples on their way to the log: gathers those of one series that stand next to each other.
final class LateGather {
  private final Log log;
  private long[] times = new long[64];
  private double[] values = new double[64];
  private int count;
  private int ref;

  LateGather(Log log) {
    this.log = log;
  }

  void add(int itsRef, long time, double value) {
    if (itsRef != ref) {
      flush();
      ref = itsRef;
    }
    if (count == times.length) {
      times = Arrays.copyOf(times, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    times[count] = time;
    values[count++] = value;
  }

  void flush() {
    if (count > 0) {
      log.late(ref, times, values, 0, count);
    }
    count = 0;
  }
}
