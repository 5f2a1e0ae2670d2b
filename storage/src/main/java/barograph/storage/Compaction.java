package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockSummary;
import barograph.storage.block.BlockWriter;
import barograph.storage.compact.Merge;
import barograph.storage.compact.MergedSource;
import barograph.storage.compact.Piece;
import barograph.storage.compact.Planner;
import barograph.storage.compact.UnreadableSourceException;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.index.Tombstones;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Merges blocks in the background, one merge at a time, on a thread of its own, so that neither
/// the head nor the log ever waits for one.
///
/// A merge works on blocks that it holds and writes beside them. Only at its end does it look
/// whether they are still what it has read: if one was deleted or has lost samples meanwhile, what
/// was written is thrown away. A stop of any kind before that leaves the sources, and after it the
/// merged block, which names its sources, so that a start in between knows which of both to keep.
final class Compaction {
  /// Chooses what to do, given the pieces there are.
  @FunctionalInterface
  interface Choice extends BiFunction<Planner, List<Piece>, Optional<Merge>> {}

  private static final Logger LOG = System.getLogger(Compaction.class.getName());
  private static final Duration PACE = Duration.ofSeconds(1);

  private final Store store;
  private final BlockWriter writer;
  private final ScheduledThreadPoolExecutor thread;

  /// Blocks that turned out to be damaged: left as they are.
  private final Set<BlockId> unsound = new HashSet<>();

  private final Scrub scrub;
  private volatile boolean stopping;

  Compaction(Store store, Disk disk, InstantSource clock) {
    this.store = store;
    this.scrub = new Scrub(store, clock);
    this.writer = new BlockWriter(disk, store.blocks().folder());
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("barograph-compaction").daemon().factory());
  }

  void start() {
    // Each pass catches what goes wrong in it, so the future never tells anything.
    var _ =
        thread.scheduleWithFixedDelay(
            this::pass, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Ends the thread soon: what is half written is discarded.
  void stop() throws InterruptedException {
    stopping = true;
    thread.shutdown();
    while (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
      LOG.log(Level.INFO, "waiting for a merge to end");
    }
  }

  private void pass() {
    try {
      mergeWhatIsDue();
      scrub.step(() -> stopping);
    } catch (CancellationException closing) {
      LOG.log(Level.DEBUG, "the merge is left for another time");
    } catch (DiskFullException e) {
      LOG.log(Level.WARNING, "merges wait for space: {0}", e.getMessage());
    } catch (IOException e) {
      store.fail(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a merge broke off", e);
    }
  }

  Scrub scrub() {
    return scrub;
  }

  /// Does what the levels ask for.
  void mergeWhatIsDue() throws IOException {
    long settled = store.blocks().floor();
    mergeAll((planner, pieces) -> planner.next(pieces, settled));
  }

  /// Merges as much as the levels allow, windows that are not over included; waits for it.
  void mergeEverything() throws IOException {
    Tasks.run(thread, () -> mergeAll(Planner::everything));
  }

  /// Writes every block that has tombstones without them; waits for it.
  void writeWithoutTombstones() throws IOException {
    Tasks.run(thread, () -> mergeAll(Planner::buried));
  }

  private void mergeAll(Choice choice) throws IOException {
    boolean more = true;
    while (more && !stopping) {
      more = mergeNext(choice);
    }
  }

  /// Does the next merge, if there is one that can be done.
  private boolean mergeNext(Choice choice) throws IOException {
    List<Block> held = store.blocks().holdEach();
    try {
      var planner = new Planner(store.options().blockSpan(), store.retention().time());
      var pieces = held.stream().map(b -> Piece.of(b, !unsound.contains(b.id()))).toList();
      Optional<Merge> due = choice.apply(planner, pieces);
      if (due.isEmpty()) {
        return false;
      }
      Merge merge = due.get();
      var sources = held.stream().filter(b -> merge.sources().contains(b.id())).toList();
      if (!store.room().allowsMerge(sources)) {
        return false;
      }
      try {
        merge(merge, sources);
      } finally {
        store.room().mergeEnded();
      }
      return true;
    } finally {
      held.forEach(Block::close);
    }
  }

  private void merge(Merge merge, List<Block> sources) throws IOException {
    long began = System.nanoTime();
    var before = new ArrayList<Tombstones>();
    sources.forEach(source -> before.add(source.tombstones()));
    BlockId id = merge.sources().getLast().next();
    @Nullable BlockSummary merged;
    try {
      var source = MergedSource.of(sources, () -> stopping);
      merged = writer.prepare(id, merge.level(), merge.sources(), source);
    } catch (UnreadableSourceException e) {
      unsound.add(e.block());
      sources.stream()
          .filter(source -> source.id().equals(e.block()))
          .forEach(source -> store.damaged(source.damage(e.damage())));
      LOG.log(Level.WARNING, "block {0} is left as it is and not merged any more", e.block());
      return;
    }
    if (!store.blocks().replace(sources, before, merged, writer)) {
      LOG.log(Level.DEBUG, "blocks {0} have changed and are merged anew", merge.sources());
      return;
    }
    LOG.log(
        Level.INFO,
        "merged {0} blocks of {1} samples in {2} bytes into {3} of {4} in {5}, level {6}, in {7}",
        sources.size(),
        sources.stream().mapToLong(Block::sampleCount).sum(),
        sources.stream().mapToLong(Block::bytes).sum(),
        merged == null ? "nothing" : merged.id(),
        merged == null ? 0 : merged.sampleCount(),
        merged == null ? 0 : merged.bytes(),
        merge.level(),
        Duration.ofNanos(System.nanoTime() - began));
  }
}
