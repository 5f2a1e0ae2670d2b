package barograph.alerting.receiver;

import java.nio.charset.StandardCharsets;

/// Cuts texts to what a service takes, with an ellipsis where something is missing.
final class Shortening {
  private static final String ELLIPSIS = "…";
  private static final int ELLIPSIS_BYTES = 3;

  private Shortening() {}

  /// At most `limit` characters.
  static String toCharacters(String text, int limit) {
    if (text.codePointCount(0, text.length()) <= limit) {
      return text;
    }
    return limit <= 3
        ? text.substring(0, text.offsetByCodePoints(0, limit))
        : text.substring(0, text.offsetByCodePoints(0, limit - 1)) + ELLIPSIS;
  }

  /// At most `limit` bytes of UTF-8; `limit` is 3 or more.
  static String toBytes(String text, int limit) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= limit) {
      return text;
    }
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      bytes += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > limit - ELLIPSIS_BYTES) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end) + ELLIPSIS;
  }
}
