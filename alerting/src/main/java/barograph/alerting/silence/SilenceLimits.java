package barograph.alerting.silence;

/// How much people may silence; 0 stands for any number.
///
/// @param maxSilences most silences, those included that are over and not yet forgotten
/// @param maxBytes longest silence, by the characters of its texts and matchers
public record SilenceLimits(int maxSilences, int maxBytes) {
  /// Far above what people write, far below what would hurt.
  public static final SilenceLimits DEFAULT = new SilenceLimits(10_000, 64 << 10);

  void check(Silence silence, int others) {
    if (maxSilences > 0 && others >= maxSilences) {
      throw new IllegalArgumentException(
          "exceeded maximum number of silences: %d (limit: %d)".formatted(others, maxSilences));
    }
    checkSize(silence);
  }

  void checkSize(Silence silence) {
    long size = (long) silence.createdBy().length() + silence.comment().length();
    for (var matcher : silence.matchers()) {
      size += matcher.name().length() + matcher.value().length();
    }
    for (var annotation : silence.annotations().entrySet()) {
      size += annotation.getKey().length() + annotation.getValue().length();
    }
    if (maxBytes > 0 && size > maxBytes) {
      throw new IllegalArgumentException(
          "silence exceeded maximum size: %d bytes (limit: %d bytes)".formatted(size, maxBytes));
    }
  }
}
