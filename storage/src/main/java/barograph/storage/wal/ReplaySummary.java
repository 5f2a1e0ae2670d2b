package barograph.storage.wal;

/// What a replay has found, and where the log goes on.
///
/// @param segments segments read
/// @param bytes bytes of intact frames in them
/// @param samples samples handed over
/// @param lostSamples samples that are known to be lost: in damaged frames, and in intact rows that
///   stood on values in them
/// @param damages damaged or missing pieces reported
/// @param lastSegment number of the newest readable segment; 0 without one
/// @param lastEnd where that segment's readable part ends
/// @param lastSynced how much of that is synced, or will be before anything is logged behind it
/// @param lastHolds what is in that part
/// @param nextSegment the number that the next segment will have
public record ReplaySummary(
    int segments,
    long bytes,
    long samples,
    long lostSamples,
    int damages,
    long lastSegment,
    long lastEnd,
    long lastSynced,
    Contents lastHolds,
    long nextSegment) {
  public ReplaySummary {
    if (nextSegment <= lastSegment) {
      throw new IllegalArgumentException(
          "next log segment is %d, after segment %d".formatted(nextSegment, lastSegment));
    }
  }
}
