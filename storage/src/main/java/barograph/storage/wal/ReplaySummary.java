package barograph.storage.wal;

/// What a replay has found, and where the log goes on.
///
/// @param segments segments read
/// @param bytes bytes of intact frames in them
/// @param samples samples handed over
/// @param lostSamples samples in intact rows that stood on values in a damaged frame, and were left
///   out
/// @param damages damaged or missing pieces reported
/// @param lastSegment number of the newest segment, or of the one before the first to be written
/// @param lastEnd where that segment's readable part ends
public record ReplaySummary(
    int segments,
    long bytes,
    long samples,
    long lostSamples,
    int damages,
    long lastSegment,
    long lastEnd) {}
