package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockWriter;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.Head;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.LogPosition;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Makes blocks of the head's oldest hours and has the head let go of them. Maintenance's thread.
final class HeadCutter {
  private static final Logger LOG = System.getLogger(HeadCutter.class.getName());

  /// How long to wait for queries that still read what the head could forget.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Series that are truncated between two batches.
  private static final int SLICE = 4096;

  /// Late samples that take more than this, and more than that for each series, are cut at once.
  private static final long MOST_LATE_BYTES = 64L << 20;

  private static final long MOST_LATE_BYTES_A_SERIES = 256;

  private static final long NEVER = Long.MIN_VALUE;

  private final Store store;
  private final Disk disk;
  private final InstantSource clock;
  private final Head head;
  private final BlockWriter writer;
  private final Duration patience;

  /// Whether the head still has what is in a block now.
  private boolean superfluous;

  /// Up to where the log may have samples of series that the last cut would forget.
  private LogPosition lastOfSilent = new LogPosition(0, 0);

  /// Whether silent series are still here because somebody has not read so far.
  private boolean keptSilent;

  /// Since when there have been late samples below the floor.
  private long lateSinceMillis = NEVER;

  /// Takes files to delete once a checkpoint does not name them.
  private final Consumer<List<Path>> doomed;

  HeadCutter(
      Store store, Disk disk, InstantSource clock, Duration patience, Consumer<List<Path>> doomed) {
    this.doomed = doomed;
    this.store = store;
    this.disk = disk;
    this.clock = clock;
    this.head = store.head();
    this.writer = new BlockWriter(disk, store.blocks().folder());
    this.patience = patience;
  }

  /// Has the head forget what is in blocks, if nobody reads it there any more.
  ///
  /// @return false if somebody does
  boolean letGo() throws IOException {
    if (keptSilent && store.log().isPassed(lastOfSilent)) {
      sequenced(head::forgetKeptSeries);
      keptSilent = false;
    }
    return truncateSuperfluous(Duration.ZERO);
  }

  /// The same, having waited for those who read.
  boolean letGoPatiently() throws IOException {
    return truncateSuperfluous(patience);
  }

  /// Cuts blocks for as long as the head holds half as much again as one spans, and of late samples
  /// once they have waited for a while or become many.
  ///
  /// A cut for which there is no room waits, and everything else goes on.
  void cutWhatIsDue() throws IOException {
    while (isCutDue()) {
      if (!store.room().allowsCut()) {
        return;
      }
      cut(cutEnd());
      if (!truncateSuperfluous(patience)) {
        return;
      }
    }
    boolean many = areLateMany();
    if (isLateBelowFloor() && (many || haveLateWaited())) {
      if (!store.room().allowsCut()) {
        return;
      }
      cut(store.blocks().floor());
      if (!truncateSuperfluous(patience)) {
        return;
      }
      many = areLateMany();
    }
    if ((many || head.hasManyChunks()) && store.room().allowsCut()) {
      cutAll();
    }
  }

  private boolean isLateBelowFloor() {
    return head.late().minTime() < store.blocks().floor();
  }

  private boolean areLateMany() {
    return head.late().bytes()
        > Math.max(MOST_LATE_BYTES, MOST_LATE_BYTES_A_SERIES * head.seriesCount());
  }

  /// Whether late samples have been seen below the floor for a while, by whatever the clock says.
  private boolean haveLateWaited() {
    long now = clock.millis();
    long waited = now - lateSinceMillis;
    if (lateSinceMillis == NEVER || waited < 0) {
      lateSinceMillis = now;
      return false;
    }
    return waited >= store.options().blockSpan().toMillis() / 4;
  }

  /// Whether the head holds half as much again as a block spans.
  boolean isCutDue() {
    long span = store.options().blockSpan().toMillis();
    return head.minTime() <= head.maxTime() && head.maxTime() - head.minTime() > span + span / 2;
  }

  /// The end of the block that the head's oldest sample belongs to.
  private long cutEnd() {
    long span = store.options().blockSpan().toMillis();
    return (Math.floorDiv(head.minTime(), span) + 1) * span;
  }

  /// Cuts blocks of everything up to now.
  ///
  /// @throws DiskFullException if there is no room for one of them
  void cutAll() throws IOException {
    if (!store.room().allowsCut()) {
      throw new DiskFullException("the disk has no room for a block of the head's samples");
    }
    long end = Math.min(head.maxTime(), clock.millis()) + 1;
    while (truncateSuperfluous(patience)
        && head.minTime() < end
        && head.minTime() <= head.maxTime()) {
      cut(Math.min(cutEnd(), end));
    }
    if (truncateSuperfluous(patience) && isLateBelowFloor()) {
      cut(store.blocks().floor());
      var _ = truncateSuperfluous(patience);
    }
  }

