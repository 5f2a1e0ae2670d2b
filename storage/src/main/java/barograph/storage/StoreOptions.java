package barograph.storage;

import java.nio.file.Path;
import java.time.Duration;

/// How a store is kept.
///
/// @param folder where everything is; made if it is not there
/// @param durability what an acknowledgement promises
/// @param blockSpan the time that a fresh block covers; the head is cut once it holds half as much
///   again
/// @param retentionTime how far samples may lie behind the newest one; [Duration#ZERO] for ever
/// @param retentionBytes how many bytes the whole folder may take, whereupon the oldest blocks go;
///   0 for any number
/// @param seriesLimit how many series the head may hold
/// @param waitingBatches how many batches may wait for the sequencer before writers are held up
/// @param checkpointInterval the longest time between checkpoints, and so about what a replay takes
///   in
/// @param checkpointBytes the most bytes of log between checkpoints
/// @param outOfOrderWindow how far a sample may lie behind the newest one, or behind now if that is
///   earlier, and still be taken although its series has later ones; [Duration#ZERO] for not at all
public record StoreOptions(
    Path folder,
    Durability durability,
    Duration blockSpan,
    Duration retentionTime,
    long retentionBytes,
    int seriesLimit,
    int waitingBatches,
    Duration checkpointInterval,
    long checkpointBytes,
    Duration outOfOrderWindow) {

  /// What an acknowledgement promises.
  public enum Durability {
    /// The samples outlive a power cut.
    SYNC,
    /// The samples outlive a kill of the process, and a power cut one second later.
    ASYNC
  }

  public StoreOptions {
    if (blockSpan.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException(
          "blocks span %s, expected at least a minute".formatted(blockSpan));
    }
    if (retentionTime.isNegative() || retentionBytes < 0) {
      throw new IllegalArgumentException(
          "retention of %s and %d bytes, expected no negative one"
              .formatted(retentionTime, retentionBytes));
    }
    if (seriesLimit < 1 || waitingBatches < 1) {
      throw new IllegalArgumentException(
          "limits of %d series and %d waiting batches, expected at least 1 of each"
              .formatted(seriesLimit, waitingBatches));
    }
    if (outOfOrderWindow.isNegative()) {
      throw new IllegalArgumentException(
          "out-of-order window of %s, expected no negative one".formatted(outOfOrderWindow));
    }
    if (!checkpointInterval.isPositive() || checkpointBytes < 1) {
      throw new IllegalArgumentException(
          "checkpoints every %s and every %d bytes, expected positive ones"
              .formatted(checkpointInterval, checkpointBytes));
    }
  }

  /// The defaults, in `folder`: synced, two-hour blocks, kept for 15 days, samples taken up to an
  /// hour late.
  public static StoreOptions in(Path folder) {
    return new StoreOptions(
        folder,
        Durability.SYNC,
        Duration.ofHours(2),
        Duration.ofDays(15),
        0,
        Integer.MAX_VALUE,
        256,
        Duration.ofMinutes(5),
        64L << 20,
        Duration.ofHours(1));
  }

  public StoreOptions withDurability(Durability value) {
    return new StoreOptions(
        folder,
        value,
        blockSpan,
        retentionTime,
        retentionBytes,
        seriesLimit,
        waitingBatches,
        checkpointInterval,
        checkpointBytes,
        outOfOrderWindow);
  }

  public StoreOptions withBlockSpan(Duration value) {
    return new StoreOptions(
        folder,
        durability,
        value,
        retentionTime,
        retentionBytes,
        seriesLimit,
        waitingBatches,
        checkpointInterval,
        checkpointBytes,
        outOfOrderWindow);
  }

  /// The same with another retention.
  ///
  /// @param time [Duration#ZERO] for ever
  /// @param bytes 0 for any number
  public StoreOptions withRetention(Duration time, long bytes) {
    return new StoreOptions(
        folder,
        durability,
        blockSpan,
        time,
        bytes,
        seriesLimit,
        waitingBatches,
        checkpointInterval,
        checkpointBytes,
        outOfOrderWindow);
  }

  public StoreOptions withSeriesLimit(int value) {
    return new StoreOptions(
        folder,
        durability,
        blockSpan,
        retentionTime,
        retentionBytes,
        value,
        waitingBatches,
        checkpointInterval,
        checkpointBytes,
        outOfOrderWindow);
  }

  public StoreOptions withCheckpoints(Duration interval, long bytes) {
    return new StoreOptions(
        folder,
        durability,
        blockSpan,
        retentionTime,
        retentionBytes,
        seriesLimit,
        waitingBatches,
        interval,
        bytes,
        outOfOrderWindow);
  }

  public StoreOptions withOutOfOrderWindow(Duration value) {
    return new StoreOptions(
        folder,
        durability,
        blockSpan,
        retentionTime,
        retentionBytes,
        seriesLimit,
        waitingBatches,
        checkpointInterval,
        checkpointBytes,
        value);
  }
}
