package barograph.storage.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.model.Allowance;
import barograph.storage.testkit.SimulatedDisk;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Numbers in a block that are wrong although every checksum is right: refused, and before anything
/// is made as large as they say.
class ForgedBlockTest {
  private static final Path FOLDER = Path.of("/data/blocks/01J00000000000000000000000");
  private static final int SERIES_COUNT_AT = 32;
  private static final int LABELS = 3;
  private static final int CONTENTS_ENTRY = 24;
  private static final int CONTENTS_END = 12;
  private static final int COUNTS_AFTER_FRAMES = 12;
  private static final int FRAME_ENTRY = 16;

  private final byte[] bytes = SampleFolder.files("blocks").getFirst().clone();
  private final ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  private Block open() throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(FOLDER);
    try (var out = disk.create(FOLDER.resolve("block.bg"), 0)) {
      out.write(ByteBuffer.wrap(Repairs.block(bytes)));
    }
    return Block.open(disk, FOLDER);
  }

  /// Where the table of the frames of label values begins.
  private int frames() {
    int end = bytes.length - CONTENTS_END;
    int sections = numbers.getInt(end);
    for (int i = 0; i < sections; i++) {
      int entry = end - (sections - i) * CONTENTS_ENTRY;
      if (numbers.getShort(entry) == LABELS) {
        long labelsEnd = numbers.getLong(entry + 8) + numbers.getLong(entry + 16);
        int frames = numbers.getInt((int) labelsEnd - 8);
        return (int) labelsEnd - COUNTS_AFTER_FRAMES - frames * FRAME_ENTRY;
      }
    }
    throw new AssertionError("no labels");
  }

  @Test
  void aBlockAsItWasWrittenIsRead() throws IOException {
    try (Block block = open()) {
      assertThat(block.find(List.of(), Allowance.UNLIMITED).size()).isEqualTo(24);
    }
  }

  @Test
  void framesThatBeginBehindTheFirstPairAreRefused() {
    numbers.putInt(frames(), 1);
    assertThatThrownBy(this::open).isInstanceOf(CorruptBlockException.class);
  }

  @Test
  void moreSeriesThanTheDirectoryCanTellOfAreRefused() {
    numbers.putInt(SERIES_COUNT_AT, Integer.MAX_VALUE);
    assertThatThrownBy(this::open).isInstanceOf(CorruptBlockException.class);
  }

  @Test
  void aFrameIsNotUnpackedToALengthThatItDoesNotHave() throws IOException {
    numbers.putInt(frames() + 12, 4_000_000);
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Block block = open()) {
      long before = memory.getCurrentThreadAllocatedBytes();
      assertThatThrownBy(() -> block.labels(0)).isInstanceOf(CorruptBlockException.class);
      assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    }
  }
}
