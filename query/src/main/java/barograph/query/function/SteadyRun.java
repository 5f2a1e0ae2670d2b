package barograph.query.function;

/// Samples of a series that are equally far apart, and the windows over them that are all alike.
///
/// Where samples come on a beat, and steps are a multiple of it, each window holds as many samples
/// as the one before, as far from its edges: it need not be searched for. Where several steps make
/// a beat, that is so of windows so many steps apart. Finds each run once as windows move on.
final class SteadyRun {
  /// Shorter runs are not worth a division.
  private static final int LEAST_SAMPLES = 8;

  private static final int MOST_STEPS = 16;

  private long pace;
  private long beat;

  /// The run's last sample.
  private int tail;

  /// By how many samples a window is behind the one before that is like it; 0 if windows over the
  /// run are not alike.
  private int stride;

  /// By how many steps it is.
  private int apart = 1;

  /// Begins with another series.
  ///
  /// @param ends where windows end, by step
  void start(long[] ends) {
    pace = ends.length > 1 ? ends[1] - ends[0] : 0;
    stride = 0;
    tail = pace > 0 ? 0 : Integer.MAX_VALUE;
  }

  /// With which first sample of a window [#following] is worth asking again.
  int firstWorthAsking() {
    return stride > 0 ? 0 : tail;
  }

  /// How many windows after that of `step`, each [#apart] steps behind the one before, hold as many
  /// samples, each as far from the edges; the next one begins [#stride] samples further on. 0 if
  /// that is not known.
  ///
  /// @param size how many samples there are
  /// @param ends where windows end, by step
  /// @param startMillis where the window of `step` begins
  /// @param first its first sample, no earlier than the last time this was asked for
  /// @param last its last
  int following(
      long[] times, int size, long[] ends, int step, long startMillis, int first, int last) {
    if (first >= tail) {
      find(times, size, first);
    }
    if (stride == 0 || last >= tail || times[first] - beat > startMillis) {
      return 0;
    }
    // The sample behind a window's last belongs to the run too: it is the one that ends the window.
    int windows = Math.min((tail - 1 - last) / stride, (ends.length - 1 - step) / apart);
    // Far from all times steps are closer together than elsewhere.
    return ends[step + windows * apart] - ends[step] == (long) windows * apart * pace ? windows : 0;
  }

  int apart() {
    return apart;
  }

  int stride() {
    return stride;
  }

  private void find(long[] times, int size, int from) {
    stride = 0;
    int next = from + 1;
    if (next < size) {
      beat = times[next] - times[from];
      do {
        next++;
      } while (next < size && times[next] - times[next - 1] == beat);
    }
    tail = next - 1;
    if (next - from < LEAST_SAMPLES || beat <= 0) {
      return;
    }
    if (pace % beat == 0) {
      stride = (int) Math.min(size, pace / beat);
      apart = 1;
    } else if (beat % pace == 0 && beat / pace <= MOST_STEPS) {
      stride = 1;
      apart = (int) (beat / pace);
    }
  }
}
