package barograph.storage;

import barograph.storage.model.Damage;
import barograph.storage.model.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a store holds and has done since it was opened.
///
/// @param series series in the head
/// @param labelPairs different label pairs in the head
/// @param sealedChunks chunks sealed since the store was opened
/// @param headBytes bytes of the head in memory, mapped files included
/// @param headRange from the oldest to the newest sample of the head; null if there is none
/// @param samplesAppended samples stored since the store was opened, replay not counted
/// @param samplesLate those of them that came out of order
/// @param samplesRefused samples refused since then
/// @param lateSamples samples in the head that came out of order and wait for their block
/// @param logBytes bytes written to the log since then
/// @param logSyncs syncs of the log since then
/// @param replay what opening had to read
/// @param damages damaged things found, at opening and since
/// @param damageReports the first thousand of them
/// @param samplesDamaged samples that were lost by them, so far as is known
/// @param space what waits for space on the disk
/// @param scrub what reading blocks through has found since then
/// @param blocks the blocks, oldest first
public record StoreStatus(
    int series,
    int labelPairs,
    long sealedChunks,
    long headBytes,
    @Nullable TimeRange headRange,
    long samplesAppended,
    long samplesLate,
    long samplesRefused,
    long lateSamples,
    long logBytes,
    long logSyncs,
    Replayed replay,
    long damages,
    List<DamageReport> damageReports,
    long samplesDamaged,
    SpaceStatus space,
    ScrubStatus scrub,
    List<BlockStatus> blocks) {

  public StoreStatus {
    blocks = List.copyOf(blocks);
    damageReports = List.copyOf(damageReports);
  }

  /// Which work in the background waits for space on the disk, while everything else goes on.
  ///
  /// @param cutsWait whether the head is not cut into blocks
  /// @param mergesWait whether blocks are not merged
  public record SpaceStatus(boolean cutsWait, boolean mergesWait) {}

  /// How far reading blocks through has come.
  ///
  /// @param blocksRead blocks that were read through, some perhaps several times
  /// @param bytesRead their bytes
  /// @param damagedPages pages in which damage was found
  /// @param lastRound when every block that there was had been read; null if that is still to come
  public record ScrubStatus(
      long blocksRead, long bytesRead, long damagedPages, @Nullable Instant lastRound) {}

  /// What opening read from the log.
  ///
  /// @param segments log segments read
  /// @param samples samples in them
  /// @param lost samples whose series or row was in a damaged place
  /// @param took how long opening took in all
  public record Replayed(int segments, long samples, long lost, Duration took) {}

  /// Something that could not be read, and when it was found.
  public record DamageReport(Instant found, Damage damage) {}

  /// One block.
  ///
  /// @param range from its first to its last sample
  public record BlockStatus(
      String ulid, TimeRange range, int level, int series, long samples, long bytes) {}

  /// A name and how often it is there.
  public record Count(String name, long count) {}

  /// Where the head's series come from, most first in each list.
  ///
  /// @param seriesByMetric series of each metric name
  /// @param valuesByLabel different values of each label
  /// @param bytesByLabel bytes of the different values of each label
  /// @param seriesByPair series of each `name=value`
  /// @param sources who brings them
  public record Cardinality(
      List<Count> seriesByMetric,
      List<Count> valuesByLabel,
      List<Count> bytesByLabel,
      List<Count> seriesByPair,
      Sources sources) {
    public Cardinality {
      seriesByMetric = List.copyOf(seriesByMetric);
      valuesByLabel = List.copyOf(valuesByLabel);
      bytesByLabel = List.copyOf(bytesByLabel);
      seriesByPair = List.copyOf(seriesByPair);
    }
  }

  /// Who brings series, the largest first.
  ///
  /// @param byJob series of each value of the label `job`
  /// @param byTarget series of each target: a scraped page, or a sender's job and instance
  public record Sources(List<Count> byJob, List<Count> byTarget) {
    public Sources {
      byJob = List.copyOf(byJob);
      byTarget = List.copyOf(byTarget);
    }
  }
}
