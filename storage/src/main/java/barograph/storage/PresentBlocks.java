package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockSummary;
import barograph.storage.block.BlockWriter;
import barograph.storage.disk.Disk;
import barograph.storage.index.Tombstones;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which blocks there are now, and who still looks at those that were there before.
///
/// Whoever asks takes the present [StoreView] and holds it; whoever changes the blocks shows a new
/// one, under a lock, and the files of blocks that are gone go when nobody holds them.
final class PresentBlocks {
  /// Something that is done to the present blocks.
  @FunctionalInterface
  interface Change {
    void apply(List<Block> blocks) throws IOException;
  }

  private final Disk disk;
  private final Path folder;
  private final InstantSource clock;
  private final RandomGenerator random;

  /// Held to change which blocks there are, or what of them is deleted.
  private final Object shape = new Object();

  /// Views that were shown before and may still be held.
  private final List<StoreView> former = new ArrayList<>();

  private volatile StoreView view;

  /// @param blocks those that the start has found, in `folder`
  /// @param floor where the head begins
  PresentBlocks(
      Disk disk,
      Path folder,
      List<Block> blocks,
      long floor,
      InstantSource clock,
      RandomGenerator random) {
    this.disk = disk;
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    this.view = new StoreView(blocks, floor, 0);
  }

  /// Where they lie.
  Path folder() {
    return folder;
  }

  /// The present view, held: release it.
  StoreView hold() {
    StoreView now;
    do {
      now = view;
    } while (!now.hold());
    return now;
  }

  /// The present blocks, each held: close them.
  List<Block> holdEach() {
    StoreView now = hold();
    try {
      now.blocks().forEach(Block::retain);
      return now.blocks();
    } finally {
      now.release();
    }
  }

  /// Where the present blocks end.
  long floor() {
    return view.floor();
  }

  /// How often blocks have been cut from the head since the start.
  long cuts() {
    return view.cuts();
  }

  /// About how many bytes the next block that is cut from the head will have: as many as the one
  /// that was written last has for each `spanMillis`, as that may be merged of several.
  long bytesOfNext(long spanMillis) {
    return view.blocks().stream()
        .max(Comparator.comparing(Block::id))
        .map(newest -> newest.bytes() / spans(newest.range(), spanMillis))
        .orElse(0L);
  }

  private static long spans(TimeRange range, long spanMillis) {
    return Math.floorDiv(range.endMillis(), spanMillis)
        - Math.floorDiv(range.startMillis(), spanMillis)
        + 1;
  }

  /// The id of a block that is written now: later than those of all present ones, whatever the
  /// clock has done, as the order of ids tells which of two blocks was written later. Maintenance
  /// only.
  ///
  /// @param unseen blocks that are not present yet and count as well
  BlockId nextId(List<Block> unseen) {
    long newest =
        Stream.concat(view.blocks().stream(), unseen.stream())
            .mapToLong(b -> b.id().epochMillis())
            .max()
            .orElse(Long.MIN_VALUE);
    return BlockId.of(Math.max(clock.millis(), newest + 1), random);
  }

  /// Shows everyone who comes from now on blocks that were cut from the head, and the head only
  /// from `floor` on.
  ///
  /// @param cut held by the caller, who goes on holding them
  void add(List<Block> cut, long floor) {
    synchronized (shape) {
      var blocks = new ArrayList<>(view.blocks());
      blocks.addAll(cut);
      show(blocks, floor, view.cuts() + 1);
    }
  }

  /// Says that blocks end at `floor`, although the last one may end before: there is nothing more.
  void raiseFloor(long floor) {
    synchronized (shape) {
      show(view.blocks(), floor, view.cuts() + 1);
    }
  }

  /// Does something to the blocks while none is added, merged or dropped.
  void change(Change change) throws IOException {
    synchronized (shape) {
      change.apply(view.blocks());
    }
  }

  /// Deletes blocks for good; those that are not there any more are passed over.
  void drop(List<Block> doomed) throws IOException {
    synchronized (shape) {
      var blocks = new ArrayList<>(view.blocks());
      var there = blocks.stream().filter(doomed::contains).toList();
      blocks.removeAll(there);
      show(blocks);
      for (Block block : there) {
        BlockFolders.delete(disk, folder, block);
      }
    }
  }

  /// Puts a merged block in the place of its sources, if these are still what it was made of.
  ///
  /// The merged block gets its name first; from then on a start deletes the sources.
  ///
  /// @param before what was deleted of each source when the merge began
  /// @param merged prepared by `writer`; null if nothing was left
  /// @return false if a source has changed; what was prepared is discarded then
  boolean replace(
      List<Block> sources,
      List<Tombstones> before,
      @Nullable BlockSummary merged,
      BlockWriter writer)
      throws IOException {
    synchronized (shape) {
      var blocks = new ArrayList<>(view.blocks());
      boolean same = blocks.containsAll(sources);
      for (int i = 0; i < before.size(); i++) {
        same &= sources.get(i).tombstones() == before.get(i);
      }
      if (!same) {
        if (merged != null) {
          writer.discard(merged);
        }
        return false;
      }
      blocks.removeAll(sources);
      if (merged != null) {
        writer.finish(merged);
        try (Block opened = Block.open(disk, merged.folder())) {
          blocks.add(opened);
          show(blocks);
        }
      } else {
        show(blocks);
      }
      for (Block source : sources) {
        BlockFolders.delete(disk, folder, source);
      }
      return true;
    }
  }

  /// Under the lock: shows other blocks of the same samples, or fewer.
  private void show(List<Block> blocks) {
    show(blocks, view.floor(), view.cuts());
  }

  private void show(List<Block> blocks, long floor, long cuts) {
    for (Block block : blocks) {
      if (!block.retain()) {
        throw new IllegalStateException("block %s is closed".formatted(block.id()));
      }
    }
    StoreView before = view;
    view = new StoreView(blocks, floor, cuts);
    former.removeIf(StoreView::isFree);
    former.add(before);
    before.release();
  }

  /// Waits until nobody holds a view any more that asks the head for what is in blocks now; false
  /// if that takes longer than `patience`.
  boolean awaitOldReaders(Duration patience) {
    List<StoreView> old;
    synchronized (shape) {
      old = former.stream().filter(before -> before.cuts() < view.cuts()).toList();
    }
    for (StoreView before : old) {
      if (!before.awaitFree(patience)) {
        return false;
      }
    }
    return true;
  }

  /// Lets go of the present view: nobody may ask any more.
  void close() {
    view.release();
  }
}
