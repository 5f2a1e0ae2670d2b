package barograph.storage;

import java.nio.file.Path;
import java.time.Duration;

/// How a store is kept.
///
/// @param folder where everything is; made if it is not there
/// @param durability what an acknowledgement promises
/// @param blockSpan the time that a fresh block covers; the head is cut once it holds half as much
///   again
/// @param retention how long and how much is kept
/// @param outOfOrderWindow how far a sample may lie behind the newest one, or behind now if that is
///   earlier, and still be taken although its series has later ones; [Duration#ZERO] for not at all
/// @param limits how much there may be of what takes memory
/// @param checkpoints how often the head is written down
public record StoreOptions(
    Path folder,
    Durability durability,
    Duration blockSpan,
    Kept retention,
    Duration outOfOrderWindow,
    Limits limits,
    Checkpoints checkpoints) {

  /// What an acknowledgement promises.
  public enum Durability {
    /// The samples outlive a power cut.
    SYNC,
    /// The samples outlive a kill of the process, and a power cut one second later.
    ASYNC
  }

  /// How long and how much is kept, whichever ends first.
  ///
  /// @param time how far samples may lie behind the newest one; [Duration#ZERO] for ever
  /// @param bytes how many bytes the whole folder may take, whereupon the oldest blocks go; 0 for
  ///   any number
  public record Kept(Duration time, long bytes) {
    public Kept {
      if (time.isNegative() || bytes < 0) {
        throw new IllegalArgumentException(
            "retention of %s and %d bytes, expected no negative one".formatted(time, bytes));
      }
    }
  }

  /// How much there may be of what takes memory.
  ///
  /// @param series how many series the head may hold
  /// @param seriesPerTarget how many of them may belong to one target
  /// @param seriesPerJob how many of them may have the same label `job`
  /// @param waitingBatches how many batches may wait for the sequencer before writers are held up
  /// @param exemplars how many exemplars are kept, the newest; 0 for none
  /// @param headBytes once the head has taken so much memory outside of Java's heap it takes no new
  ///   series; what is left is for the samples of those that it has. 0 for any amount
  public record Limits(
      int series,
      int seriesPerTarget,
      int seriesPerJob,
      int waitingBatches,
      int exemplars,
      long headBytes) {
    public Limits {
      if (series < 1 || waitingBatches < 1) {
        throw new IllegalArgumentException(
            "limits of %d series and %d waiting batches, expected at least 1 of each"
                .formatted(series, waitingBatches));
      }
      if (seriesPerTarget < 1 || seriesPerJob < 1) {
        throw new IllegalArgumentException(
            "limits of %d series of a target and %d of a job, expected at least 1 of each"
                .formatted(seriesPerTarget, seriesPerJob));
      }
      if (headBytes < 0) {
        throw new IllegalArgumentException(
            "limit of %d bytes for the head, expected no negative one".formatted(headBytes));
      }
      if (exemplars < 0) {
        throw new IllegalArgumentException(
            "limit of %d exemplars, expected no negative one".formatted(exemplars));
      }
    }
  }

  /// How often the head is written down.
  ///
  /// @param interval the longest time between checkpoints, and so about what a replay takes in
  /// @param bytes the most bytes of log between checkpoints
  public record Checkpoints(Duration interval, long bytes) {
    public Checkpoints {
      if (!interval.isPositive() || bytes < 1) {
        throw new IllegalArgumentException(
            "checkpoints every %s and every %d bytes, expected positive ones"
                .formatted(interval, bytes));
      }
    }
  }

  public StoreOptions {
    if (blockSpan.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException(
          "blocks span %s, expected at least a minute".formatted(blockSpan));
    }
    if (outOfOrderWindow.isNegative()) {
      throw new IllegalArgumentException(
          "out-of-order window of %s, expected no negative one".formatted(outOfOrderWindow));
    }
  }

  /// The defaults, in `folder`: synced, two-hour blocks, kept for 15 days, samples taken up to an
  /// hour late.
  public static StoreOptions in(Path folder) {
    return new StoreOptions(
        folder,
        Durability.SYNC,
        Duration.ofHours(2),
        new Kept(Duration.ofDays(15), 0),
        Duration.ofHours(1),
        new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 256, 100_000, 0),
        new Checkpoints(Duration.ofMinutes(5), 64L << 20));
  }

  public StoreOptions withDurability(Durability value) {
    return new StoreOptions(
        folder, value, blockSpan, retention, outOfOrderWindow, limits, checkpoints);
  }

  public StoreOptions withBlockSpan(Duration value) {
    return new StoreOptions(
        folder, durability, value, retention, outOfOrderWindow, limits, checkpoints);
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
        new Kept(time, bytes),
        outOfOrderWindow,
        limits,
        checkpoints);
  }

  public StoreOptions withOutOfOrderWindow(Duration value) {
    return new StoreOptions(folder, durability, blockSpan, retention, value, limits, checkpoints);
  }

  public StoreOptions withSeriesLimit(int value) {
    return withSeriesLimits(value, limits.seriesPerTarget, limits.seriesPerJob);
  }

  /// The same with other numbers of series.
  ///
  /// @param all how many the head may hold
  /// @param perTarget how many of one target
  /// @param perJob how many with the same label `job`
  public StoreOptions withSeriesLimits(int all, int perTarget, int perJob) {
    return with(
        new Limits(
            all, perTarget, perJob, limits.waitingBatches, limits.exemplars, limits.headBytes));
  }

  /// The same with another number of exemplars; 0 for none.
  public StoreOptions withExemplarLimit(int value) {
    return with(
        new Limits(
            limits.series,
            limits.seriesPerTarget,
            limits.seriesPerJob,
            limits.waitingBatches,
            value,
            limits.headBytes));
  }

  public StoreOptions withHeadBytes(long value) {
    return with(
        new Limits(
            limits.series,
            limits.seriesPerTarget,
            limits.seriesPerJob,
            limits.waitingBatches,
            limits.exemplars,
            value));
  }

  private StoreOptions with(Limits value) {
    return new StoreOptions(
        folder, durability, blockSpan, retention, outOfOrderWindow, value, checkpoints);
  }

  public StoreOptions withCheckpoints(Duration interval, long bytes) {
    return new StoreOptions(
        folder,
        durability,
        blockSpan,
        retention,
        outOfOrderWindow,
        limits,
        new Checkpoints(interval, bytes));
  }

  public Duration retentionTime() {
    return retention.time;
  }

  public long retentionBytes() {
    return retention.bytes;
  }
}
