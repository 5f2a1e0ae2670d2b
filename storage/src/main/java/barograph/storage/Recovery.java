package barograph.storage;

import barograph.storage.head.Head;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.Damage;
import barograph.storage.wal.ReplayHandler;
import java.util.function.Consumer;

/// Brings what the log remembers back into the head.
///
/// Samples that a checkpoint or a block has already are passed over: a series takes only what is
/// later than its newest sample and not before the head's floor.
final class Recovery implements ReplayHandler {
  private final Head head;
  private final Consumer<String> damages;
  private long orphans;

  Recovery(Head head, Consumer<String> damages) {
    this.head = head;
    this.damages = damages;
  }

  /// Samples whose series was in a damaged place.
  long orphans() {
    return orphans;
  }

  @Override
  public void target(int target, String name) {
    head.restoreTarget(target, name);
  }

  @Override
  public void series(int ref, int target, Labels labels) {
    head.restoreSeries(ref, target, labels);
  }

  @Override
  public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      sample(refs[i], timestampMillis, values[i]);
    }
  }

  @Override
  public void sample(int ref, long timestampMillis, double value) {
    if (!head.restoreSample(ref, timestampMillis, value)) {
      orphans++;
    }
  }

  @Override
  public void tombstone(TimeRange range, int[] refs, int count) {
    head.restoreTombstone(range, refs, count);
  }

  @Override
  public void checkpoint(byte[] payload) {}

  @Override
  public void damaged(Damage damage) {
    damages.accept(damage.toString());
  }
}
