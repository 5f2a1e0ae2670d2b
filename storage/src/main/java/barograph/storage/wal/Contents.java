package barograph.storage.wal;

import barograph.storage.model.TimeRange;
import org.jspecify.annotations.Nullable;

/// What a stretch of the log holds: it is written down elsewhere too, so that the loss of the
/// stretch can be told in series and time.
///
/// @param samples how many samples; -1 if nobody knows
/// @param series how many series they are of at most; -1 if nobody knows
/// @param minMillis time of the earliest; [Long#MAX_VALUE] without one
/// @param maxMillis time of the latest; [Long#MIN_VALUE] without one
public record Contents(long samples, long series, long minMillis, long maxMillis) {
  /// Nothing.
  public static final Contents NONE = new Contents(0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  /// Something, of which nobody knows how much or of when.
  static final Contents UNKNOWN = new Contents(-1, -1, Long.MAX_VALUE, Long.MIN_VALUE);

  /// So many samples of that time, of nobody knows how many series.
  static Contents of(long samples, long minMillis, long maxMillis) {
    return new Contents(samples, samples, minMillis, maxMillis);
  }

  Contents plus(Contents other) {
    if (samples < 0 || other.samples < 0) {
      return UNKNOWN;
    }
    return other.samples == 0
        ? this
        : new Contents(
            samples + other.samples,
            series + other.series,
            Math.min(minMillis, other.minMillis),
            Math.max(maxMillis, other.maxMillis));
  }

  /// Whether there is certainly nothing.
  public boolean isNothing() {
    return samples == 0;
  }

  /// From the earliest to the latest sample; null without one.
  public @Nullable TimeRange range() {
    return minMillis > maxMillis ? null : new TimeRange(minMillis, maxMillis);
  }
}
