package barograph.storage.wal;

import java.time.Duration;

/// How the log is kept.
///
/// @param syncInterval [Duration#ZERO] to sync every group of records before its callbacks run;
///   otherwise callbacks run as soon as a group is written, and syncs come this far apart
/// @param segmentBytes the most that one segment should hold; less when the disk has little space
/// @param waitingBytes how many encoded bytes may wait for the disk before the writer is held up
public record LogOptions(Duration syncInterval, long segmentBytes, int waitingBytes) {
  /// Acknowledged means synced.
  public static final LogOptions DEFAULT = new LogOptions(Duration.ZERO, 64L << 20, 8 << 20);

  public LogOptions {
    if (syncInterval.isNegative()) {
      throw new IllegalArgumentException("sync interval is negative: " + syncInterval);
    }
    if (segmentBytes < 4096) {
      throw new IllegalArgumentException(
          "log segments of %d bytes, expected at least 4096".formatted(segmentBytes));
    }
    if (waitingBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "room for %d waiting log bytes, expected at least 65536".formatted(waitingBytes));
    }
  }

  public LogOptions withSyncInterval(Duration interval) {
    return new LogOptions(interval, segmentBytes, waitingBytes);
  }

  public LogOptions withSegmentBytes(long bytes) {
    return new LogOptions(syncInterval, bytes, waitingBytes);
  }
}
