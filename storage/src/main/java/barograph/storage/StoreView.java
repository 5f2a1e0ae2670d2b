package barograph.storage;

import barograph.storage.block.Block;
import java.time.Duration;
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
  private final long floor;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final CountDownLatch free = new CountDownLatch(1);

  /// @param blocks in time order, each held once on behalf of this view
  StoreView(List<Block> blocks, long floor) {
    this.blocks = List.copyOf(blocks);
    this.floor = floor;
  }

  List<Block> blocks() {
    return blocks;
  }

  /// Where the blocks end and the head begins.
  long floor() {
    return floor;
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
