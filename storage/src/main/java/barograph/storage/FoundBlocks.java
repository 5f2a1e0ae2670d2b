package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockSummary;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What a start finds in the folder of blocks: it opens those that are whole, sets aside those that
/// are not, and finishes what broke off.
final class FoundBlocks {
  private final Disk disk;
  private final Path folder;
  private final Path quarantine;
  private final Notes damaged;

  /// Keeps what was found damaged.
  @FunctionalInterface
  interface Notes {
    /// Takes note of a damage.
    ///
    /// @return whether that outlives a stop: else what is damaged had better stay where the next
    ///   start finds it again
    boolean keep(Damage damage) throws IOException;
  }

  /// @param quarantine where damaged blocks go
  /// @param damaged is told of them before they do
  FoundBlocks(Disk disk, Path folder, Path quarantine, Notes damaged) {
    this.disk = disk;
    this.folder = folder;
    this.quarantine = quarantine;
    this.damaged = damaged;
  }

  /// Opens them: close each.
  List<Block> open() throws IOException {
    // A process that was killed may have named a block and not synced that. What is built on a
    // block, as letting go of the log is, must not outlive it. Nor must a name that was taken away
    // be back after a power cut when the file below it has been swept.
    disk.syncFolder(folder);
    BlockFolders.sweep(disk, folder);
    var blocks = new ArrayList<Block>();
    for (Path each : BlockFolders.finished(disk, folder)) {
      try {
        Block block = Block.open(disk, each);
        blocks.add(block);
        String complaint = block.complaint();
        if (complaint != null) {
          Path aside = unused(each.getFileName() + "-tombstones");
          if (damaged.keep(Damage.of(aside, complaint))) {
            setAside(each, block.tombstonesFile(), aside);
          }
        }
      } catch (CorruptBlockException | NoSuchFileException e) {
        Path aside = unused(each.getFileName().toString());
        if (damaged.keep(costOf(each, aside, String.valueOf(e.getMessage())))) {
          setAside(folder, each, aside);
        }
      }
    }
    deleteReplaced(blocks);
    return blocks;
  }

  /// What goes with a block that cannot be opened. If nothing in it says what it had, it is known
  /// at least that it was written after its samples were taken.
  private Damage costOf(Path block, Path aside, String reason) {
    String told = "is put aside, as it cannot be read: " + reason;
    BlockSummary had = Block.summaryOf(disk, block);
    if (had == null) {
      long made = new BlockId(block.getFileName().toString()).epochMillis();
      var before = new TimeRange(Long.MIN_VALUE, made + DamageLedger.AHEAD.toMillis());
      return new Damage(aside, 0, 0, told, before, -1, -1);
    }
    return new Damage(aside, 0, 0, told, had.range(), had.sampleCount(), had.seriesCount());
  }

  private void setAside(Path parent, Path path, Path aside) throws IOException {
    disk.rename(path, aside);
    disk.syncFolder(parent);
    disk.syncFolder(quarantine);
  }

  private Path unused(String name) {
    Path path = quarantine.resolve(name);
    for (int i = 2; disk.exists(path); i++) {
      path = quarantine.resolve(name + "-" + i);
    }
    return path;
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
        BlockFolders.delete(disk, folder, block);
      }
    }
  }
}
