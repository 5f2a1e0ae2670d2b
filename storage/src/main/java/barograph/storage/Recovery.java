package barograph.storage;

import barograph.storage.head.Checkpoint;
import barograph.storage.head.Head;
import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.ReplayHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/// Brings what the log remembers back into the head.
///
/// Samples that a checkpoint or a block has already are passed over: a series takes only what is
/// later than its newest sample and not before the head's floor.
final class Recovery implements ReplayHandler {
  private static final Logger LOG = System.getLogger(Recovery.class.getName());

  /// Series are numbered in the order in which the log has them. What a power cut takes from before
  /// others without a word had waited for the disk, and is far fewer.
  private static final int MOST_SKIPPED = 1 << 24;

  private final Head head;
  private final Path folder;
  private final Consumer<Damage> damages;

  /// Whether all is here that was logged before what comes next.
  private boolean whole;

  private boolean toldOfNumber;

  private final RoaringBitmap unknown = new RoaringBitmap();
  private long orphans;
  private long orphansFrom = Long.MAX_VALUE;
  private long orphansTo = Long.MIN_VALUE;

  /// @param checkpoint what the head has back already
  /// @param folder the log's
  Recovery(Head head, Checkpoint checkpoint, Path folder, Consumer<Damage> damages) {
    this.head = head;
    this.folder = folder;
    this.whole = checkpoint.damages().isEmpty();
    this.damages = damages;
  }

  /// Samples whose series was in a damaged place.
  long orphans() {
    return orphans;
  }

  /// Tells of the orphans when all is read. Without any damage they are what a power cut has left
  /// of samples that nobody was told are stored.
  ///
  /// @param damaged whether anything was damaged
  void reportOrphans(boolean damaged) {
    if (orphans > 0 && !damaged) {
      LOG.log(
          Level.WARNING,
          "{0} samples are left out whose series were being written when the machine stopped",
          Long.toString(orphans));
    } else if (orphans > 0) {
      damages.accept(
          new Damage(
              folder,
              0,
              0,
              "samples of series whose labels were in a damaged place",
              new TimeRange(orphansFrom, orphansTo),
              orphans,
              unknown.getLongCardinality()));
    }
  }

  @Override
  public void target(int target, String name) {
    head.restoreTarget(target, name);
  }

  @Override
  public void series(int ref, int target, Labels labels) {
    if (whole && ref - head.referenceEnd() > MOST_SKIPPED) {
      leaveOut(ref);
    } else {
      head.restoreSeries(ref, target, labels);
    }
  }

  /// No series could be made any more if all numbers up to a forged one were given.
  private void leaveOut(int ref) {
    if (!toldOfNumber) {
      toldOfNumber = true;
      damages.accept(
          Damage.of(
              folder,
              "a series is numbered %d, expected about %d; it is left out, and others like it"
                  .formatted(ref, head.referenceEnd())));
    }
  }

  @Override
  public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
    int done = 0;
    while (done < count) {
      done += head.restoreRow(refs, done, count, timestampMillis, values);
      if (done < count) {
        sample(refs[done], timestampMillis, values[done]);
        done++;
      }
    }
  }

  @Override
  public void sample(int ref, long timestampMillis, double value) {
    if (!head.restoreSample(ref, timestampMillis, value)) {
      orphan(ref, timestampMillis);
    }
  }

  private void orphan(int ref, long timestampMillis) {
    if (timestampMillis < head.settled()) {
      // A block has it; its series has been silent since, and so no checkpoint names it.
      return;
    }
    orphans++;
    orphansFrom = Math.min(orphansFrom, timestampMillis);
    orphansTo = Math.max(orphansTo, timestampMillis);
    unknown.add(ref);
  }

  @Override
  public void tombstone(TimeRange range, int[] refs, int count) {
    head.restoreTombstone(range, refs, count);
  }

  @Override
  public void lateTombstone(TimeRange range, int[] refs, int count) {
    head.restoreLateTombstone(range, refs, count);
  }

  @Override
  public void late(int ref, long timestampMillis, double value) {
    if (!head.restoreLate(ref, timestampMillis, value)) {
      orphan(ref, timestampMillis);
    }
  }

  @Override
  public void histogram(int ref, long timestampMillis, Histogram histogram) {
    if (!head.restoreHistogram(ref, timestampMillis, histogram)) {
      orphan(ref, timestampMillis);
    }
  }

  @Override
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    if (!head.restoreLate(ref, timestampMillis, histogram)) {
      orphan(ref, timestampMillis);
    }
  }

  @Override
  public void exemplar(int ref, Exemplar exemplar) {
    // One whose series is gone is not missed.
    head.restoreExemplar(ref, exemplar);
  }

  @Override
  public void metadata(String metric, MetricMetadata metadata) {
    head.metadata().put(metric, metadata);
  }

  @Override
  public void checkpoint(byte[] payload) {}

  @Override
  public void damaged(Damage damage) {
    whole = false;
    damages.accept(damage);
  }
}
