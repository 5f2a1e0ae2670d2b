package barograph.storage;

import barograph.storage.StoreStatus.BlockStatus;
import barograph.storage.StoreStatus.Replayed;
import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.compact.Retention;
import barograph.storage.disk.Disk;
import barograph.storage.disk.FileDisk;
import barograph.storage.disk.MemoryDisk;
import barograph.storage.head.Checkpoint;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.Head;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Damage;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogOptions;
import barograph.storage.wal.LogVersion;
import barograph.storage.wal.LogWatcher;
import barograph.storage.wal.ReplayAhead;
import barograph.storage.wal.ReplaySummary;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
  private static final Duration ASYNC_SYNC_INTERVAL = Duration.ofSeconds(1);

  private final StoreOptions options;
  private final Disk disk;
  private final InstantSource clock;
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
  private final SeriesRefusals refusals;
  private final Reader reader;
  private final ConcurrentLinkedQueue<HeadReader> readers = new ConcurrentLinkedQueue<>();

  private final PresentBlocks blocks;
  private final Snapshots snapshots;
  private final DamageLedger damages;
  private final Room room;
  private volatile Retention retention;
  private boolean closed;

  /// Opens the store in its folder, which no other process may have open, on the real disk.
  ///
  /// @throws barograph.storage.disk.UnknownFormatException if another release has written in the
  ///   folder what this one cannot read; nothing is changed then
  /// @throws IOException if the folder is taken, or the disk fails; never because files are damaged
  public static Store open(StoreOptions options, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    Store store = open(options, new FileDisk(), clock, watcher, true);
    store.tellOfStart();
    return store;
  }

  /// Whether no store has been in `folder` yet: there is nothing to read back when one is opened.
  public static boolean isNew(Path folder) {
    return !new FileDisk().exists(folder.resolve("wal"));
  }

  /// Opens an empty store that is all in memory, files of up to `bytes` included, and leaves
  /// nothing behind.
  ///
  /// @throws IOException if there is less memory for files than an empty store takes
  public static Store inMemory(long bytes, InstantSource clock) throws IOException {
    var options = StoreOptions.in(Path.of("memory"));
    return open(options, new MemoryDisk(bytes), clock, StoreWatcher.NONE, false);
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
    return open(options, disk, clock, watcher, background, new SecureRandom());
  }

  /// The same with ids and keys of `random`, which nobody must be able to guess unless it is a
  /// test.
  static Store open(
      StoreOptions options,
      Disk disk,
      InstantSource clock,
      StoreWatcher watcher,
      boolean background,
      RandomGenerator random)
      throws IOException {
    disk.createFolder(options.folder());
    Disk.FolderLock lock = disk.lock(options.folder().resolve("lock"));
    try {
      BlockFolders.requireKnownFormats(disk, options.folder().resolve("blocks"));
      LogVersion.requireKnown(disk, options.folder().resolve("wal"));
      return new Store(options, disk, clock, watcher, lock, background, random);
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
      boolean background,
      RandomGenerator random)
      throws IOException {
    long began = System.nanoTime();
    this.options = options;
    this.refusals = new SeriesRefusals(options.limits());
    this.disk = disk;
    this.clock = clock;
    this.watcher = watcher;
    this.folderLock = folderLock;
    this.damages = new DamageLedger(disk, options.folder(), clock, watcher);
    this.retention = new Retention(options.retentionTime(), options.retentionBytes());
    this.room = new Room(this, disk, clock);
    Path folder = options.folder();
    Path logFolder = folder.resolve("wal");
    Path headFolder = folder.resolve("head");
    Path blocksFolder = folder.resolve("blocks");
    Path tailsFolder = folder.resolve("tails");
    for (Path each : List.of(logFolder, headFolder, blocksFolder, tailsFolder, quarantine())) {
      disk.createFolder(each);
    }
    List<Block> found = new FoundBlocks(disk, blocksFolder, quarantine(), this::keepDamage).open();
    try {
      long floor =
          found.stream().mapToLong(b -> b.range().endMillis() + 1).max().orElse(Long.MIN_VALUE);
      this.head = new Head(disk, headFolder, random.nextLong());
      head.exemplars().limit(options.limits().exemplars());
      this.reader = new MergingReader(this);
      Checkpoint checkpoint = head.restore(quarantine());
      checkpoint.damages().forEach(this::damaged);
      if (checkpoint.lostSeries() != 0) {
        damaged(lostSeries(headFolder, checkpoint.lostSeries()));
      }
      head.settle(floor);
      var recovery = new Recovery(head, checkpoint, logFolder, this::damaged);
      ReplaySummary summary =
          ReplayAhead.run(disk, logFolder, quarantine(), checkpoint.segment(), recovery);
      recovery.reportOrphans(damages.foundAny());
      List<Path> inBlocks = List.of();
      if (head.minTime() < head.settled()) {
        // A block was finished, and the end came before the head had let go of it.
        head.slices(1 << 16).forEach(slice -> head.truncate(slice.from(), slice.to()));
        inBlocks = head.finishTruncation(!LogTails.anyIn(disk, tailsFolder));
      }
      this.blocks = new PresentBlocks(disk, blocksFolder, found, head.settled(), clock, random);
      this.snapshots = new Snapshots(disk, folder.resolve("snapshots"), random);
      this.log = Log.start(disk, logFolder, summary, logOptions(), clock, logWatcher());
      this.tails = new LogTails(disk, tailsFolder, head, log);
      this.sequencer = new Sequencer(head, log, clock, watcher, options.limits().waitingBatches());
      sequencer.acceptOutOfOrder(options.outOfOrderWindow());
      sequencer.keepFor(options.retentionTime());
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
      found.forEach(Block::close);
      throw e;
    }
    damages.save();
    sequencer.start();
    if (background) {
      maintenance.start();
      compaction.start();
    }
  }

  private void tellOfStart() {
    LOG.log(
        Level.INFO,
        "opened {0}: {1} blocks, {2} series in the head, {3} samples replayed in {4}",
        options.folder(),
        status().blocks().size(),
        head.seriesCount(),
        replayed.samples(),
        replayed.took());
    if (options.durability() == StoreOptions.Durability.ASYNC) {
      LOG.log(
          Level.WARNING,
          "durability is async: a power cut may take what was acknowledged in the last {0} ms",
          Long.toString(ASYNC_SYNC_INTERVAL.toMillis()));
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

  /// Names of all tails, those of an earlier life included that nobody has asked for yet.
  public Set<String> tails() {
    return tails.names();
  }

  /// Ends a tail for good: the log is no longer kept for it.
  ///
  /// @throws IOException if the disk is failing
  public void forgetTail(String name) throws IOException {
    tails.forget(name);
  }

  /// What is in the store and what it has done.
  public StoreStatus status() {
    StoreView now = blocks.hold();
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
          room.status(),
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
    Map<String, Long> byTarget = head.seriesByTarget();
    return head.look(index -> CardinalityCount.of(index, byTarget, limit));
  }

  /// The `limit` jobs and targets of which the head has the most series; cheaper than
  /// [#cardinality].
  public StoreStatus.Sources sources(int limit) {
    Map<String, Long> byTarget = head.seriesByTarget();
    return head.look(index -> CardinalityCount.sources(index, byTarget, limit));
  }

  /// How often each limit has refused a new series since the start.
  public Map<SeriesLimitException.Limit, Long> seriesRefused() {
    return refusals.counts();
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

  /// Keeps blocks from now on for another time, and within another number of bytes. What is older
  /// than that time is not taken any more.
  ///
  /// @param time [Duration#ZERO] for ever
  /// @param bytes 0 for any number
  public void retain(Duration time, long bytes) {
    retention = new Retention(time, bytes);
    sequencer.keepFor(time);
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
    String name = snapshots.name(clock.instant());
    blocks.change(present -> snapshots.link(present, name));
    return name;
  }

  /// Writes all blocks of which something is deleted without it, and waits for it.
  public void cleanTombstones() throws IOException {
    compaction.writeWithoutTombstones();
  }

  /// Forgets the damages that were found up to now: an operator has seen them. What is still there
  /// is told again when it is met again.
  ///
  /// @throws IOException if the disk is failing
  public void forgetDamages() throws IOException {
    maintenance.forgetDamages();
  }

  /// Takes samples out of order from now on if they are no further behind than `window`;
  /// [Duration#ZERO] for none.
  public void acceptOutOfOrder(Duration window) {
    sequencer.acceptOutOfOrder(window);
  }

  /// Keeps so many exemplars from now on, the newest; 0 for none.
  public void keepExemplars(int count) {
    sequencer
        .call(() -> {
          head.exemplars().limit(count);
          return true;
        })
        .join();
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
      blocks.close();
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

  /// Tells those who have computed something from samples in `range` that these are other ones now.
  void changed(TimeRange range) {
    var _ =
        sequencer
            .call(() -> {
              sequencer.changes().changed(range);
              return true;
            })
            .join();
  }

  Sequencer sequencer() {
    return sequencer;
  }

  Retention retention() {
    return retention;
  }

  DamageLedger damages() {
    return damages;
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

  PresentBlocks blocks() {
    return blocks;
  }

  Path quarantine() {
    return options.folder().resolve("quarantine");
  }

  HeadReader borrowReader() {
    HeadReader idle = readers.poll();
    return idle == null ? head.reader() : idle;
  }

  void giveBack(HeadReader idle) {
    readers.add(idle);
  }

  void deleteAll(List<Path> files) throws IOException {
    for (Path file : files) {
      disk.delete(file);
    }
  }

  private boolean keepDamage(Damage damage) throws IOException {
    damages.add(damage);
    return damages.save();
  }

  /// Reports something damaged, the first time it is found.
  void damaged(Damage damage) {
    damages.add(damage);
  }

  /// What of a time is lost for good, in words.
  List<String> lostWithin(TimeRange range) {
    return damages.lostWithin(range, blocks.folder());
  }

  /// Reports something of the head that is damaged, with the time that it costs one series.
  void damaged(CorruptHeadException damage) {
    boolean known = damage.lost() != null;
    damaged(
        new Damage(
            options.folder(),
            0,
            0,
            String.valueOf(damage.getMessage()),
            damage.lost(),
            -1,
            known ? 1 : -1));
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
      int ref = head.findOrMake(labels, target, refusals.budget());
      if (ref < 0) {
        throw refusals.refuse(ref, labels, target, head.seriesCount());
      }
      return ref;
    }

    @Override
    public void seriesFor(SeriesLookup lookup) {
      head.findOrMake(lookup.labels, lookup.targets, lookup.refs, lookup.size(), refusals.budget());
      for (int i = 0; i < lookup.size(); i++) {
        int ref = lookup.ref(i);
        if (ref < 0) {
          lookup.refused(
              i, refusals.refuse(ref, lookup.labels(i), lookup.target(i), head.seriesCount()));
        }
      }
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
