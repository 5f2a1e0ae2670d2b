package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/// What a start finds in the folder of blocks: it opens those that are whole, sets aside those that
/// are not, and finishes what broke off.
final class FoundBlocks {
  private final Disk disk;
  private final Path folder;
  private final Path quarantine;
  private final Consumer<String> damaged;

  /// @param quarantine where damaged blocks go
  /// @param damaged is told of them
  FoundBlocks(Disk disk, Path folder, Path quarantine, Consumer<String> damaged) {
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
          damaged.accept(complaint);
          setAside(each, block.tombstonesFile(), each.getFileName() + "-tombstones");
        }
      } catch (CorruptBlockException | NoSuchFileException e) {
        damaged.accept("block %s: %s; moved to %s".formatted(each, e.getMessage(), quarantine));
        setAside(folder, each, each.getFileName().toString());
      }
    }
    deleteReplaced(blocks);
    return blocks;
  }

  private void setAside(Path parent, Path path, String name) throws IOException {
    disk.rename(path, unused(name));
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
