package barograph.storage.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.disk.DiskFullException;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.testkit.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCrashTest {
  private static final Path BLOCKS = Path.of("/data/blocks");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aPowerCutLeavesTheWholeBlockOrNone(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    var disk = SimulatedDisk.recording();
    disk.createFolder(BLOCKS);
    long before = disk.operations();
    BlockSummary summary = new BlockWriter(disk, BLOCKS).write(BlockId.of(1, random), 1, source);
    for (long point = before; point <= disk.operations(); point++) {
      SimulatedDisk then = disk.after(point).afterPowerCut(seed * 1000 + point);
      List<Path> blocks = BlockFolders.finished(then, BLOCKS);
      for (Path folder : blocks) {
        try (var block = Block.open(then, folder)) {
          block.verify();
          assertThat(block.sampleCount()).isEqualTo(source.sampleCount());
        }
      }
      BlockFolders.sweep(then, BLOCKS);
      assertThat(then.list(BLOCKS)).isEqualTo(blocks);
      if (point == disk.operations()) {
        assertThat(blocks).containsExactly(summary.folder());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aFullDiskIsNotLeftFuller(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    var probe = new SimulatedDisk();
    probe.createFolder(BLOCKS);
    long before = probe.operations();
    new BlockWriter(probe, BLOCKS).write(BlockId.of(1, random), 1, source);
    for (long operation = before + 1; operation < probe.operations() - 5; operation++) {
      var disk = new SimulatedDisk();
      disk.createFolder(BLOCKS);
      disk.failFrom(operation, Fault.FULL);
      assertThatExceptionOfType(DiskFullException.class)
          .as("from operation %d", operation)
          .isThrownBy(
              () -> new BlockWriter(disk, BLOCKS).write(BlockId.of(1, new Random(7)), 1, source));
      disk.heal();
      assertThat(disk.list(BLOCKS)).isEmpty();
      new BlockWriter(disk, BLOCKS).write(BlockId.of(2, random), 1, source);
    }
  }
}
