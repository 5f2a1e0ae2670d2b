package barograph.query.function;

/// The smallest or largest sample of each window; NaN only where there is nothing else.
///
/// Where windows are some steps long, the extremes of what comes between two steps are found once
/// and then compared. Else the candidates of the window are kept in order, so that every sample is
/// looked at once per series however many windows cover it; where they are few, or hardly any other
/// window covers them, it is quicker to look at all of them.
final class Extremes implements WindowFunction {
  /// What a sample costs as a candidate, in samples just looked at.
  private static final int CANDIDATE_COST = 4;

  /// Of more steps to a window, candidates are cheaper.
  private static final int MOST_STEPS = 16;

  private final boolean largest;
  private int[] candidates = new int[16];
  private int head;
  private int tail;
  private int next;

  /// Where the window before ended.
  private int seen;

  /// By step, and in front of the first one those that its window reaches back: where the samples
  /// since the step before begin, and their extreme.
  private int[] firsts = new int[65];

  private double[] extremes = new double[64];

  Extremes(boolean largest) {
    this.largest = largest;
  }

  @Override
  public void start(Window window) {
    head = 0;
    tail = 0;
    next = 0;
    seen = 0;
  }

  @Override
  public double at(Window window) {
    double[] values = window.values();
    int fresh = window.to() - Math.max(seen, window.from());
    seen = window.to();
    if (window.count() <= CANDIDATE_COST * fresh) {
      return extreme(values, window.from(), window.to());
    }
    if (next < window.from()) {
      next = window.from();
    }
    for (; next < window.to(); next++) {
      double value = values[next];
      if (Double.isNaN(value)) {
        continue;
      }
      while (tail > head && beats(value, values[candidates[tail - 1]])) {
        tail--;
      }
      push(next);
    }
    while (head < tail && candidates[head] < window.from()) {
      head++;
    }
    return head == tail ? Double.NaN : values[candidates[head]];
  }

  @Override
  public long slide(Window window, long[] ends, long rangeMillis, double[] into) {
    int steps = into.length;
    long pace = steps > 1 ? ends[1] - ends[0] : 0;
    if (pace <= 0
        || rangeMillis % pace != 0
        || rangeMillis / pace > MOST_STEPS
        || ends[steps - 1] - ends[0] != (steps - 1) * pace) {
      return STEP_BY_STEP;
    }
    int width = (int) (rangeMillis / pace);
    look(window, ends[0] - rangeMillis, pace, steps + width - 1);
    long samples = 0;
    for (int step = 0; step < steps; step++) {
      int count = firsts[step + width] - firsts[step];
      if (count == 0) {
        into[step] = Absence.NONE;
      } else {
        into[step] = extremeOf(step, step + width);
        samples += count + window.leftOut();
      }
    }
    return samples;
  }

  /// Finds the extremes of `pieces` pieces of `pace` milliseconds behind `start`.
  private void look(Window window, long start, long pace, int pieces) {
    if (extremes.length < pieces) {
      extremes = new double[pieces];
      firsts = new int[pieces + 1];
    }
    long[] times = window.times();
    double[] values = window.values();
    int size = window.seriesSize();
    int at = 0;
    while (at < size && times[at] <= start) {
      at++;
    }
    long end = start;
    for (int piece = 0; piece < pieces; piece++) {
      end += pace;
      int first = at;
      while (at < size && times[at] <= end) {
        at++;
      }
      firsts[piece] = first;
      if (first < at) {
        extremes[piece] = extreme(values, first, at);
      }
    }
    firsts[pieces] = at;
  }

  /// The extreme of the pieces from `from` to `to`, of which one has samples.
  private double extremeOf(int from, int to) {
    int piece = from;
    while (firsts[piece] == firsts[piece + 1]) {
      piece++;
    }
    double best = extremes[piece];
    for (piece++; piece < to; piece++) {
      if (firsts[piece] < firsts[piece + 1]
          && (beats(extremes[piece], best) || Double.isNaN(best))) {
        best = extremes[piece];
      }
    }
    return best;
  }

  private double extreme(double[] values, int from, int to) {
    int i = from;
    while (i < to - 1 && Double.isNaN(values[i])) {
      i++;
    }
    return largest ? largestOf(values, i, to) : smallestOf(values, i, to);
  }

  private static double largestOf(double[] values, int from, int to) {
    double best = values[from];
    for (int i = from + 1; i < to; i++) {
      best = values[i] > best ? values[i] : best;
    }
    return best;
  }

  private static double smallestOf(double[] values, int from, int to) {
    double best = values[from];
    for (int i = from + 1; i < to; i++) {
      best = values[i] < best ? values[i] : best;
    }
    return best;
  }

  private void push(int index) {
    if (tail == candidates.length) {
      int live = tail - head;
      int[] target = live > candidates.length / 2 ? new int[2 * candidates.length] : candidates;
      System.arraycopy(candidates, head, target, 0, live);
      candidates = target;
      head = 0;
      tail = live;
    }
    candidates[tail++] = index;
  }

  private boolean beats(double value, double other) {
    return largest ? value > other : value < other;
  }

  /// The time in seconds of the last extreme sample in the window.
  static double lastTimeOf(Window window, boolean largest) {
    double[] values = window.values();
    int best = window.from();
    for (int i = window.from() + 1; i < window.to(); i++) {
      boolean better = largest ? values[i] >= values[best] : values[i] <= values[best];
      if (better || Double.isNaN(values[best])) {
        best = i;
      }
    }
    return window.times()[best] / 1e3;
  }
}
