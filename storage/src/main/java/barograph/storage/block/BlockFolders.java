package barograph.storage.block;

import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.disk.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The folder in which all blocks stand: a folder per block, named by its [BlockId], and sometimes
/// one that was not finished.
public final class BlockFolders {
  /// The one file of a block's folder.
  static final String FILE = "block.bg";

  private static final String UNFINISHED = ".tmp";

  private BlockFolders() {}

  /// Folders of the finished blocks in `blocks`, oldest id first.
  public static List<Path> finished(Disk disk, Path blocks) throws IOException {
    var found = new ArrayList<Path>();
    for (Path folder : disk.list(blocks)) {
      if (BlockId.isValid(folder.getFileName().toString()) && disk.isFolder(folder)) {
        found.add(folder);
      }
    }
    return found;
  }

  /// Refuses blocks of which one has another major version, or features that this one does not
  /// know.
  ///
  /// @throws UnknownFormatException if there is such a block
  public static void requireKnownFormats(Disk disk, Path blocks) throws IOException {
    for (Path folder : finished(disk, blocks)) {
      var header = ByteBuffer.allocate(BlockFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      try {
        disk.read(folder.resolve(FILE), 0, header);
      } catch (IOException unreadable) {
        // That is damage, and told when the block is opened.
        continue;
      }
      int major = header.getShort(4);
      int required = header.getInt(8);
      boolean sound =
          header.getInt(0) == BlockFormat.MAGIC
              && header.getInt(BlockFormat.HEADER_CRC_AT)
                  == Checksum.of(header.array(), 0, BlockFormat.HEADER_CRC_AT);
      if (sound
          && (major != BlockFormat.MAJOR
              || (required & ~BlockFormat.KNOWN_REQUIRED_FEATURES) != 0)) {
        throw new UnknownFormatException(
            "%s has format %d with features %08x, expected format %d with none but %08x: another release wrote it; start that one, or use another folder"
                .formatted(
                    folder,
                    major,
                    required,
                    BlockFormat.MAJOR,
                    BlockFormat.KNOWN_REQUIRED_FEATURES));
      }
    }
  }

  /// Deletes what a crash left half written. Its samples are still where they came from, as those
  /// are let go only when a block is finished.
  public static void sweep(Disk disk, Path blocks) throws IOException {
    for (Path folder : disk.list(blocks)) {
      String name = folder.getFileName().toString();
      if (name.endsWith(UNFINISHED)
          && BlockId.isValid(name.substring(0, name.length() - UNFINISHED.length()))) {
        disk.deleteTree(folder);
      }
    }
  }

  /// Takes away the name of a block that is not wanted any more, for good, and then deletes its
  /// files; those who have it mapped go on reading.
  public static void delete(Disk disk, Path blocks, Block block) throws IOException {
    Path doomed = unfinished(blocks, block.id());
    disk.rename(block.folder(), doomed);
    disk.syncFolder(blocks);
    disk.deleteTree(doomed);
  }

  static Path unfinished(Path blocks, BlockId id) {
    return blocks.resolve(id.text() + UNFINISHED);
  }
}