  /// Makes blocks of what the head has before `end`: one of its samples from the last cut on, and
  /// one for each older span that late samples have come for.
  ///
  /// In this order, so that a crash at any point loses nothing: the head takes no more samples in
  /// order before `end`, and sets apart the late ones, so that what is to be written stands still;
  /// the blocks are written and synced; answers take those samples from them; the head lets go of
  /// them. A start in between finds the blocks and ignores what the log still has in order before
  /// their end; late samples that it brings back are there twice until they are cut once more.
  private void cut(long end) throws IOException {
    long floor = store.blocks().floor();
    sequenced(() -> head.raiseFloor(end));
    lastOfSilent = endOfLog();
    settleLate(end);
    lateSinceMillis = NEVER;
    var blocks = new ArrayList<Block>();
    try {
      writeLate(floor, blocks);
      if (end > floor) {
        write(HeadSource.of(head, new TimeRange(floor, end - 1), store::damaged), blocks);
      }
      if (blocks.isEmpty()) {
        long earliest =
            HeadSource.of(head, new TimeRange(end, Long.MAX_VALUE), store::damaged).earliest();
        if (!head.tombstones().isEmpty()) {
          // What was here is deleted, so nothing of it goes into a block, and the head lets go of
          // it.
          store.blocks().raiseFloor(end);
          superfluous = true;
          head.settle(end);
          truncateSuperfluous(patience);
        }
        sequenced(
            () -> head.raiseMinTime(Math.max(end, Math.min(earliest, head.late().minTime()))));
        return;
      }
      store.blocks().add(blocks, end);
      superfluous = true;
      head.settle(end);
      store.room().cutEnded();
    } catch (DiskFullException e) {
      blocks.forEach(this::discard);
      store.room().cutFailed();
      throw e;
    } catch (IOException | RuntimeException e) {
      blocks.forEach(this::discard);
      throw e;
    } finally {
      blocks.forEach(Block::close);
    }
  }

  private void settleLate(long end) {
    if (head.late().minTime() < end) {
      inSlices((from, to) -> head.late().settle(from, to, end));
    }
  }

  /// Writes a block for each span before `floor` that late samples have been set apart for.
  private void writeLate(long floor, List<Block> into) throws IOException {
    long span = store.options().blockSpan().toMillis();
    long from = head.late().minTime();
    while (from < floor) {
      long earliest =
          HeadSource.ofLate(head, new TimeRange(from, floor - 1), store::damaged).earliest();
      if (earliest == Long.MAX_VALUE) {
        return;
      }
      long end = Math.min(floor, (Math.floorDiv(earliest, span) + 1) * span);
      write(HeadSource.ofLate(head, new TimeRange(earliest, end - 1), store::damaged), into);
      from = end;
    }
  }

  private void write(HeadSource source, List<Block> into) throws IOException {
    if (source.isEmpty()) {
      return;
    }
    var summary = writer.write(store.blocks().nextId(into), 1, source);
    LOG.log(
        Level.INFO,
        "wrote block {0}: {1} series, {2} samples, {3} bytes",
        summary.id(),
        summary.seriesCount(),
        summary.sampleCount(),
        summary.bytes());
    into.add(Block.open(disk, summary.folder()));
  }

  /// Deletes a block that nobody has seen yet: its samples stay in the head. If that fails the next
  /// start finds it and has them twice, which does no harm.
  private void discard(Block block) {
    try {
      BlockFolders.delete(disk, store.blocks().folder(), block);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "block {0} stays behind: {1}", block.id(), e.getMessage());
    }
  }

  /// Has the head forget what no view asks it for any more.
  ///
  /// @return false if somebody still holds the view from before the last cut
  private boolean truncateSuperfluous(Duration patience) throws IOException {
    if (!superfluous) {
      return true;
    }
    if (!store.blocks().awaitOldReaders(patience)) {
      LOG.log(Level.DEBUG, "a query still reads what the head could forget");
      return false;
    }
    long settled = head.settled();
    inSlices(head::truncate);
    boolean forget = store.log().isPassed(lastOfSilent);
    sequenced(() -> doomed.accept(head.finishTruncation(forget)));
    keptSilent = !forget;
    sequenced(() -> head.late().beginRelease());
    inSlices((from, to) -> head.late().release(from, to, settled));
    sequenced(() -> head.late().endRelease());
    superfluous = false;
    return true;
  }

  /// Where the log ends once all is synced that has been recorded so far.
  private LogPosition endOfLog() {
    var end = new CompletableFuture<LogPosition>();
    sequenced(() -> store.log().flush(failure -> end.complete(store.log().synced())));
    return end.join();
  }

  @FunctionalInterface
  private interface Slice {
    void from(int from, int to);
  }

  /// Has the sequencer do something to all series, some of them at a time.
  private void inSlices(Slice work) {
    for (Head.Slice slice : head.slices(SLICE)) {
      sequenced(() -> work.from(slice.from(), slice.to()));
    }
  }

  private void sequenced(Runnable work) {
    store
        .sequencer()
        .call(() -> {
          work.run();
          return true;
        })
        .join();
  }
}
