package barograph.server.api;

import barograph.query.ast.Durations;
import barograph.query.value.NumberText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Times and durations as the API's parameters write them, and as its answers do.
final class Times {
  /// The earliest and latest time that Prometheus knows; clients send the texts as they are.
  static final long MIN_MILLIS = Long.MIN_VALUE / 1_000 * 1_000 + 62_135_596_801_000L;

  static final long MAX_MILLIS = Long.MAX_VALUE / 1_000 * 1_000 - 62_135_596_801_000L + 999;
  private static final String MIN_TEXT = "-292273086-05-16T16:47:06Z";
  private static final String MAX_TEXT = "292309154-08-11T07:12:54.999999999Z";
  private static final double MAX_SECONDS = Long.MAX_VALUE / 1_000.0;

  private Times() {}

  /// Milliseconds of a parameter: Unix seconds, perhaps with a fraction, or RFC 3339.
  static long parse(String name, String text) {
    try {
      double seconds = NumberText.parse(text);
      if (!(Math.abs(seconds) < MAX_SECONDS)) {
        throw cannotParse(name, text);
      }
      double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
      return ((long) whole) * 1_000 + Math.round((seconds - whole) * 1_000);
    } catch (NumberFormatException e) {
      // Not a number: a date.
    }
    String unsigned = text.startsWith("+") ? text.substring(1) : text;
    if (unsigned.equals(MIN_TEXT)) {
      return MIN_MILLIS;
    }
    if (unsigned.equals(MAX_TEXT)) {
      return MAX_MILLIS;
    }
    try {
      return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw cannotParse(name, text);
    }
  }

  private static ApiError cannotParse(String name, String text) {
    return ApiError.badParameter(name, "cannot parse \"%s\" to a valid timestamp".formatted(text));
  }

  /// Milliseconds of a duration: seconds, perhaps with a fraction, or a text such as `5m`.
  ///
  /// @throws IllegalArgumentException if it is neither
  static long parseDuration(String text) {
    try {
      double millis = NumberText.parse(text) * 1_000;
      if (!(Math.abs(millis) < Durations.MAX_MILLIS)) {
        throw new IllegalArgumentException(
            "cannot parse \"%s\" to a valid duration. It overflows int64".formatted(text));
      }
      return (long) millis;
    } catch (NumberFormatException e) {
      // Not a number: units.
    }
    try {
      return Durations.parseMillis(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot parse \"%s\" to a valid duration".formatted(text), e);
    }
  }

  /// RFC 3339 in UTC with the fraction that there is.
  static String text(Instant instant) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }

  /// What stands for "never".
  static String never() {
    return "0001-01-01T00:00:00Z";
  }
}
