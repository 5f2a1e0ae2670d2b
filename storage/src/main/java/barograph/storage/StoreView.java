package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.model.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The store as one moment sees it: these blocks, and the head from `floor` on.
///
/// While someone holds a view, its blocks stay mapped and the head keeps what the view may ask it
/// for.
final class StoreView {
  private final List<Block> blocks;
  private final List<Block> inReadingOrder;
  private final long floor;
  private final long cuts;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final CountDownLatch free = new CountDownLatch(1);

  /// @param blocks each held once on behalf of this view; they may overlap
  /// @param cuts how often blocks had been cut from the head when it was made
  StoreView(List<Block> blocks, long floor, long cuts) {
    this.cuts = cuts;
    var sorted = new ArrayList<>(blocks);
    sorted.sort(Comparator.comparingLong(block -> block.range().startMillis()));
    this.blocks = List.copyOf(sorted);
    this.inReadingOrder = readingOrder(sorted);
    this.floor = floor;
  }

  /// Time order, but blocks that hang together by overlapping stand in the order in which they were
  /// written, so that a reader who lets the later of two samples of the same time stay reads right.
  private static List<Block> readingOrder(List<Block> sorted) {
    long end = Long.MIN_VALUE;
    int begin = 0;
    for (int i = 0; i < sorted.size(); i++) {
      TimeRange range = sorted.get(i).range();
      if (range.startMillis() > end) {
        sorted.subList(begin, i).sort(Comparator.comparing(Block::id));
        begin = i;
      }
      end = Math.max(end, range.endMillis());
    }
    sorted.subList(begin, sorted.size()).sort(Comparator.comparing(Block::id));
    return List.copyOf(sorted);
  }

  /// By the time that they begin with.
  List<Block> blocks() {
    return blocks;
  }

  /// In the order in which they are to be read: of two samples of the same time the one that comes
  /// later in this order counts.
  List<Block> inReadingOrder() {
    return inReadingOrder;
  }

  /// Where the blocks end and the head begins.
  long floor() {
    return floor;
  }

  /// How often blocks had been cut from the head: a view of an earlier cut may still ask the head
  /// for what is in blocks since.
  long cuts() {
    return cuts;
  }

  /// Becomes one more holder; false if the last one has let go already.
  boolean hold() {
    int now;
    do {
      now = holders.get();
      if (now == 0) {
        return false;
      }
    } while (!holders.compareAndSet(now, now + 1));
    return true;
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      blocks.forEach(Block::close);
      free.countDown();
    }
  }

  /// Whether nobody holds it any more.
  boolean isFree() {
    return holders.get() == 0;
  }

  /// Waits until nobody holds this view any more; false if that takes longer than `patience`.
  boolean awaitFree(Duration patience) {
    try {
      return free.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
