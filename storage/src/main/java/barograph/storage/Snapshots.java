package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Folders that hold all blocks of one moment: they share the blocks' bytes as long as both are
/// there.
final class Snapshots {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

  private final Disk disk;
  private final Path folder;
  private final RandomGenerator random;

  /// @param folder where they go
  Snapshots(Disk disk, Path folder, RandomGenerator random) {
    this.disk = disk;
    this.folder = folder;
    this.random = random;
  }

  /// A name that no other snapshot has.
  String name(Instant now) {
    return "%s-%016x".formatted(TIME.format(now.atOffset(ZoneOffset.UTC)), random.nextLong());
  }

  /// Makes the snapshot called `name`, whole or not at all.
  void link(List<Block> blocks, String name) throws IOException {
    Path unfinished = folder.resolve(name + ".tmp");
    disk.createFolder(unfinished);
    for (Block block : blocks) {
      Path copy = unfinished.resolve(block.id().text());
      disk.createFolder(copy);
      for (Path file : disk.list(block.folder())) {
        disk.link(file, copy.resolve(file.getFileName().toString()));
      }
      disk.syncFolder(copy);
    }
    disk.rename(unfinished, folder.resolve(name));
    disk.syncFolder(folder);
  }
}
