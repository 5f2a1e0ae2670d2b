package barograph.storage.model;

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

  public boolean overlaps(TimeRange other) {
    return startMillis <= other.endMillis && other.startMillis <= endMillis;
  }
}
