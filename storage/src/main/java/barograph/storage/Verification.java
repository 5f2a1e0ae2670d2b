package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.BlockFolders;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.disk.Disk;
import barograph.storage.disk.FileDisk;
import barograph.storage.disk.UntouchedDisk;
import barograph.storage.head.Checkpoint;
import barograph.storage.head.Head;
import barograph.storage.wal.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Looks through a folder that no process works in, and tells what of it is damaged: every byte of
/// every block, the checkpoint and the log. Changes nothing.
public final class Verification {
  private final Disk disk;
  private final Path folder;
  private final List<String> damages = new ArrayList<>();

  private Verification(Disk disk, Path folder) {
    this.disk = new UntouchedDisk(disk);
    this.folder = folder;
  }

  /// What is damaged in `folder`; nothing if all is well.
  ///
  /// @throws IOException if a process works in it, or it cannot be read
  public static List<String> of(Path folder) throws IOException {
    return of(folder, new FileDisk());
  }

  static List<String> of(Path folder, Disk disk) throws IOException {
    if (!disk.isFolder(folder.resolve("blocks"))) {
      throw new IOException("%s is no data folder: it has no folder blocks".formatted(folder));
    }
    var verification = new Verification(disk, folder);
    Path lock = folder.resolve("lock");
    if (disk.exists(lock)) {
      try (Disk.FolderLock _ = disk.lock(lock)) {
        verification.all();
      }
    } else {
      verification.all();
    }
    return List.copyOf(verification.damages);
  }

  private void all() throws IOException {
    blocks();
    headAndLog();
  }

  private void blocks() throws IOException {
    for (Path one : BlockFolders.finished(disk, folder.resolve("blocks"))) {
      try (Block block = Block.open(disk, one)) {
        String complaint = block.complaint();
        if (complaint != null) {
          damages.add(complaint);
        }
        pages(block);
      } catch (CorruptBlockException e) {
        damages.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void pages(Block block) {
    for (long position = 0; position >= 0; position = block.scrubbedAfter(position)) {
      try {
        block.scrub(position);
      } catch (CorruptBlockException e) {
        damages.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void headAndLog() throws IOException {
    Path quarantine = folder.resolve("quarantine");
    var head = new Head(disk, folder.resolve("head"), 0);
    try {
      Checkpoint checkpoint = head.restore(quarantine);
      damages.addAll(checkpoint.damages());
      Path log = folder.resolve("wal");
      var recovery = new Recovery(head, checkpoint, log, damage -> damages.add(damage.toString()));
      Replay.run(disk, log, quarantine, checkpoint.segment(), recovery);
    } finally {
      head.close();
    }
  }
}
