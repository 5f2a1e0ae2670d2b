package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockWriter;
import barograph.storage.compact.Retention;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.Head;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.LogUnavailableException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What happens in the background, on one thread, step by step: cutting the head into blocks,
/// checkpoints, retention.
final class Maintenance {
  private static final Logger LOG = System.getLogger(Maintenance.class.getName());
  private static final Duration PACE = Duration.ofSeconds(1);

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
  private final RandomGenerator random = new SecureRandom();
  private final ScheduledThreadPoolExecutor thread;

  /// A view that may still ask the head for what is in a block now.
  private @Nullable StoreView retired;

  /// Files to delete once a checkpoint is there that does not name them.
  private final List<Path> superfluous = new ArrayList<>();

  private long bytesAtCheckpoint;
  private long checkpointMillis;

  Maintenance(Store store, Disk disk, InstantSource clock, Duration patience) {
    this.patience = patience;
    this.store = store;
    this.disk = disk;
    this.clock = clock;
    this.head = store.head();
    this.checkpointMillis = clock.millis();
    this.writer = new BlockWriter(disk, store.blocksFolder());
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("barograph-maintenance").daemon().factory());
  }

  void start() {
    // Each pass catches what goes wrong in it, so the future never tells anything.
    var _ =
        thread.scheduleWithFixedDelay(
            this::pass, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop() throws InterruptedException {
    thread.shutdown();
    while (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
      LOG.log(Level.INFO, "waiting for maintenance to end");
    }
  }

  private void pass() {
    try {
      maintain();
    } catch (DiskFullException e) {
      LOG.log(Level.WARNING, "maintenance waits for space: {0}", e.getMessage());
    } catch (IOException e) {
      store.fail(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "maintenance broke off", e);
    }
  }

  /// Does whatever is due.
  void maintain() throws IOException {
    if (!truncateRetired(Duration.ZERO)) {
      return;
    }
    while (isCutDue()) {
      cut(cutEnd());
      if (!truncateRetired(patience)) {
        break;
      }
    }
    if (isCheckpointDue()) {
      checkpoint();
    }
    retain();
  }

  /// Deletes files once a checkpoint is there that does not name them.
  void deleteLater(List<Path> files) {
    superfluous.addAll(files);
  }

  private boolean isCheckpointDue() {
    long bytes = store.log().bytesWritten() - bytesAtCheckpoint;
    return !superfluous.isEmpty()
        || bytes >= store.options().checkpointBytes()
        || (bytes > 0
            && clock.millis() - checkpointMillis
                >= store.options().checkpointInterval().toMillis());
  }

  /// Writes down the head and cuts the log there.
  private void checkpoint() throws IOException {
    var safe = new CompletableFuture<Boolean>();
    finishCheckpoint(store.sequencer().call(() -> startSegment(safe)).join(), safe);
  }

  /// Writer only. What is before the segment must be safe before anything of it is deleted: only
  /// then does the log not write to it any more.
  private long startSegment(CompletableFuture<Boolean> safe) {
    long segment = store.log().rotate();
    store.log().flush(failure -> complete(safe, failure));
    return segment;
  }

  private static void complete(
      CompletableFuture<Boolean> flushed, @Nullable LogUnavailableException failure) {
    if (failure == null) {
      flushed.complete(true);
    } else {
      flushed.completeExceptionally(failure);
    }
  }

  private void finishCheckpoint(long segment, CompletableFuture<Boolean> safe) throws IOException {
    try {
      safe.join();
    } catch (CompletionException e) {
      throw new DiskFullException("no checkpoint, as the log cannot be written", e);
    }
    long bytes = store.log().bytesWritten();
    superfluous.addAll(head.checkpoint(segment));
    store.log().dropBefore(segment);
    store.deleteAll(superfluous);
    superfluous.clear();
    bytesAtCheckpoint = bytes;
    checkpointMillis = clock.millis();
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

  void compactNow() throws IOException {
    try {
      thread
          .submit(() -> {
            compact();
            return null;
          })
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while a block was being written", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw new IOException(cause.getMessage(), cause);
      }
      throw new IllegalStateException("compaction broke off", e.getCause());
    }
  }

  private void compact() throws IOException {
    long end = Math.min(head.maxTime(), clock.millis()) + 1;
    while (truncateRetired(patience) && head.minTime() < end && head.minTime() <= head.maxTime()) {
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
      store
          .sequencer()
          .call(() -> {
            head.raiseMinTime(Math.max(end, earliest));
            return true;
          })
          .join();
      return;
    }
    var summary = writer.write(BlockId.of(clock.millis(), random), 1, source);
    LOG.log(
        Level.INFO,
        "wrote block {0}: {1} series, {2} samples, {3} bytes",
        summary.id(),
        summary.seriesCount(),
        summary.sampleCount(),
        summary.bytes());
    Block block = Block.open(disk, summary.folder());
    var blocks = new ArrayList<>(store.blocks());
    blocks.add(block);
    retired = store.show(blocks, end);
    head.settle(end);
    block.close();
  }

  /// Has the head forget what no view asks it for any more.
  ///
  /// @return false if somebody still holds the view from before the last cut
  private boolean truncateRetired(Duration patience) throws IOException {
    StoreView before = retired;
    if (before == null) {
      return true;
    }
    if (!before.awaitFree(patience)) {
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
    retired = null;
    return true;
  }

  private void retain() throws IOException {
    var retention =
        new Retention(store.options().retentionTime(), store.options().retentionBytes());
    List<Block> blocks = store.blocks();
    if (blocks.isEmpty()) {
      return;
    }
    long newest = Math.max(head.maxTime(), blocks.getLast().range().endMillis());
    List<Block> expired = retention.expired(blocks, newest);
    if (expired.isEmpty()) {
      return;
    }
    var kept = new ArrayList<>(blocks);
    kept.removeAll(expired);
    store.show(kept, store.floor());
    for (Block block : expired) {
      LOG.log(Level.INFO, "block {0} is past retention and deleted", block.id());
      Path doomed = store.blocksFolder().resolve(block.id().text() + ".tmp");
      disk.rename(block.folder(), doomed);
      disk.syncFolder(store.blocksFolder());
      disk.deleteTree(doomed);
    }
  }

  /// Writes down the head when the sequencer has ended, so that there is nothing to replay.
  void lastCheckpoint() {
    try {
      var safe = new CompletableFuture<Boolean>();
      finishCheckpoint(startSegment(safe), safe);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "no last checkpoint, the next start replays the log: {0}", e.getMessage());
    }
  }
}
