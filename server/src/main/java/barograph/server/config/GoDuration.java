package barograph.server.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Durations as Go's `time.ParseDuration` reads them, which some keys of an `alertmanager.yml` take
/// and most do not: fractions, signs and microseconds, but no days.
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)(.*)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /// @throws IllegalArgumentException if it is none
  static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    var nanos = BigDecimal.ZERO;
    do {
      var part = PART.matcher(rest);
      if (!part.matches()) {
        throw new IllegalArgumentException("not a valid duration string: \"%s\"".formatted(text));
      }
      long unit = NANOS.getOrDefault(part.group(2), 0L);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      rest = part.group(3);
    } while (!rest.isEmpty());
    try {
      var size = Duration.ofNanos(nanos.toBigInteger().longValueExact());
      return negative ? size.negated() : size;
    } catch (ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException("duration \"%s\" is too long".formatted(text), e);
    }
  }
}
