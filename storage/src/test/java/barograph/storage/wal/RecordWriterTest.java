package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aSeriesIsRecordedInTheSameBytesWhicheverWasBefore(long seed) {
    var random = new Random(seed);
    var writer = new RecordWriter();
    var expected = new ByteArrayOutputStream();
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(100) == 0) {
        writer.clear();
        expected.reset();
      }
      var labels = new TreeMap<String, String>();
      for (int k = random.nextInt(30); k >= 0; k--) {
        labels.put("n" + random.nextInt(40), "ü".repeat(random.nextInt(3)) + random.nextInt(2));
      }
      var alone = new RecordWriter();
      alone.series(i, i % 7, Labels.of(labels));
      expected.write(alone.bytes(), 0, alone.size());
      writer.series(i, i % 7, Labels.of(labels));
      assertThat(Arrays.copyOf(writer.bytes(), writer.size())).isEqualTo(expected.toByteArray());
    }
  }
}
