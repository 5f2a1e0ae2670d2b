package barograph.storage.block;

import barograph.storage.model.TimeRange;
import java.nio.file.Path;

/// What has been written: a finished block, safe on the disk.
///
/// @param range from its first sample to its last, both in it
/// @param bytes length of its file
public record BlockSummary(
    BlockId id, Path folder, TimeRange range, int seriesCount, long sampleCount, long bytes) {}
