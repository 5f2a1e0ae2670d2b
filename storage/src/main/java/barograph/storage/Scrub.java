package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockId;
import barograph.storage.block.CorruptBlockException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Reads every block through, page by page, again and again, a little each second, so that damage
/// is found while there are still backups and not when somebody asks.
///
/// A block is read again three days after the last time. The pace is such that all of them take
/// less than three days, and at least four mebibytes a second, so that with time to spare every
/// block is read weekly. A start begins anew.
final class Scrub {
  private static final Logger LOG = System.getLogger(Scrub.class.getName());
  private static final Duration AGAIN_AFTER = Duration.ofDays(3);
  private static final long LEAST_PACE = 4L << 20;

  private final Store store;
  private final InstantSource clock;
  private final Map<BlockId, Long> readAt = new HashMap<>();
  private @Nullable BlockId current;
  private long position;
  private volatile StoreStatus.ScrubStatus status = new StoreStatus.ScrubStatus(0, 0, 0, null);

  Scrub(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  StoreStatus.ScrubStatus status() {
    return status;
  }

  /// Reads as much as one second may have.
  void step(BooleanSupplier stopped) {
    List<Block> blocks = store.blocks().holdEach();
    try {
      long all = blocks.stream().mapToLong(Block::bytes).sum();
      long left = Math.max(LEAST_PACE, all / AGAIN_AFTER.toSeconds() + 1);
      readAt.keySet().retainAll(blocks.stream().map(Block::id).toList());
      while (left > 0 && !stopped.getAsBoolean()) {
        Block block = next(blocks);
        if (block == null) {
          return;
        }
        long before = position;
        read(block);
        left -= position < 0 ? block.bytes() - before : position - before;
        if (position < 0) {
          finish(block, blocks);
        }
      }
    } finally {
      blocks.forEach(Block::close);
    }
  }

  /// The block that is being read, or the one that has not been for longest; null if none is due.
  private @Nullable Block next(List<Block> blocks) {
    for (Block block : blocks) {
      if (block.id().equals(current)) {
        return block;
      }
    }
    long due = clock.millis() - AGAIN_AFTER.toMillis();
    Block oldest =
        blocks.stream()
            .filter(block -> readAt.getOrDefault(block.id(), Long.MIN_VALUE) <= due)
            .min(
                Comparator.comparingLong(
                    (Block block) -> readAt.getOrDefault(block.id(), Long.MIN_VALUE)))
            .orElse(null);
    current = oldest == null ? null : oldest.id();
    position = 0;
    return oldest;
  }

  private void read(Block block) {
    long from = position;
    try {
      position = block.scrub(from);
    } catch (CorruptBlockException e) {
      store.damaged(block.damage(e));
      position = block.scrubbedAfter(from);
      status =
          new StoreStatus.ScrubStatus(
              status.blocksRead(),
              status.bytesRead(),
              status.damagedPages() + 1,
              status.lastRound());
    }
  }

  private void finish(Block block, List<Block> blocks) {
    readAt.put(block.id(), clock.millis());
    current = null;
    boolean round = blocks.stream().allMatch(each -> readAt.containsKey(each.id()));
    Instant now = clock.instant();
    status =
        new StoreStatus.ScrubStatus(
            status.blocksRead() + 1,
            status.bytesRead() + block.bytes(),
            status.damagedPages(),
            round ? now : status.lastRound());
    LOG.log(Level.DEBUG, "block {0} is read through", block.id());
  }
}
