package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.Burial;
import barograph.storage.head.Head;
import barograph.storage.index.Tombstones;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.LogUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Deletes samples of some series: nobody is given them from then on, whatever stops, and the next
/// blocks and merges leave them out. Maintenance's thread, so that no block is being cut meanwhile.
final class Deletion {
  private final Store store;
  private final List<List<Matcher>> selectors;
  private final TimeRange range;

  /// What `range` has of the series that pass any of `selectors`.
  Deletion(Store store, List<List<Matcher>> selectors, TimeRange range) {
    this.store = store;
    this.selectors = selectors;
    this.range = range;
  }

  /// Whether it would hide, besides what is there now, what comes in the next second or ten: then
  /// what the head has should be made blocks before.
  boolean wouldHideMore() {
    Head head = store.head();
    return store
        .sequencer()
        .call(() -> !selectors.stream().allMatch(each -> head.canBuryExactly(each, range)))
        .join();
  }

  /// Does it; when it returns, it outlives a power cut.
  void carryOut() throws IOException {
    var safe = new CompletableFuture<Boolean>();
    store
        .sequencer()
        .call(() -> {
          inHead(safe);
          return true;
        })
        .join();
    try {
      join(safe);
      store.blocks().change(this::inBlocks);
    } finally {
      store.changed(range);
    }
  }

  private static void join(CompletableFuture<Boolean> safe) throws DiskFullException {
    try {
      safe.join();
    } catch (CompletionException e) {
      throw new DiskFullException("nothing is deleted, as the log cannot be written", e);
    }
  }

  /// Writer only.
  private void inHead(CompletableFuture<Boolean> safe) {
    LogUnavailableException why = store.log().unavailable();
    if (why != null) {
      safe.completeExceptionally(why);
      return;
    }
    Head head = store.head();
    for (List<Matcher> matchers : selectors) {
      Burial burial = head.bury(matchers, range);
      for (Tombstones.Span span : burial.inOrder().spans()) {
        store.log().tombstone(span.range(), span.series().toArray());
      }
      store.log().lateTombstone(range, burial.late().toArray());
    }
    store.log().flush(failure -> complete(safe, failure));
  }

  private static void complete(
      CompletableFuture<Boolean> safe, @Nullable LogUnavailableException failure) {
    if (failure == null) {
      safe.complete(true);
    } else {
      safe.completeExceptionally(failure);
    }
  }

  private void inBlocks(List<Block> blocks) throws IOException {
    @Nullable CorruptBlockException damage = null;
    for (Block block : blocks) {
      if (!block.range().overlaps(range)) {
        continue;
      }
      try {
        var series = new RoaringBitmap();
        selectors.forEach(matchers -> series.or(block.select(matchers)));
        if (!series.isEmpty()) {
          block.delete(within(block.range()), series);
        }
      } catch (CorruptBlockException e) {
        damage = e;
      }
    }
    if (damage != null) {
      throw new IOException("not everything is deleted: " + damage.getMessage(), damage);
    }
  }

  private TimeRange within(TimeRange other) {
    return new TimeRange(
        Math.max(range.startMillis(), other.startMillis()),
        Math.min(range.endMillis(), other.endMillis()));
  }
}
