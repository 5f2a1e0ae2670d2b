package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockWriter;
import barograph.storage.disk.Disk;
import barograph.storage.head.Head;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;

/// Makes blocks of the head's oldest hours and has the head let go of them. Maintenance's thread.
final class HeadCutter {
  private static final Logger LOG = System.getLogger(HeadCutter.class.getName());

  /// How long to wait for queries that still read what the head could forget.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Series that are truncated between two batches.
  private static final int SLICE = 4096;

  private final Store store;
  private final Disk disk;
  private final InstantSource clock;
  private final Head head;
  private final BlockWriter writer;
  private final Duration patience;

  /// Whether the head still has what is in a block now.
  private boolean superfluous;

  HeadCutter(Store store, Disk disk, InstantSource clock, Duration patience) {
    this.store = store;
    this.disk = disk;
    this.clock = clock;
    this.head = store.head();
    this.writer = new BlockWriter(disk, store.blocksFolder());
    this.patience = patience;
  }

  /// Has the head forget what is in blocks, if nobody reads it there any more.
  ///
  /// @return false if somebody does
  boolean letGo() throws IOException {
    return truncateSuperfluous(Duration.ZERO);
  }

  /// The same, having waited for those who read.
  boolean letGoPatiently() throws IOException {
    return truncateSuperfluous(patience);
  }

  /// Cuts blocks for as long as the head holds half as much again as one spans.
  void cutWhatIsDue() throws IOException {
    while (isCutDue()) {
      cut(cutEnd());
      if (!truncateSuperfluous(patience)) {
        return;
      }
    }
  }

  private boolean isCutDue() {
    long span = store.options().blockSpan().toMillis();
    return head.minTime() <= head.maxTime() && head.maxTime() - head.minTime() > span + span / 2;
  }

  /// The end of the block that the head's oldest sample belongs to.
  private long cutEnd() {
    long span = store.options().blockSpan().toMillis();
    return (Math.floorDiv(head.minTime(), span) + 1) * span;
  }

  /// Cuts blocks of everything up to now.
  void cutAll() throws IOException {
    long end = Math.min(head.maxTime(), clock.millis()) + 1;
    while (truncateSuperfluous(patience)
        && head.minTime() < end
        && head.minTime() <= head.maxTime()) {
      cut(Math.min(cutEnd(), end));
    }
  }

  /// Makes a block of what the head has before `end`.
  ///
  /// In this order, so that a crash at any point loses nothing and doubles nothing: the head takes
  /// no more samples before `end`; the block is written and synced; answers take those samples from
  /// the block; the head lets go of them. A start in between finds the block and ignores what the
  /// log still has before its end.
  private void cut(long end) throws IOException {
    long floor = store.floor();
    store
        .sequencer()
        .call(() -> {
          head.raiseFloor(end);
          return true;
        })
        .join();
    var source = new HeadSource(head, new TimeRange(floor, end - 1));
    if (source.isEmpty()) {
      long earliest = new HeadSource(head, new TimeRange(end, Long.MAX_VALUE)).earliest();
      if (!head.tombstones().isEmpty()) {
        // What was here is deleted, so nothing of it goes into a block, and the head lets go of it.
        store.raiseFloor(end);
        superfluous = true;
        head.settle(end);
        truncateSuperfluous(patience);
      }
      store
          .sequencer()
          .call(() -> {
            head.raiseMinTime(Math.max(end, earliest));
            return true;
          })
          .join();
      return;
    }
    var summary = writer.write(store.nextBlockId(), 1, source);
    LOG.log(
        Level.INFO,
        "wrote block {0}: {1} series, {2} samples, {3} bytes",
        summary.id(),
        summary.seriesCount(),
        summary.sampleCount(),
        summary.bytes());
    try (Block block = Block.open(disk, summary.folder())) {
      store.add(block, end);
    }
    superfluous = true;
    head.settle(end);
  }

  /// Has the head forget what no view asks it for any more.
  ///
  /// @return false if somebody still holds the view from before the last cut
  private boolean truncateSuperfluous(Duration patience) throws IOException {
    if (!superfluous) {
      return true;
    }
    if (!store.awaitOldReaders(patience)) {
      LOG.log(Level.DEBUG, "a query still reads what the head could forget");
      return false;
    }
    int end = head.referenceEnd();
    for (int from = 0; from < end; from += SLICE) {
      int begin = from;
      store
          .sequencer()
          .call(() -> {
            head.truncate(begin, Math.min(begin + SLICE, end));
            return true;
          })
          .join();
    }
    store
        .sequencer()
        .call(() -> {
          head.finishTruncation();
          return true;
        })
        .join();
    superfluous = false;
    return true;
  }
}
