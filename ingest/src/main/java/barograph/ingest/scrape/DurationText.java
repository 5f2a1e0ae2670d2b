package barograph.ingest.scrape;

import java.time.Duration;

/// Durations as configuration and labels write them: `1h30m`, `15s`, `250ms`.
final class DurationText {
  private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
  private static final long[] MILLIS = {
    365 * 86_400_000L, 7 * 86_400_000L, 86_400_000L, 3_600_000L, 60_000L, 1000L, 1L
  };

  private DurationText() {}

  /// @throws IllegalArgumentException if it is none
  static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    long millis = 0;
    int at = 0;
    int unit = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == start || at - start > 15) {
        throw malformed(text);
      }
      long number = Long.parseLong(text.substring(start, at));
      int unitStart = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      String name = text.substring(unitStart, at);
      while (unit < UNITS.length && !UNITS[unit].equals(name)) {
        unit++;
      }
      if (unit == UNITS.length) {
        throw malformed(text);
      }
      millis = Math.addExact(millis, Math.multiplyExact(number, MILLIS[unit++]));
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty duration string");
    }
    return Duration.ofMillis(millis);
  }

  static String of(Duration duration) {
    long left = duration.toMillis();
    if (left == 0) {
      return "0s";
    }
    var text = new StringBuilder();
    for (int i = 0; i < UNITS.length; i++) {
      // Years and weeks only when they come out even, as they are seldom meant.
      if (i < 2 && left % MILLIS[i] != 0) {
        continue;
      }
      if (left >= MILLIS[i]) {
        text.append(left / MILLIS[i]).append(UNITS[i]);
        left %= MILLIS[i];
      }
    }
    return text.toString();
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("not a valid duration string: \"%s\"".formatted(text));
  }
}
