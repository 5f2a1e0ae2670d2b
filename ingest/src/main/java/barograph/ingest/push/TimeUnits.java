package barograph.ingest.push;

import org.jspecify.annotations.Nullable;

/// Units in which a sender tells times, turned into milliseconds.
enum TimeUnits {
  NANOSECONDS(1_000_000, 1),
  MICROSECONDS(1000, 1),
  MILLISECONDS(1, 1),
  SECONDS(1, 1000),
  MINUTES(1, 60_000),
  HOURS(1, 3_600_000);

  private final long perMillisecond;
  private final long milliseconds;

  TimeUnits(long perMillisecond, long milliseconds) {
    this.perMillisecond = perMillisecond;
    this.milliseconds = milliseconds;
  }

  /// The units of this name, or null if there are none.
  static @Nullable TimeUnits of(String precision) {
    return switch (precision) {
      case "", "n", "ns" -> NANOSECONDS;
      case "u", "us", "µ", "µs" -> MICROSECONDS;
      case "ms" -> MILLISECONDS;
      case "s" -> SECONDS;
      case "m" -> MINUTES;
      case "h" -> HOURS;
      default -> null;
    };
  }

  /// @throws ArithmeticException if the time leaves 64 bits
  long toMillis(long time) {
    return Math.floorDiv(Math.multiplyExact(time, milliseconds), perMillisecond);
  }
}
