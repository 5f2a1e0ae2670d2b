package barograph.server.config;

import barograph.alerting.interval.DaySpan;
import barograph.alerting.interval.MinuteSpan;
import barograph.alerting.interval.Span;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.interval.TimeWindow;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/// Reads named windows of the calendar: `monday:friday`, `-3:-1`, `january:march`, `09:00`.
final class TimeIntervalReader {
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])|24:00");
  private static final List<String> WEEKDAYS =
      List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");
  private static final List<String> MONTHS =
      List.of(
          "january",
          "february",
          "march",
          "april",
          "may",
          "june",
          "july",
          "august",
          "september",
          "october",
          "november",
          "december");

  private TimeIntervalReader() {}

  static TimeInterval read(YamlNode node) {
    var map = node.asMap();
    String name = map.string("name", "");
    var windows = map.list("time_intervals").stream().map(TimeIntervalReader::window).toList();
    map.end();
    return map.checked(() -> new TimeInterval(name, windows));
  }

  private static TimeWindow window(YamlNode node) {
    var map = node.asMap();
    var times = map.list("times").stream().map(TimeIntervalReader::time).toList();
    var weekdays = spans(map, "weekdays", TimeIntervalReader::weekday, Span::new);
    var days = spans(map, "days_of_month", TimeIntervalReader::number, DaySpan::new);
    var months = spans(map, "months", TimeIntervalReader::month, Span::new);
    var years = spans(map, "years", TimeIntervalReader::number, Span::new);
    var location = map.get("location");
    var zone = location == null ? ZoneOffset.UTC : zone(location);
    map.end();
    return new TimeWindow(times, weekdays, days, months, years, zone);
  }

  private static MinuteSpan time(YamlNode node) {
    var map = node.asMap();
    int start = minute(map.need("start_time"));
    int end = minute(map.need("end_time"));
    map.end();
    return map.checked(() -> new MinuteSpan(start, end));
  }

  private static int minute(YamlNode node) {
    var text = node.asString();
    if (!TIME.matcher(text).matches()) {
      throw node.error(
          "couldn't parse timestamp %s, invalid format, expected one from 00:00 to 24:00"
              .formatted(text));
    }
    return Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
  }

  /// A list of spans, each one value or two with a colon between.
  private static <S> List<S> spans(
      YamlMap map, String key, ToIntFunction<String> value, BiFunction<Integer, Integer, S> make) {
    return map.list(key).stream()
        .map(node -> {
          var text = node.asString().toLowerCase(Locale.ROOT);
          int colon = text.indexOf(':');
          try {
            int first = value.applyAsInt(colon < 0 ? text : text.substring(0, colon));
            int last = colon < 0 ? first : value.applyAsInt(text.substring(colon + 1));
            return make.apply(first, last);
          } catch (IllegalArgumentException e) {
            throw node.error(String.valueOf(e.getMessage()));
          }
        })
        .toList();
  }

  private static int weekday(String text) {
    int day = WEEKDAYS.indexOf(text);
    if (day < 0) {
      throw new IllegalArgumentException(
          "%s is not a valid weekday, expected one such as monday".formatted(text));
    }
    return day;
  }

  private static int month(String text) {
    int month = MONTHS.indexOf(text) + 1;
    if (month > 0) {
      return month;
    }
    if (!text.matches("-?[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "%s is not a valid month, expected one such as may or 5".formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"%s\" is not a number".formatted(text), e);
    }
  }

  private static ZoneId zone(YamlNode node) {
    var name = node.asString();
    if (name.isEmpty()) {
      return ZoneOffset.UTC;
    }
    if (name.equals("Local")) {
      return ZoneId.systemDefault();
    }
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw node.error("unknown time zone %s, expected one such as Europe/Berlin".formatted(name));
    }
    return ZoneId.of(name);
  }
}
