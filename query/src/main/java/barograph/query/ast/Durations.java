package barograph.query.ast;

import java.util.List;

/// Durations as Prometheus writes them in queries, configuration and rules: `1h30m`, `250ms`.
///
/// A year has 365 days, a week 7, a day 24 hours.
public final class Durations {
  /// The longest that Prometheus can hold: 63 bits of nanoseconds.
  public static final long MAX_MILLIS = Long.MAX_VALUE / 1_000_000;

  private static final List<String> UNITS = List.of("y", "w", "d", "h", "m", "s", "ms");
  private static final long[] MILLIS = {
    365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1
  };

  private Durations() {}

  /// The length in milliseconds of a text such as `1h30m`: units descending, each at most once.
  ///
  /// @throws IllegalArgumentException with Prometheus's words if `text` is no duration
  public static long parseMillis(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty duration string");
    }
    if (text.equals("0")) {
      return 0;
    }
    long millis = 0;
    int at = 0;
    int lastUnit = -1;
    while (at < text.length()) {
      int digits = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      int letters = at;
      while (at < text.length() && !isDigit(text.charAt(at))) {
        at++;
      }
      if (digits == letters || letters == at || letters - digits > 19) {
        throw invalid(text);
      }
      String unitName = text.substring(letters, at);
      int unit = UNITS.indexOf(unitName);
      if (unit < 0) {
        throw new IllegalArgumentException(
            "unknown unit %s in duration %s"
                .formatted(Quoting.quote(unitName), Quoting.quote(text)));
      }
      if (unit <= lastUnit) {
        throw invalid(text);
      }
      lastUnit = unit;
      try {
        long count = Long.parseLong(text, digits, letters, 10);
        millis = Math.addExact(millis, Math.multiplyExact(count, MILLIS[unit]));
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException("duration out of range", e);
      }
      if (millis > MAX_MILLIS) {
        throw new IllegalArgumentException("duration out of range");
      }
    }
    return millis;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("not a valid duration string: " + Quoting.quote(text));
  }

  /// The exact text; years and weeks only where nothing smaller is left over, as `90d` reads better
  /// than `12w6d`.
  ///
  /// Negative lengths carry a leading minus, which [#parseMillis] does not read.
  public static String format(long millis) {
    if (millis == 0) {
      return "0s";
    }
    if (millis < 0) {
      return "-" + format(-millis);
    }
    var text = new StringBuilder();
    long rest = millis;
    for (int i = 0; i < UNITS.size(); i++) {
      boolean onlyExact = i < 2;
      if (onlyExact && rest % MILLIS[i] != 0) {
        continue;
      }
      long count = rest / MILLIS[i];
      if (count > 0) {
        text.append(count).append(UNITS.get(i));
        rest -= count * MILLIS[i];
      }
    }
    return text.toString();
  }
}
