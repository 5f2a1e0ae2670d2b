package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.compact.Retention;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.Head;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The room that the data folder takes and has: what retention lets go of, whether a cut or a merge
/// may begin, and a reserve for when the disk is full.
///
/// The reserve is a file of nothing. When nothing else fits, it is deleted, so that a checkpoint or
/// a block, which give back more than they take, can be finished; it is made again once there is
/// plenty of space.
final class Room {
  private static final Logger LOG = System.getLogger(Room.class.getName());
  private static final long LEAST_RESERVE = 16L << 20;
  private static final long MOST_RESERVE = 64L << 20;
  private static final int SHARE_OF_FREE_SPACE = 100;

  /// The reserve never takes more than this share of what is free.
  private static final int MOST_SHARE_OF_FREE_SPACE = 8;

  /// What a merge leaves free besides what it needs.
  private static final long MARGIN = 16L << 20;

  /// What a cut leaves free besides what it needs, for the log.
  private static final long CUT_MARGIN = 4L << 20;

  /// A block takes about half of what the head's chunks take, being denser, and some bytes for each
  /// series.
  private static final int CHUNKS_PER_BLOCK_BYTE = 2;

  private static final int BLOCK_BYTES_A_SERIES = 24;

  /// A merge for which nothing but a share like this of the budget must go may make room.
  private static final int SHARE_OF_BUDGET = 10;

  private final Store store;
  private final Disk disk;
  private final InstantSource clock;
  private final Path reserve;

  /// Whether the head waits to be cut.
  private volatile boolean cutsWait;

  /// Whether blocks wait to be merged.
  private volatile boolean mergesWait;

  /// What must be free for a cut, as one has failed with less; 0 if none has.
  private long freeForCut;

  /// Bytes that a merge under way may still write, beside which the rest must fit.
  private volatile long promised;

  Room(Store store, Disk disk, InstantSource clock) {
    this.clock = clock;
    this.store = store;
    this.disk = disk;
    this.reserve = store.options().folder().resolve("reserve");
  }

  /// Takes the reserve if it is not there and there is space for it.
  void takeReserve() throws IOException {
    if (disk.exists(reserve)) {
      return;
    }
    long free = disk.freeBytes(store.options().folder());
    long wanted = Math.clamp(free / SHARE_OF_FREE_SPACE, LEAST_RESERVE, MOST_RESERVE);
    if (wanted > free / MOST_SHARE_OF_FREE_SPACE) {
      return;
    }
    try (AppendFile file = disk.create(reserve, wanted)) {
      file.force();
    } catch (DiskFullException e) {
      disk.delete(reserve);
    }
  }

  /// Gives the reserve to whoever needs it now.
  ///
  /// @return whether there was one
  boolean releaseReserve() throws IOException {
    if (!disk.exists(reserve)) {
      return false;
    }
    disk.delete(reserve);
    LOG.log(Level.WARNING, "the disk is full: its reserve is used to make room");
    return true;
  }

  /// Deletes blocks that are past retention, or would be if `coming` more bytes were written; of
  /// these `kept` are spared.
  ///
  /// Their age is counted from the newest sample, or from the clock if that is earlier: samples of
  /// a time that a clock has jumped ahead to shall not push out those of now.
  void retain(long coming, List<Block> kept) throws IOException {
    Retention retention = store.retention();
    List<Block> blocks = store.blocks().holdEach();
    try {
      long newest =
          blocks.stream()
              .mapToLong(block -> block.range().endMillis())
              .reduce(store.head().maxTime(), Math::max);
      long from = Math.min(newest, clock.millis());
      long others = retention.bytes() > 0 ? otherBytes() : 0;
      var expired =
          retention.expired(blocks, from, others, coming + promised).stream()
              .filter(block -> !kept.contains(block))
              .toList();
      for (Block block : expired) {
        LOG.log(Level.INFO, "block {0} is past retention and deleted", block.id());
      }
      if (!expired.isEmpty()) {
        store.blocks().drop(expired);
        store.damages().forgetUpTo(expired.getLast().range().endMillis());
      }
    } finally {
      blocks.forEach(Block::close);
    }
  }

