package barograph.server.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Moments as Alertmanager's API writes them: UTC, with three digits behind the second.
final class V2Times {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private V2Times() {}

  static String text(Instant time) {
    return MILLIS.format(time);
  }
}
