package barograph.alerting.interval;

/// Days of a month, counted from its beginning, or from its end by negative numbers: `-1` is the
/// last day.
public record DaySpan(int first, int last) {
  private static final int MOST = 31;
  private static final int USUAL = 30;

  public DaySpan {
    if (!isDay(first) || !isDay(last)) {
      throw new IllegalArgumentException(
          "%d:%d is no range of days of a month, expected 1 to 31 or -31 to -1"
              .formatted(first, last));
    }
    if (first < 0 && last > 0) {
      throw new IllegalArgumentException(
          "%d:%d starts from the end of the month and ends from its start".formatted(first, last));
    }
    // Where they meet depends on the month; this much is wrong in any.
    int end = first > 0 && last < 0 ? USUAL + last : last;
    if (first > end) {
      throw new IllegalArgumentException(
          "range of days starts at %d, after its end at %d".formatted(first, last));
    }
  }

  private static boolean isDay(int day) {
    return day != 0 && Math.abs(day) <= MOST;
  }

  /// Whether it has `day` of a month of `length` days; what lies beyond the month is cut off.
  boolean contains(int day, int length) {
    int from = first > 0 ? first : length + first + 1;
    int to = last > 0 ? last : length + last + 1;
    return from <= day && day <= to;
  }
}
