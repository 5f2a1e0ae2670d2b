package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordWriterTest {
  private static final int SERIES = 1000;
  private static final int[] REFS = IntStream.range(0, SERIES).toArray();

  @Test
  void recordingARowAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var writer = new RecordWriter();
    writer.startSegment(0);
    var values = new double[SERIES];
    long before = 0;
    for (int row = 0; row < 400; row++) {
      if (row == 200) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      for (int i = 0; i < SERIES; i += 3) {
        values[i] += i * 0.5;
      }
      writer.row(1, row, REFS, values, 0, SERIES);
      writer.clear();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4096);
  }

  @Test
  void anUnchangedSampleTakesABitAndASmallStepAByte() {
    var writer = new RecordWriter();
    writer.startSegment(0);
    var values = new double[SERIES];
    writer.row(1, 0, REFS, values, 0, SERIES);
    writer.clear();
    writer.row(1, 15_000, REFS, values, 0, SERIES);
    assertThat(writer.size()).isLessThan(SERIES / 8 + 12);
    writer.clear();
    for (int i = 0; i < 100; i++) {
      values[i] += 60;
    }
    writer.row(1, 30_000, REFS, values, 0, SERIES);
    assertThat(writer.size()).isBetween(SERIES / 8 + 100, SERIES / 8 + 112);
  }
}
