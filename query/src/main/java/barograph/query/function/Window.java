package barograph.query.function;

/// The samples of one series that a range function sees at one step.
///
/// One instance slides over a series: times in milliseconds and values stand in columns, of which
/// the window covers `[from, to)`; the columns hold samples before and behind it too.
public final class Window {
  private long[] times = new long[0];
  private double[] values = new double[0];
  private int size;
  private int from;
  private int to;
  private long startMillis;
  private long endMillis;
  private long stepMillis;
  private long leftOut;
  private double first;
  private double second;

  /// Puts the window before another series.
  public void series(long[] newTimes, double[] newValues, int newSize) {
    times = newTimes;
    values = newValues;
    size = newSize;
    from = 0;
    to = 0;
  }

  /// Moves the window to the samples `[newFrom, newTo)`, those after `start` up to `end`.
  ///
  /// @param evaluationMillis the time of the step, which offsets do not move
  public void moveTo(int newFrom, int newTo, long start, long end, long evaluationMillis) {
    from = newFrom;
    to = newTo;
    startMillis = start;
    endMillis = end;
    stepMillis = evaluationMillis;
  }

  /// Says how many samples of the series are missing from the columns although they are in every
  /// window: the function does not need them, but may ask how many there were.
  public void leftOut(long samples) {
    leftOut = samples;
  }

  /// How many were left out so.
  public long leftOut() {
    return leftOut;
  }

  /// Sets what the function is told beside the samples, at this step.
  public void parameters(double newFirst, double newSecond) {
    first = newFirst;
    second = newSecond;
  }

  public long[] times() {
    return times;
  }

  public double[] values() {
    return values;
  }

  /// How many samples the columns hold.
  public int seriesSize() {
    return size;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /// How many samples of the columns are in the window.
  public int count() {
    return to - from;
  }

  /// The same, and those that were left out.
  public long countOfAll() {
    return count() + leftOut;
  }

  /// The left bound, which is outside.
  public long startMillis() {
    return startMillis;
  }

  /// The right bound, which is inside.
  public long endMillis() {
    return endMillis;
  }

  public long stepMillis() {
    return stepMillis;
  }

  public double firstParameter() {
    return first;
  }

  public double secondParameter() {
    return second;
  }
}
