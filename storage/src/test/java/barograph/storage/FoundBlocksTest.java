package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.block.BlockFolders;
import barograph.storage.block.BlockId;
import barograph.storage.model.Damage;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoundBlocksTest {
  private static final Path BLOCKS = Path.of("/data/blocks");
  private static final Path QUARANTINE = Path.of("/data/quarantine");

  @Test
  void aBlockThatAKillLeftHalfDeletedIsNeverBackWithoutItsFileAfterAPowerCut() throws IOException {
    var disk = SimulatedDisk.recording();
    disk.createFolder(Path.of("/data"));
    disk.createFolder(BLOCKS);
    disk.createFolder(QUARANTINE);
    Path block = BLOCKS.resolve(BlockId.of(1_000_000, new Random(1)).text());
    disk.createFolder(block);
    try (var file = disk.create(block.resolve("block.bg"), 0)) {
      file.write(ByteBuffer.allocate(100));
      file.force();
    }
    for (Path folder : new Path[] {block, BLOCKS, Path.of("/data"), Path.of("/")}) {
      disk.syncFolder(folder);
    }
    // The process that deletes it is killed between this and the sync that should follow.
    disk.rename(block, BLOCKS.resolve(block.getFileName() + ".tmp"));

    var told = new ArrayList<Damage>();
    long before = disk.operations();
    new FoundBlocks(disk, BLOCKS, QUARANTINE, told::add).open();

    var seeds = new Random(3);
    for (long operations = before; operations <= disk.operations(); operations++) {
      for (int cut = 0; cut < 100; cut++) {
        var left = disk.after(operations).afterPowerCut(seeds.nextLong());
        for (Path found : BlockFolders.finished(left, BLOCKS)) {
          assertThat(left.exists(found.resolve("block.bg")))
              .as("the file of %s after operation %d, cut %d", found, operations, cut)
              .isTrue();
        }
      }
    }
    assertThat(told).isEmpty();
  }
}
