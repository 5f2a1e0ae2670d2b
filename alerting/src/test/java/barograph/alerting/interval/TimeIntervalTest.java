package barograph.alerting.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeIntervalTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static TimeInterval of(TimeWindow... windows) {
    return new TimeInterval("test", List.of(windows));
  }

  private static TimeWindow times(ZoneId zone, MinuteSpan... spans) {
    return new TimeWindow(List.of(spans), List.of(), List.of(), List.of(), List.of(), zone);
  }

  private static TimeWindow days(DaySpan... spans) {
    return new TimeWindow(
        List.of(), List.of(), List.of(spans), List.of(), List.of(), ZoneOffset.UTC);
  }

  @Test
  void aWindowWithoutConditionsIsAlwaysAndAnIntervalWithoutWindowsNever() {
    assertThat(of(TimeWindow.always()).contains(Instant.EPOCH)).isTrue();
    assertThat(of().contains(Instant.EPOCH)).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2026-11-20T08:59:59Z, false",
    "2026-11-20T09:00:00Z, true",
    "2026-11-20T16:59:59.999Z, true",
    "2026-11-20T17:00:00Z, false",
  })
  void theEndOfATimeOfDayIsOutside(Instant moment, boolean inside) {
    var office = of(times(ZoneOffset.UTC, new MinuteSpan(9 * 60, 17 * 60)));
    assertThat(office.contains(moment)).isEqualTo(inside);
  }

  @Test
  void aDayLastsUntilMidnight() {
    var day = of(times(ZoneOffset.UTC, new MinuteSpan(0, 24 * 60)));
    assertThat(day.contains(Instant.parse("2026-11-20T23:59:59.999Z"))).isTrue();
  }

  /// Two in the morning comes twice when summer ends, and not at all when it begins.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2026-10-24T23:59:59Z, false",
    "2026-10-25T00:00:00Z, true",
    "2026-10-25T00:59:59Z, true",
    "2026-10-25T01:00:00Z, true",
    "2026-10-25T01:59:59Z, true",
    "2026-10-25T02:00:00Z, false",
    "2026-03-29T00:59:59Z, false",
    "2026-03-29T01:00:00Z, false",
    "2026-03-28T01:00:00Z, true",
  })
  void theClockIsTheZones(Instant moment, boolean inside) {
    var night = of(times(BERLIN, new MinuteSpan(2 * 60, 3 * 60)));
    assertThat(night.contains(moment)).isEqualTo(inside);
  }

  @Test
  void weekdaysBeginWithSunday() {
    var week =
        of(
            new TimeWindow(
                List.of(),
                List.of(new Span(0, 0), new Span(3, 4)),
                List.of(),
                List.of(),
                List.of(),
                ZoneOffset.UTC));
    for (var day = LocalDate.of(2026, 11, 1); day.getDayOfMonth() < 15; day = day.plusDays(1)) {
      assertThat(week.contains(day.atStartOfDay().toInstant(ZoneOffset.UTC)))
          .as("%s, a %s", day, day.getDayOfWeek())
          .isEqualTo(
              List.of(DayOfWeek.SUNDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY)
                  .contains(day.getDayOfWeek()));
    }
  }

  @ParameterizedTest(name = "{0} to {1} on {2}")
  @CsvSource({
    "1, 5, 2026-02-05, true",
    "1, 5, 2026-02-06, false",
    "-1, -1, 2026-02-28, true",
    "-1, -1, 2028-02-28, false",
    "-1, -1, 2028-02-29, true",
    "-3, -1, 2026-04-27, false",
    "-3, -1, 2026-04-28, true",
    "28, 31, 2026-02-28, true",
    "31, 31, 2026-04-30, false",
    "29, 31, 2026-02-28, false",
    "-31, -30, 2026-02-01, false",
    "-31, -28, 2026-02-01, true",
    "10, -10, 2026-04-21, true",
    "10, -10, 2026-04-22, false",
  })
  void daysAreCountedFromEitherEndOfTheirMonth(
      int first, int last, LocalDate date, boolean inside) {
    var moment = date.atTime(12, 0).toInstant(ZoneOffset.UTC);
    assertThat(of(days(new DaySpan(first, last))).contains(moment)).isEqualTo(inside);
  }

  @Test
  void allConditionsOfAWindowMustHoldAndAnyWindowWillDo() {
    var christmas =
        new TimeWindow(
            List.of(new MinuteSpan(0, 720)),
            List.of(),
            List.of(new DaySpan(25, 26)),
            List.of(new Span(12, 12)),
            List.of(new Span(2025, 2026)),
            ZoneOffset.UTC);
    var interval = of(christmas, days(new DaySpan(1, 1)));
    assertThat(interval.contains(Instant.parse("2026-12-25T11:00:00Z"))).isTrue();
    assertThat(interval.contains(Instant.parse("2026-12-25T12:00:00Z"))).isFalse();
    assertThat(interval.contains(Instant.parse("2026-11-25T11:00:00Z"))).isFalse();
    assertThat(interval.contains(Instant.parse("2027-12-25T11:00:00Z"))).isFalse();
    assertThat(interval.contains(Instant.parse("2027-06-01T23:00:00Z"))).isTrue();
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"0, 3", "1, 32", "-32, -1", "-5, 5", "5, 1", "-1, -3", "28, -5", "1, -31"})
  void aRangeOfDaysThatIsNoneIsRefused(int first, int last) {
    assertThatIllegalArgumentException().isThrownBy(() -> new DaySpan(first, last));
  }
}
