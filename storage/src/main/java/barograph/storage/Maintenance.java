package barograph.storage;

import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.Head;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.LogUnavailableException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What happens in the background, on one thread, step by step: cutting the head into blocks,
/// checkpoints, retention.
final class Maintenance {
  private static final Logger LOG = System.getLogger(Maintenance.class.getName());
  private static final Duration PACE = Duration.ofSeconds(1);

  private final Store store;
  private final InstantSource clock;
  private final Head head;
  private final HeadCutter cutter;
  private final boolean background;
  private final ScheduledThreadPoolExecutor thread;

  /// Files to delete once a checkpoint is there that does not name them.
  private final List<Path> superfluous = new ArrayList<>();

  private boolean waitingForSpace;

  /// Whether the reserve was given for a checkpoint that is still to be written.
  private boolean makeRoom;

  private long bytesAtCheckpoint;
  private long cutsAtCheckpoint = -1;
  private long checkpointMillis;

  /// Maintenance of `store`.
  ///
  /// @param background whether threads do it by themselves; else [#maintain] does everything
  Maintenance(Store store, Disk disk, InstantSource clock, boolean background) {
    this.background = background;
    this.store = store;
    this.clock = clock;
    this.head = store.head();
    this.checkpointMillis = clock.millis();
    this.cutter =
        new HeadCutter(
            store,
            disk,
            clock,
            background ? HeadCutter.PATIENCE : Duration.ZERO,
            superfluous::addAll);
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
      waitForSpace(e);
    } catch (IOException e) {
      store.fail(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "maintenance broke off", e);
    }
  }

  /// On a full disk, the next passes write a checkpoint into the reserve, whereupon the log can be
  /// cut: that gives back more than it takes.
  private void waitForSpace(DiskFullException e) {
    if (!waitingForSpace) {
      waitingForSpace = true;
      LOG.log(Level.WARNING, "maintenance waits for space: {0}", e.getMessage());
    }
    try {
      makeRoom |= store.room().releaseReserve();
    } catch (IOException failing) {
      store.fail(failing);
    }
  }

  /// Does whatever is due.
  void maintain() throws IOException {
    if (!cutter.letGo()) {
      return;
    }
    Room room = store.room();
    if (store.log().unavailable() != null) {
      makeRoom |= room.releaseReserve();
    } else if (makeRoom) {
      checkpoint();
      makeRoom = false;
    }
    if (cutter.isCutDue()) {
      room.retain(store.blocks().bytesOfNext(store.options().blockSpan().toMillis()), List.of());
    }
    cutter.cutWhatIsDue();
    if (isCheckpointDue()) {
      checkpoint();
    }
    room.retain(0, List.of());
    store.damages().save();
    waitingForSpace = false;
    if (!background) {
      store.compaction().mergeWhatIsDue();
    } else if (!makeRoom && store.log().unavailable() == null) {
      room.takeReserve();
    }
  }

  /// Deletes files once a checkpoint is there that does not name them.
  void deleteLater(List<Path> files) {
    superfluous.addAll(files);
  }

  private boolean isCheckpointDue() {
    long bytes = store.log().bytesWritten() - bytesAtCheckpoint;
    return !superfluous.isEmpty()
        || bytes >= store.options().checkpoints().bytes()
        || (bytes > 0
            && clock.millis() - checkpointMillis
                >= store.options().checkpoints().interval().toMillis());
  }

  /// Writes down the head and cuts the log there. Until that is done, the last checkpoint and the
  /// log are there too: blocks go beforehand if all that is more than may be kept.
  private void checkpoint() throws IOException {
    store.room().retain(head.bytesToCheckpoint(), List.of());
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
    long cuts = store.blocks().cuts();
    superfluous.addAll(head.checkpoint(segment));
    store.log().dropBefore(segment);
    store.deleteAll(superfluous);
    superfluous.clear();
    bytesAtCheckpoint = bytes;
    cutsAtCheckpoint = cuts;
    checkpointMillis = clock.millis();
  }

  /// Makes blocks of all that is in the head up to now, and waits for it.
  void cutEverything() throws IOException {
    Tasks.run(thread, cutter::cutAll);
  }

  /// Forgets damages, and waits for it.
  void forgetDamages() throws IOException {
    Tasks.run(
        thread,
        () -> {
          store.damages().forgetAll();
          store.damages().save();
        });
  }

  /// Deletes samples, and waits for it.
  void delete(List<List<Matcher>> selectors, TimeRange range) throws IOException {
    Tasks.run(
        thread,
        () -> {
          var deletion = new Deletion(store, selectors, range);
          if (deletion.wouldHideMore()) {
            cutter.cutAll();
          }
          if (store.blocks().cuts() > cutsAtCheckpoint) {
            // Else a start would take what is in blocks, and perhaps deleted from there, from the
            // log.
            checkpoint();
          }
          deletion.carryOut();
        });
  }

  /// Has the head and the log let go of all that is in blocks, and waits for it.
  void letGoOfEverything() throws IOException {
    Tasks.run(
        thread,
        () -> {
          store.sequencer().call(head::finishFile).join();
          boolean letGo = cutter.letGoPatiently();
          checkpoint();
          if (letGo) {
            // Only now is the file closed that chunks were appended to.
            deleteLater(store.sequencer().call(() -> head.finishTruncation(false)).join());
            checkpoint();
          }
        });
  }

  /// Writes down the head when the sequencer has ended, so that there is nothing to replay.
  void lastCheckpoint() {
    try {
      var safe = new CompletableFuture<Boolean>();
      finishCheckpoint(startSegment(safe), safe);
      store.damages().save();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "no last checkpoint, the next start replays the log: {0}", e.getMessage());
    }
  }
}
