package barograph.storage;

import barograph.storage.wal.Log;
import java.util.Arrays;

/// Samples on their way to the log: gathers those of one target and time into rows, and several of
/// one series into runs. The sequencer's own.
final class Gather {
  private final Log log;
  private int[] refs = new int[256];
  private long[] times = new long[256];
  private double[] values = new double[256];
  private int count;
  private int target;

  /// All gathered so far are of the same series, and more than one.
  private boolean run;

  Gather(Log log) {
    this.log = log;
  }

  void add(int ref, int itsTarget, long time, double value) {
    if (count > 0) {
      boolean continuesRun = ref == refs[count - 1] && (run || count == 1);
      boolean continuesRow = !run && itsTarget == target && time == times[count - 1];
      if (!continuesRun && !continuesRow) {
        flush();
      }
      run = continuesRun;
    }
    if (count == refs.length) {
      refs = Arrays.copyOf(refs, count * 2);
      times = Arrays.copyOf(times, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    refs[count] = ref;
    times[count] = time;
    values[count++] = value;
    target = itsTarget;
  }

  void flush() {
    if (count == 1) {
      log.sample(refs[0], times[0], values[0]);
    } else if (count > 1 && run) {
      log.samples(refs[0], times, values, 0, count);
    } else if (count > 1) {
      log.row(target, times[0], refs, values, 0, count);
    }
    count = 0;
    run = false;
  }
}
