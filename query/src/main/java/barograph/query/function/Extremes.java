package barograph.query.function;

/// The smallest or largest sample of each window; NaN only where there is nothing else.
///
/// Keeps the candidates of the window in order, so that every sample is looked at once per series
/// however many windows cover it; where they are few, or hardly any other window covers them, it is
/// quicker to look at all of them.
final class Extremes implements WindowFunction {
  /// What a sample costs as a candidate, in samples just looked at.
  private static final int CANDIDATE_COST = 4;

  private final boolean largest;
  private int[] candidates = new int[16];
  private int head;
  private int tail;
  private int next;

  /// Where the window before ended.
  private int seen;

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
      return largest ? largestOf(window) : smallestOf(window);
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

  private static double largestOf(Window window) {
    double[] values = window.values();
    int i = firstNumber(window);
    double best = values[i];
    for (int to = window.to(); i < to; i++) {
      best = values[i] > best ? values[i] : best;
    }
    return best;
  }

  private static double smallestOf(Window window) {
    double[] values = window.values();
    int i = firstNumber(window);
    double best = values[i];
    for (int to = window.to(); i < to; i++) {
      best = values[i] < best ? values[i] : best;
    }
    return best;
  }

  /// Where the first sample is that is not NaN, or the last one.
  private static int firstNumber(Window window) {
    int i = window.from();
    while (i < window.to() - 1 && Double.isNaN(window.values()[i])) {
      i++;
    }
    return i;
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
