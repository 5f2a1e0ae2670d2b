package barograph.alerting.interval;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.Predicate;

/// Moments that pass every one of these conditions, each of which is a list of choices; an empty
/// list is no condition.
///
/// @param times of the day
/// @param weekdays 0 is Sunday
/// @param months 1 is January
/// @param zone whose calendar and clock are meant
public record TimeWindow(
    List<MinuteSpan> times,
    List<Span> weekdays,
    List<DaySpan> daysOfMonth,
    List<Span> months,
    List<Span> years,
    ZoneId zone) {
  private static final int WEEK = 7;

  public TimeWindow {
    times = List.copyOf(times);
    weekdays = List.copyOf(weekdays);
    daysOfMonth = List.copyOf(daysOfMonth);
    months = List.copyOf(months);
    years = List.copyOf(years);
  }

  /// Every moment there is.
  public static TimeWindow always() {
    return new TimeWindow(List.of(), List.of(), List.of(), List.of(), List.of(), ZoneOffset.UTC);
  }

  boolean contains(Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    int minute = there.getHour() * 60 + there.getMinute();
    int weekday = there.getDayOfWeek().getValue() % WEEK;
    int length = there.toLocalDate().lengthOfMonth();
    return any(times, span -> span.contains(minute))
        && any(weekdays, span -> span.contains(weekday))
        && any(daysOfMonth, span -> span.contains(there.getDayOfMonth(), length))
        && any(months, span -> span.contains(there.getMonthValue()))
        && any(years, span -> span.contains(there.getYear()));
  }

  private static <T> boolean any(List<T> choices, Predicate<T> fits) {
    return choices.isEmpty() || choices.stream().anyMatch(fits);
  }
}
