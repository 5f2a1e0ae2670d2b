package barograph.storage;

import barograph.storage.StoreStatus.BlockStatus;
import barograph.storage.StoreStatus.Replayed;
import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockSummary;
import barograph.storage.block.BlockWriter;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.compact.Retention;
import barograph.storage.disk.Disk;
import barograph.storage.disk.FileDisk;
import barograph.storage.head.Checkpoint;
import barograph.storage.head.Head;
import barograph.storage.head.HeadReader;
import barograph.storage.index.Tombstones;
import barograph.storage.model.Damage;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogOptions;
import barograph.storage.wal.LogVersion;
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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of samples, opened: everything that storage does, behind one door.
///
/// Samples go through the sequencer into the head and the log; the maintenance thread turns the
/// head's oldest hours into blocks, takes checkpoints and deletes what is past retention; answers
/// merge blocks and head. [#open] replays what a crash has left, and [#close] leaves nothing to
/// replay.
public final class Store implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Store.class.getName());
  private static final DateTimeFormatter SNAPSHOT_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final Duration ASYNC_SYNC_INTERVAL = Duration.ofSeconds(1);

  private final StoreOptions options;
  private final Disk disk;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final StoreWatcher watcher;
  private final Disk.FolderLock folderLock;
  private final Head head;
  private final Log log;
  private final LogTails tails;
  private final Sequencer sequencer;
  private final Maintenance maintenance;
  private final Compaction compaction;
  private final Replayed replayed;
  private final Appender appender = new SequencedAppender();
  private final Reader reader;
  private final ConcurrentLinkedQueue<HeadReader> readers = new ConcurrentLinkedQueue<>();

  /// Held to change which blocks there are, or what of them is deleted.
  private final Object shape = new Object();

  /// Views that were shown before and may still be held.
  private final List<StoreView> former = new ArrayList<>();

  private final DamageLedger damages;
  private final Room room;
  private volatile Retention retention;
  private volatile StoreView view;
  private boolean closed;

  /// Opens the store in its folder, which no other process may have open, on the real disk.
  ///
  /// @throws barograph.storage.disk.UnknownFormatException if another release has written in the
  ///   folder what this one cannot read; nothing is changed then
  /// @throws IOException if the folder is taken, or the disk fails; never because files are damaged
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
      BlockFolders.requireKnownFormats(disk, options.folder().resolve("blocks"));
      LogVersion.requireKnown(disk, options.folder().resolve("wal"));
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
    this.damages = new DamageLedger(clock, watcher);
    this.retention = new Retention(options.retentionTime(), options.retentionBytes());
    this.room = new Room(this, disk);
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
      if (checkpoint.lostSeries() != 0) {
        damaged(lostSeries(headFolder, checkpoint.lostSeries()));
      }
      head.settle(floor);
      var recovery = new Recovery(head, this::damaged);
      ReplaySummary summary =
          Replay.run(disk, logFolder, quarantine(), checkpoint.segment(), recovery);
      recovery.reportOrphans(logFolder, damages.count() > 0);
      List<Path> inBlocks = List.of();
      if (head.minTime() < head.settled()) {
        // A block was finished, and the end came before the head had let go of it.
        head.truncate(0, head.referenceEnd());
        inBlocks = head.finishTruncation();
      }
      this.view = new StoreView(blocks, head.settled(), 0);
      this.log = Log.start(disk, logFolder, summary, logOptions(), clock, logWatcher());
      this.tails = new LogTails(disk, folder.resolve("tails"), head, log);
      this.sequencer = new Sequencer(head, log, clock, watcher, options.waitingBatches());
      sequencer.acceptOutOfOrder(options.outOfOrderWindow());
      this.maintenance = new Maintenance(this, disk, clock, background);
      maintenance.deleteLater(inBlocks);
      this.compaction = new Compaction(this, disk, clock);
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
    if (options.durability() == StoreOptions.Durability.ASYNC) {
      LOG.log(
          Level.WARNING,
          "durability is async: a power cut may take what was acknowledged in the last {0} ms",
          Long.toString(ASYNC_SYNC_INTERVAL.toMillis()));
    }
    sequencer.start();
    if (background) {
      maintenance.start();
      compaction.start();
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
        Block block = Block.open(disk, folder);
        blocks.add(block);
        String complaint = block.complaint();
        if (complaint != null) {
          damaged(complaint);
          setAside(folder, block.tombstonesFile(), folder.getFileName() + "-tombstones");
        }
      } catch (CorruptBlockException | NoSuchFileException e) {
        damaged("block %s: %s; moved to %s".formatted(folder, e.getMessage(), quarantine()));
        setAside(blocksFolder(), folder, folder.getFileName().toString());
      }
    }
    deleteReplaced(blocks);
    return blocks;
  }

  private void setAside(Path parent, Path path, String name) throws IOException {
    disk.rename(path, unusedIn(quarantine(), name));
    disk.syncFolder(parent);
    disk.syncFolder(quarantine());
  }

  /// Finishes merges that broke off when their block was there already and its sources still were:
  /// to keep both would bring back what was deleted from the sources.
  private void deleteReplaced(List<Block> blocks) throws IOException {
    var replaced = new HashSet<BlockId>();
    blocks.forEach(block -> replaced.addAll(block.parents()));
    for (Block block : List.copyOf(blocks)) {
      if (replaced.contains(block.id())) {
        blocks.remove(block);
        block.close();
        BlockFolders.delete(disk, blocksFolder(), block);
      }
    }
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

  /// The cost of a damaged checkpoint: series of which nothing is known any more that is not in the
  /// log behind it.
  private Damage lostSeries(Path headFolder, int count) {
    boolean known = count > 0 && head.minTime() <= head.maxTime();
    return new Damage(
        headFolder,
        0,
        0,
        "what series had in the head at the last checkpoint is lost, as that is damaged",
        known ? new TimeRange(head.minTime(), head.maxTime()) : null,
        -1,
        count);
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

  /// Reads what is accepted, in order, for whoever sends it on. The tail called `name` goes on
  /// where it was released last, after a restart too; a new one begins with what is accepted from
  /// now on.
  ///
  /// @param name as a file may be called
  /// @param capBytes how much of the log is kept for it at most, beyond what a start needs
  /// @throws IOException if the disk is full or failing
  public LogTail tail(String name, long capBytes) throws IOException {
    return tails.tail(name, capBytes);
  }

  /// Ends a tail for good: the log is no longer kept for it.
  ///
  /// @throws IOException if the disk is failing
  public void forgetTail(String name) throws IOException {
    tails.forget(name);
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
          sequencer.late(),
          sequencer.refused(),
          head.late().samples(),
          log.bytesWritten(),
          log.syncs(),
          replayed,
          damages.count(),
          damages.reports(),
          damages.samplesLost(),
          compaction.scrub().status(),
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

  /// Makes blocks of everything that is in the head up to now, merges all blocks as far as their
  /// levels allow, leaves out what is deleted, and waits for it. Log and head then have nothing of
  /// what is in blocks. Samples of that time are out of order afterwards.
  ///
  /// @throws IOException if the disk is full or failing
  public void compactNow() throws IOException {
    maintenance.cutEverything();
    compaction.mergeEverything();
    maintenance.letGoOfEverything();
  }

  /// Deletes what `range` has of the series that pass all matchers of any of `selectors`: when it
  /// returns, nobody is given it any more, and it outlives a power cut. Samples that come later are
  /// there. The bytes go when blocks are merged, at the latest with [#compactNow] or
  /// [#cleanTombstones].
  ///
  /// @throws IOException if the disk is full or failing, or a block so damaged that its series
  ///   cannot be told; some of it may be deleted then
  public void delete(List<List<Matcher>> selectors, TimeRange range) throws IOException {
    maintenance.delete(selectors, range);
  }

  /// Keeps blocks from now on for another time, and within another number of bytes.
  ///
  /// @param time [Duration#ZERO] for ever
  /// @param bytes 0 for any number
  public void retain(Duration time, long bytes) {
    retention = new Retention(time, bytes);
  }

  /// Makes a folder `snapshots/<name>` with all blocks, which take no more space as long as they
  /// are here too; it can be the folder `blocks` of another store.
  ///
  /// @param withHead whether what the head holds is made a block first, so that it is in it too
  /// @return the name
  public String snapshot(boolean withHead) throws IOException {
    if (withHead) {
      maintenance.cutEverything();
    }
    var time = SNAPSHOT_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
    String name = "%s-%016x".formatted(time, random.nextLong());
    changeBlocks(blocks -> link(blocks, name));
    return name;
  }

  private void link(List<Block> blocks, String name) throws IOException {
    Path parent = options.folder().resolve("snapshots");
    Path unfinished = parent.resolve(name + ".tmp");
    disk.createFolder(unfinished);
    for (Block block : blocks) {
      Path folder = unfinished.resolve(block.id().text());
      disk.createFolder(folder);
      for (Path file : disk.list(block.folder())) {
        disk.link(file, folder.resolve(file.getFileName().toString()));
      }
      disk.syncFolder(folder);
    }
    disk.rename(unfinished, parent.resolve(name));
    disk.syncFolder(parent);
  }

  /// Writes all blocks of which something is deleted without it, and waits for it.
  public void cleanTombstones() throws IOException {
    compaction.writeWithoutTombstones();
  }

  /// Takes samples out of order from now on if they are no further behind than `window`;
  /// [Duration#ZERO] for none.
  public void acceptOutOfOrder(Duration window) {
    sequencer.acceptOutOfOrder(window);
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
      compaction.stop();
      maintenance.stop();
      sequencer.stop();
      maintenance.lastCheckpoint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tails.close();
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

  Retention retention() {
    return retention;
  }

  Room room() {
    return room;
  }

  Compaction compaction() {
    return compaction;
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

  /// Something that is done to the present blocks.
  @FunctionalInterface
  interface BlockChange {
    void apply(List<Block> blocks) throws IOException;
  }

  /// The length of the block that was written last: about what the next one will have.
  long newestBlockBytes() {
    return view.blocks().stream().max(Comparator.comparing(Block::id)).map(Block::bytes).orElse(0L);
  }

  /// Does something to the blocks while none is added, merged or dropped.
  void changeBlocks(BlockChange change) throws IOException {
    synchronized (shape) {
      change.apply(view.blocks());
    }
  }

  /// Says that blocks end at `floor`, although the last one may end before: there is nothing more.
  void raiseFloor(long floor) {
    synchronized (shape) {
      show(view.blocks(), floor, view.cuts() + 1);
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
        BlockFolders.delete(disk, blocksFolder(), block);
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
        BlockFolders.delete(disk, blocksFolder(), source);
      }
      return true;
    }
  }

  /// Under the lock `shape`: shows other blocks of the same samples, or fewer.
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

  /// The present blocks, each held: close them.
  List<Block> holdBlocks() {
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

  /// The id of a block that is written now: later than those of all present ones, whatever the
  /// clock has done, as the order of ids tells which of two blocks was written later. Maintenance
  /// only.
  ///
  /// @param unseen blocks that are not present yet and count as well
  BlockId nextBlockId(List<Block> unseen) {
    long newest =
        Stream.concat(view.blocks().stream(), unseen.stream())
            .mapToLong(b -> b.id().epochMillis())
            .max()
            .orElse(Long.MIN_VALUE);
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
  void damaged(Damage damage) {
    damages.add(damage);
  }

  /// Reports something damaged of which there is nothing but words.
  void damaged(String what) {
    damaged(Damage.of(options.folder(), what));
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

    @Override
    public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
      return sequencer.appendExemplars(List.copyOf(exemplars));
    }

    @Override
    public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
      return sequencer.tellOf(Map.copyOf(metrics));
    }
  }
}
