package barograph.storage;

import barograph.storage.block.BlockSource;
import barograph.storage.head.Head;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.List;

/// A span of the head that is to become a block; nothing is added to it any more.
///
/// Nobody but maintenance makes the head forget series, and it is maintenance that cuts: so all of
/// them stay, and their labels are asked for one by one instead of being held.
final class HeadSource implements BlockSource {
  private final Head head;
  private final HeadReader reader;
  private final TimeRange range;
  private final int[] refs;

  HeadSource(Head head, TimeRange range) {
    this.head = head;
    this.reader = head.reader();
    this.range = range;
    this.refs = head.select(List.of()).toArray();
  }

  /// The time of the earliest sample of all, or [Long#MAX_VALUE].
  long earliest() {
    var columns = new SampleColumns();
    long earliest = Long.MAX_VALUE;
    for (int ref : refs) {
      reader.read(ref, range.startMillis(), range.endMillis(), columns.clear());
      if (columns.size() > 0) {
        earliest = Math.min(earliest, columns.timestamps()[0]);
      }
    }
    return earliest;
  }

  /// Whether there is no sample at all.
  boolean isEmpty() {
    var columns = new SampleColumns();
    for (int ref : refs) {
      reader.read(ref, range.startMillis(), range.endMillis(), columns.clear());
      if (columns.size() > 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int seriesCount() {
    return refs.length;
  }

  @Override
  public Labels labels(int series) {
    return head.labels(refs[series]);
  }

  @Override
  public String target(int series) {
    return head.targetNameOf(refs[series]);
  }

  @Override
  public void read(int series, SampleColumns into) {
    reader.read(refs[series], range.startMillis(), range.endMillis(), into.clear());
  }
}
