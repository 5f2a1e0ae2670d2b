package barograph.storage;

import barograph.storage.StoreStatus.BlockStatus;
import barograph.storage.StoreStatus.Replayed;
import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.disk.Disk;
import barograph.storage.disk.FileDisk;
import barograph.storage.head.Checkpoint;
import barograph.storage.head.Head;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogOptions;
import barograph.storage.wal.LogWatcher;
import barograph.storage.wal.Replay;
import barograph.storage.wal.ReplaySummary;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/// A folder of samples, opened: everything that storage does, behind one door.
///
/// Samples go through the sequencer into the head and the log; the maintenance thread turns the
/// head's oldest hours into blocks, takes checkpoints and deletes what is past retention; answers
/// merge blocks and head. [#open] replays what a crash has left, and [#close] leaves nothing to
/// replay.
public final class Store implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Store.class.getName());
  private static final int MOST_KNOWN_DAMAGES = 10_000;
  private static final Duration ASYNC_SYNC_INTERVAL = Duration.ofSeconds(1);

  private final StoreOptions options;
  private final Disk disk;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final StoreWatcher watcher;
  private final Disk.FolderLock folderLock;
  private final Head head;
  private final Log log;
  private final Sequencer sequencer;
  private final Maintenance maintenance;
  private final Replayed replayed;
  private final Appender appender = new SequencedAppender();
  private final Reader reader;
  private final ConcurrentLinkedQueue<HeadReader> readers = new ConcurrentLinkedQueue<>();
  private final Set<String> damages = ConcurrentHashMap.newKeySet();
  private volatile StoreView view;
  private boolean closed;

  /// Opens the store in its folder, which no other process may have open, on the real disk.
  ///
  /// @throws IOException if the folder is taken, or the disk fails; never because of what the files
  ///   hold
  public static Store open(StoreOptions options, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    return open(options, new FileDisk(), clock, watcher, true);
  }

  /// The same on any disk.
  ///
  /// @param background whether maintenance goes on by itself; tests call it
  static Store open(
      StoreOptions options,
      Disk disk,
      InstantSource clock,
      StoreWatcher watcher,
      boolean background)
      throws IOException {
    disk.createFolder(options.folder());
    Disk.FolderLock lock = disk.lock(options.folder().resolve("lock"));
    try {
      return new Store(options, disk, clock, watcher, lock, background);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Store(
      StoreOptions options,
      Disk disk,
      InstantSource clock,
      StoreWatcher watcher,
      Disk.FolderLock folderLock,
      boolean background)
      throws IOException {
    long began = System.nanoTime();
    this.options = options;
    this.disk = disk;
    this.clock = clock;
    this.watcher = watcher;
    this.folderLock = folderLock;
    Path folder = options.folder();
    Path logFolder = folder.resolve("wal");
    Path headFolder = folder.resolve("head");
    for (Path each : List.of(logFolder, headFolder, blocksFolder(), quarantine())) {
      disk.createFolder(each);
    }
    List<Block> blocks = openBlocks();
    try {
      long floor =
          blocks.stream().mapToLong(b -> b.range().endMillis() + 1).max().orElse(Long.MIN_VALUE);
      this.head = new Head(disk, headFolder, new SecureRandom().nextLong());
      this.reader = new MergingReader(this);
      Checkpoint checkpoint = head.restore(quarantine());
      checkpoint.damages().forEach(this::damaged);
      head.settle(floor);
      var recovery = new Recovery(head, this::damaged);
      ReplaySummary summary =
          Replay.run(disk, logFolder, quarantine(), checkpoint.segment(), recovery);
      List<Path> inBlocks = List.of();
      if (head.minTime() < head.settled()) {
        // A block was finished, and the end came before the head had let go of it.
        head.truncate(0, head.referenceEnd());
        inBlocks = head.finishTruncation();
      }
      this.view = new StoreView(blocks, head.settled());
      this.log = Log.start(disk, logFolder, summary, logOptions(), clock, logWatcher());
      this.sequencer = new Sequencer(head, log, clock, watcher, options.waitingBatches());
      this.maintenance =
          new Maintenance(this, disk, clock, background ? HeadCutter.PATIENCE : Duration.ZERO);
      maintenance.deleteLater(inBlocks);
      this.replayed =
          new Replayed(
              summary.segments(),
              summary.samples(),
              summary.lostSamples() + recovery.orphans(),
              Duration.ofNanos(System.nanoTime() - began));
    } catch (IOException | RuntimeException e) {
      blocks.forEach(Block::close);
      throw e;
    }
    LOG.log(
        Level.INFO,
        "opened {0}: {1} blocks, {2} series in the head, {3} samples replayed in {4}",
        folder,
        blocks.size(),
        head.seriesCount(),
        replayed.samples(),
        replayed.took());
    sequencer.start();
    if (background) {
      maintenance.start();
    }
  }

  private List<Block> openBlocks() throws IOException {
    BlockFolders.sweep(disk, blocksFolder());
    // A process that was killed may have named a block and not synced that. What is built on a
    // block, as letting go of the log is, must not outlive it.
    disk.syncFolder(blocksFolder());
    var blocks = new ArrayList<Block>();
    for (Path folder : BlockFolders.finished(disk, blocksFolder())) {
      try {
        blocks.add(Block.open(disk, folder));
      } catch (CorruptBlockException | NoSuchFileException e) {
        damaged("block %s: %s; moved to %s".formatted(folder, e.getMessage(), quarantine()));
        disk.rename(folder, unusedIn(quarantine(), folder.getFileName().toString()));
        disk.syncFolder(blocksFolder());
        disk.syncFolder(quarantine());
      }
    }
    blocks.sort(Comparator.comparingLong(b -> b.range().startMillis()));
    return blocks;
  }

  private Path unusedIn(Path parent, String name) {
    Path path = parent.resolve(name);
    for (int i = 2; disk.exists(path); i++) {
      path = parent.resolve(name + "-" + i);
    }
    return path;
  }

  void deleteAll(List<Path> files) throws IOException {
    for (Path file : files) {
      disk.delete(file);
    }
  }

  private LogOptions logOptions() {
    return switch (options.durability()) {
      case SYNC -> LogOptions.DEFAULT;
      case ASYNC -> LogOptions.DEFAULT.withSyncInterval(ASYNC_SYNC_INTERVAL);
    };
  }

  private LogWatcher logWatcher() {
    return new LogWatcher() {
      @Override
      public void synced(long nanos, long bytes) {
        watcher.synced(nanos, bytes);
      }

      @Override
      public void full(String reason) {
        LOG.log(Level.WARNING, "the disk is full, nothing is taken in: {0}", reason);
        watcher.full(reason);
      }

      @Override
      public void resumed() {
        LOG.log(Level.INFO, "the disk has space again");
        watcher.resumed();
      }

      @Override
      public void failed(Throwable cause) {
        fail(cause);
      }
    };
  }

  /// Where samples go in.
  public Appender appender() {
    return appender;
  }

  /// Where answers come from.
  public Reader reader() {
    return reader;
  }

  /// What is in the store and what it has done.
  public StoreStatus status() {
    StoreView now = hold();
    try {
      return new StoreStatus(
          head.seriesCount(),
          head.pairCount(),
          head.sealedChunks(),
          head.bytes(),
          head.minTime() > head.maxTime() ? null : new TimeRange(head.minTime(), head.maxTime()),
          sequencer.appended(),
          sequencer.refused(),
          log.bytesWritten(),
          log.syncs(),
          replayed,
          damages.size(),
          now.blocks().stream().map(Store::status).toList());
    } finally {
      now.release();
    }
  }

  private static BlockStatus status(Block block) {
    return new BlockStatus(
        block.id().text(),
        block.range(),
        block.level(),
        block.seriesCount(),
        block.sampleCount(),
        block.bytes());
  }

  /// Where the head's series come from: the `limit` largest of each kind.
  public StoreStatus.Cardinality cardinality(int limit) {
    return head.look(index -> CardinalityCount.of(index, limit));
  }

  /// Makes blocks of everything that is in the head up to now, and waits for it. Samples of that
  /// time are refused afterwards.
  ///
  /// @throws IOException if the disk is full or failing
  public void compactNow() throws IOException {
    maintenance.compactNow();
  }

  /// Takes no more samples, lets those on the way finish, and leaves the folder so that the next
  /// start has nothing to replay.
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      maintenance.stop();
      sequencer.stop();
      maintenance.lastCheckpoint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      log.close();
      head.close();
      view.release();
      folderLock.close();
    }
  }

  // What the store's other parts ask of it.

  Head head() {
    return head;
  }

  Log log() {
    return log;
  }

  StoreOptions options() {
    return options;
  }

  Sequencer sequencer() {
    return sequencer;
  }

  Maintenance maintenance() {
    return maintenance;
  }

  Path blocksFolder() {
    return options.folder().resolve("blocks");
  }

  Path quarantine() {
    return options.folder().resolve("quarantine");
  }

  /// The present view, held: release it.
  StoreView hold() {
    StoreView now;
    do {
      now = view;
    } while (!now.hold());
    return now;
  }

  /// Shows everyone who comes from now on other blocks; gives the view that was before. Maintenance
  /// only.
  StoreView show(List<Block> blocks, long floor) {
    for (Block block : blocks) {
      if (!block.retain()) {
        throw new IllegalStateException("block %s is closed".formatted(block.id()));
      }
    }
    StoreView before = view;
    view = new StoreView(blocks, floor);
    before.release();
    return before;
  }

  /// The present blocks, for maintenance, which alone changes them.
  List<Block> blocks() {
    return view.blocks();
  }

  /// Where the present blocks end.
  long floor() {
    return view.floor();
  }

  /// The id of a block that is written now: later than those of all present ones, whatever the
  /// clock has done, as the order of ids tells which of two blocks was written later. Maintenance
  /// only.
  BlockId nextBlockId() {
    long newest =
        view.blocks().stream().mapToLong(b -> b.id().epochMillis()).max().orElse(Long.MIN_VALUE);
    return BlockId.of(Math.max(clock.millis(), newest + 1), random);
  }

  HeadReader borrowReader() {
    HeadReader idle = readers.poll();
    return idle == null ? head.reader() : idle;
  }

  void giveBack(HeadReader idle) {
    readers.add(idle);
  }

  /// Reports something damaged, the first time it is found.
  void damaged(String what) {
    if (damages.size() >= MOST_KNOWN_DAMAGES || !damages.add(what)) {
      return;
    }
    LOG.log(Level.ERROR, "damaged: {0}", what);
    watcher.damaged(what);
  }

  void fail(Throwable cause) {
    LOG.log(Level.ERROR, "the disk fails; nothing is acknowledged any more", cause);
    watcher.failed(cause);
  }

  private final class SequencedAppender implements Appender {
    @Override
    public int seriesFor(Labels labels, String target) {
      int known = head.find(labels);
      if (known >= 0) {
        return known;
      }
      int ref = head.findOrMake(labels, target, options.seriesLimit());
      if (ref < 0) {
        throw new SeriesLimitException(
            "the store holds %d series, which is its limit; %s is refused"
                .formatted(options.seriesLimit(), labels));
      }
      return ref;
    }

    @Override
    public CompletableFuture<WriteResult> append(SampleBatch batch) {
      return sequencer.append(batch);
    }
  }
}
