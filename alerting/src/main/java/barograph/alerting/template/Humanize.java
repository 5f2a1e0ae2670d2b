package barograph.alerting.template;

import barograph.alerting.template.GoTime.Moment;
import java.time.Instant;

/// Numbers as people like to read them, four digits long.
final class Humanize {
  private static final String[] LARGE = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
  private static final String[] SMALL = {"m", "u", "n", "p", "f", "a", "z", "y"};
  private static final String[] LARGE_1024 = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};

  private Humanize() {}

  private static String four(double value) {
    return GoFormat.general(value, 4);
  }

  /// `1234567` is `1.235M`, `0.0012` is `1.2m`.
  static String si(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return four(value);
    }
    return Math.abs(value) >= 1 ? grown(value, 1000, LARGE) : shrunk(value);
  }

  /// `1048576` is `1Mi`.
  static String binary(double value) {
    if (Math.abs(value) <= 1 || !Double.isFinite(value)) {
      return four(value);
    }
    return grown(value, 1024, LARGE_1024);
  }

  private static String grown(double value, double base, String[] prefixes) {
    double rest = value;
    var prefix = "";
    for (int i = 0; i < prefixes.length && Math.abs(rest) >= base; i++) {
      prefix = prefixes[i];
      rest /= base;
    }
    return four(rest) + prefix;
  }

  private static String shrunk(double value) {
    double rest = value;
    var prefix = "";
    for (int i = 0; i < SMALL.length && Math.abs(rest) < 1; i++) {
      prefix = SMALL[i];
      rest *= 1000;
    }
    return four(rest) + prefix;
  }

  /// Seconds as `1d 2h 3m 4s`, below a minute with its fraction.
  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return four(seconds);
    }
    if (seconds == 0) {
      return "0s";
    }
    if (Math.abs(seconds) < 1) {
      return shrunk(seconds) + "s";
    }
    var sign = seconds < 0 ? "-" : "";
    double size = Math.abs(seconds);
    long whole = (long) size;
    long days = whole / 86_400;
    long hours = whole / 3_600 % 24;
    long minutes = whole / 60 % 60;
    if (days != 0) {
      return "%s%dd %dh %dm %ds".formatted(sign, days, hours, minutes, whole % 60);
    }
    if (hours != 0) {
      return "%s%dh %dm %ds".formatted(sign, hours, minutes, whole % 60);
    }
    if (minutes != 0) {
      return "%s%dm %ds".formatted(sign, minutes, whole % 60);
    }
    return sign + four(size) + "s";
  }

  /// `0.1234` is `12.34%`.
  static String percentage(double ratio) {
    return four(ratio * 100) + "%";
  }

  /// Seconds since the epoch as a time.
  static String timestamp(double seconds) {
    return Double.isFinite(seconds) ? GoFormat.plain(time(seconds)) : four(seconds);
  }

  static Moment time(double seconds) {
    if (!Double.isFinite(seconds) || Math.abs(seconds) > 1e13) {
      throw new TemplateException(
          "%s cannot be represented as a time".formatted(GoFormat.plain(seconds)));
    }
    return Moment.utc(Instant.ofEpochMilli((long) (seconds * 1000)));
  }
}