  /// Bytes of everything in the folder but blocks, snapshots, which share their bytes with blocks,
  /// and the reserve.
  private long otherBytes() throws IOException {
    Path folder = store.options().folder();
    return bytesIn(folder.resolve("wal"))
        + bytesIn(folder.resolve("head"))
        + bytesIn(store.quarantine());
  }

  private long bytesIn(Path folder) throws IOException {
    long sum = 0;
    for (Path path : disk.list(folder)) {
      try {
        sum += disk.isFolder(path) ? bytesIn(path) : disk.size(path);
      } catch (IOException goneMeanwhile) {
        LOG.log(Level.TRACE, "{0} is gone", path);
      }
    }
    return sum;
  }

  /// Whether there is room for the block that is to be cut from the head; the reserve is given for
  /// it if that is enough. What stands against it is told once.
  boolean allowsCut() throws IOException {
    long needed = Math.max(bytesOfCut() + CUT_MARGIN, freeForCut);
    long free = disk.freeBytes(store.blocks().folder());
    if (free < needed
        && disk.exists(reserve)
        && free + disk.size(reserve) >= needed
        && releaseReserve()) {
      free = disk.freeBytes(store.blocks().folder());
    }
    if (free < needed) {
      if (!cutsWait) {
        cutsWait = true;
        LOG.log(
            Level.WARNING,
            "the head waits for space to be cut: {0} bytes are free, it needs about {1}",
            Long.toString(free),
            Long.toString(needed));
      }
      return false;
    }
    cutsWait = false;
    return true;
  }

  /// About how much the head's block will take.
  private long bytesOfCut() {
    Head head = store.head();
    return (head.sealedBytes() + head.late().bytes()) / CHUNKS_PER_BLOCK_BYTE
        + (long) BLOCK_BYTES_A_SERIES * head.seriesCount();
  }

  /// Says that a cut has not found the room that it was thought to have: the next one waits until
  /// there is clearly more.
  void cutFailed() throws IOException {
    long free = disk.freeBytes(store.blocks().folder());
    freeForCut = free + free / 4 + bytesOfCut() / 4 + CUT_MARGIN;
  }

  /// Says that a cut has found its room.
  void cutEnded() {
    freeForCut = 0;
  }

  /// Which work waits for space now.
  StoreStatus.SpaceStatus status() {
    return new StoreStatus.SpaceStatus(cutsWait, mergesWait);
  }

  /// Whether there is room for a merge of `sources` to what they take together; makes some if
  /// little is missing from the budget. What stands against it is told once. What it may write is
  /// counted until [#mergeEnded].
  boolean allowsMerge(List<Block> sources) throws IOException {
    long needed = sources.stream().mapToLong(Block::bytes).sum();
    long free = disk.freeBytes(store.blocks().folder());
    if (free < needed + MARGIN) {
      return waits("%d bytes are free, a merge needs %d".formatted(free, needed + MARGIN));
    }
    long budget = store.retention().bytes();
    if (budget > 0) {
      if (needed <= budget / SHARE_OF_BUDGET) {
        retain(needed, sources);
      }
      long used = otherBytes() + needed;
      List<Block> blocks = store.blocks().holdEach();
      used += blocks.stream().mapToLong(Block::bytes).sum();
      blocks.forEach(Block::close);
      if (used > budget) {
        return waits("a merge would take the folder to %d bytes, of %d".formatted(used, budget));
      }
    }
    mergesWait = false;
    promised = needed;
    return true;
  }

  /// Says that the merge that was allowed has written what it had to.
  void mergeEnded() {
    promised = 0;
  }

  private boolean waits(String why) {
    if (!mergesWait) {
      mergesWait = true;
      LOG.log(Level.WARNING, "merges wait for space: {0}", why);
    }
    return false;
  }
}
