package barograph.storage.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.chunk.ByteSink;
import barograph.storage.model.Allowance;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
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
  private static final int DIRECTORY = 6;
  private static final int CONSTANT = 1;
  private static final int PART_OF_COLUMN = 4;
  private static final int GAPS = 8;
  private static final int INTEGER = 32;
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

  /// Where a section's entry in the table of contents is.
  private int entry(int section) {
    int end = bytes.length - CONTENTS_END;
    int sections = numbers.getInt(end);
    for (int i = 0; i < sections; i++) {
      int entry = end - (sections - i) * CONTENTS_ENTRY;
      if (numbers.getShort(entry) == section) {
        return entry;
      }
    }
    throw new AssertionError("no section " + section);
  }

  /// Where the table of the frames of label values begins.
  private int frames() {
    int entry = entry(LABELS);
    long labelsEnd = numbers.getLong(entry + 8) + numbers.getLong(entry + 16);
    int frames = numbers.getInt((int) labelsEnd - 8);
    return (int) labelsEnd - COUNTS_AFTER_FRAMES - frames * FRAME_ENTRY;
  }

  /// Has the directory tell of the first series that it has these rows of the first column, and of
  /// runs of them.
  private void rows(int first, int span, int... runs) {
    var told = new ByteSink();
    told.putVarint(0);
    told.putByte(CONSTANT | INTEGER | PART_OF_COLUMN | (runs.length > 0 ? GAPS : 0));
    told.putVarint(0);
    told.putVarint(first);
    told.putVarint(span);
    if (runs.length > 0) {
      told.putVarint(runs.length);
      for (int run : runs) {
        told.putVarint(run);
      }
    }
    told.putZigzag(7);
    int directory = (int) numbers.getLong(entry(DIRECTORY) + 8);
    numbers.put(directory, told.array(), 0, told.size());
  }

  private SampleColumns readFirst() throws IOException {
    var samples = new SampleColumns();
    try (Block block = open()) {
      block.read(0, TimeRange.ALL, samples);
    }
    return samples;
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
  void aNameThatEndsBehindTheIndexIsRefused() {
    int entry = entry(LABELS);
    long labelsFrom = numbers.getLong(entry + 8);
    int labelsEnd = (int) (labelsFrom + numbers.getLong(entry + 16));
    int names = (int) labelsFrom + numbers.getInt(labelsEnd - 4);
    int bytesFromFirstName = labelsEnd - COUNTS_AFTER_FRAMES - names;
    assertThat(bytesFromFirstName).as("a length of one byte").isLessThan(128);
    numbers.put(names, (byte) bytesFromFirstName);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptBlockException.class)
        .hasStackTraceContaining("length before byte 1 is %d".formatted(bytesFromFirstName));
  }

  @Test
  void moreSeriesThanTheDirectoryCanTellOfAreRefused() {
    numbers.putInt(SERIES_COUNT_AT, Integer.MAX_VALUE);
    assertThatThrownBy(this::open).isInstanceOf(CorruptBlockException.class);
  }

  @Test
  void rowsBeyondAnyColumnAreRefused() {
    rows(Integer.MAX_VALUE, 1);
    assertThatThrownBy(this::readFirst)
        .isInstanceOf(CorruptBlockException.class)
        .hasMessageContaining("rows 2147483647 to 2147483648 of a timestamp column");
  }

  @Test
  void aSpanBeyondAnyColumnIsRefused() {
    rows(1, Integer.MAX_VALUE);
    assertThatThrownBy(this::readFirst)
        .isInstanceOf(CorruptBlockException.class)
        .hasMessageContaining("rows 1 to 2147483648 of a timestamp column");
  }

  @Test
  void runsOfMoreRowsThanTheSpanAreRefused() {
    rows(0, 4, 2, 1, 2);
    assertThatThrownBy(this::readFirst)
        .isInstanceOf(CorruptBlockException.class)
        .hasMessageContaining("is 2, more than 1");
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
