package barograph.storage;

import barograph.storage.block.BlockSource;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.Head;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/// A span of the head that is to become a block; nothing of it changes any more.
///
/// Nobody but maintenance makes the head forget series, and it is maintenance that cuts: so all of
/// them stay, and their labels are asked for one by one instead of being held.
final class HeadSource implements BlockSource {
  private final Head head;
  private final HeadReader reader;
  private final TimeRange range;
  private final boolean onlyLate;
  private final int[] refs;
  private final Consumer<CorruptHeadException> damages;

  private HeadSource(
      Head head, TimeRange range, boolean onlyLate, Consumer<CorruptHeadException> damages) {
    this.head = head;
    this.damages = damages;
    this.reader = head.reader();
    this.range = range;
    this.onlyLate = onlyLate;
    RoaringBitmap all = head.select(List.of());
    this.refs = (onlyLate ? withLate(all) : all).toArray();
  }

  private RoaringBitmap withLate(RoaringBitmap all) {
    var late = new RoaringBitmap();
    all.forEach((int ref) -> {
      if (head.late().has(ref)) {
        late.add(ref);
      }
    });
    return late;
  }

  /// Samples that came in order, and late ones that have been set apart.
  ///
  /// @param damages hears of chunks that cannot be read
  static HeadSource of(Head head, TimeRange range, Consumer<CorruptHeadException> damages) {
    return new HeadSource(head, range, false, damages);
  }

  /// Late samples alone, those that have been set apart.
  static HeadSource ofLate(Head head, TimeRange range, Consumer<CorruptHeadException> damages) {
    return new HeadSource(head, range, true, damages);
  }

  /// The time of the earliest sample of all, or [Long#MAX_VALUE].
  long earliest() {
    var columns = new SampleColumns();
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < refs.length; i++) {
      readTimes(i, columns);
      earliest = Math.min(earliest, columns.firstTime());
    }
    return earliest;
  }

  /// Whether there is no sample at all.
  boolean isEmpty() {
    var columns = new SampleColumns();
    for (int i = 0; i < refs.length; i++) {
      readTimes(i, columns);
      if (!columns.isEmpty()) {
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
    read(series, reader::readSettling, into);
  }

  @Override
  public void readTimes(int series, SampleColumns into) {
    read(series, reader::readTimesSettling, into);
  }

  /// One way to read what is in order of a series.
  private interface Reading {
    void of(int ref, long from, long to, SampleColumns into);
  }

  private void read(int series, Reading inOrder, SampleColumns into) {
    into.clear();
    Reading reading = onlyLate ? reader::readLateSettling : inOrder;
    try {
      reading.of(refs[series], range.startMillis(), range.endMillis(), into);
    } catch (CorruptHeadException e) {
      // The block has all the rest: a head that could never be cut again would cost far more.
      damages.accept(e);
    }
  }
}
