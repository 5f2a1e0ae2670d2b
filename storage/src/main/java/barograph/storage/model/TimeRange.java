package barograph.storage.model;

import java.util.Arrays;

/// A span of time with both ends in it, `[startMillis, endMillis]`, in milliseconds since the
/// epoch.
///
/// PromQL's windows are open on the left: the window of `m[5m]` at `t` is `[t - 300_000 + 1, t]`.
public record TimeRange(long startMillis, long endMillis) {
  /// Everything that a timestamp can say.
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  public TimeRange {
    if (startMillis > endMillis) {
      throw new IllegalArgumentException(
          "time range starts at %d, after its end at %d".formatted(startMillis, endMillis));
    }
  }

  public boolean contains(long timestampMillis) {
    return startMillis <= timestampMillis && timestampMillis <= endMillis;
  }

  /// The first place between `from` and `to` in ascending `times` that is not before the range.
  int firstPlace(long[] times, int from, int to) {
    int found = Arrays.binarySearch(times, from, to, startMillis);
    return found >= 0 ? found : -found - 1;
  }

  /// The first place between `from` and `to` in ascending `times` that is behind the range.
  int endPlace(long[] times, int from, int to) {
    int found = Arrays.binarySearch(times, from, to, endMillis);
    return found >= 0 ? found + 1 : -found - 1;
  }

  public boolean overlaps(TimeRange other) {
    return startMillis <= other.endMillis && other.startMillis <= endMillis;
  }
}
