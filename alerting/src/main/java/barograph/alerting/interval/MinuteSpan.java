package barograph.alerting.interval;

/// A part of a day in minutes from midnight, its end not included; 1,440 is the end of the day.
public record MinuteSpan(int start, int end) {
  private static final int DAY = 24 * 60;

  public MinuteSpan {
    if (start < 0 || end > DAY) {
      throw new IllegalArgumentException(
          "minutes %d to %d are no part of a day of %d".formatted(start, end, DAY));
    }
    if (start >= end) {
      throw new IllegalArgumentException("start time cannot be equal or greater than end time");
    }
  }

  boolean contains(int minute) {
    return start <= minute && minute < end;
  }
}
