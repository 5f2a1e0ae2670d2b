package barograph.storage.block;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.RecordedData;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedDataTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}, level {1}: at most {2} bytes a sample")
  @CsvSource({"15s, 1, 0.365", "15s, 2, 0.355", "5s, 1, 0.25"})
  void comesBackBitForBitFromFewBytes(String interval, int level, double mostBytes)
      throws IOException {
    Path recording = SharedData.require("dataset/main-%s.bgds.zst".formatted(interval));
    var source = new Recording(RecordedData.read(recording));
    var disk = new FileDisk();
    BlockSummary summary =
        new BlockWriter(disk, folder).write(BlockId.of(1, new Random(1)), level, source);
    var truth = new HashMap<Labels, RecordedData.Series>();
    source.series().forEach(series -> truth.put(series.labels(), series));
    try (var block = Block.open(disk, summary.folder())) {
      assertThat(block.seriesCount()).isEqualTo(truth.size());
      var found = new SampleColumns();
      for (int i = 0; i < block.seriesCount(); i++) {
        block.read(i, TimeRange.ALL, found.clear());
        assertSame(found, truth.get(block.labels(i)));
      }
    }
    assertThat(summary.bytes() / (double) summary.sampleCount()).isLessThan(mostBytes);
  }

  private static void assertSame(SampleColumns found, RecordedData.Series expected) {
    int count = expected.values().length;
    assertThat(found.size()).as("samples of %s", expected.labels()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      if (found.timestamps()[i] != expected.timestamps()[i]
          || Double.doubleToRawLongBits(found.values()[i])
              != Double.doubleToRawLongBits(expected.values()[i])) {
        throw new AssertionError(
            "%s: sample %d is %d %s, expected %d %s"
                .formatted(
                    expected.labels(),
                    i,
                    found.timestamps()[i],
                    found.values()[i],
                    expected.timestamps()[i],
                    expected.values()[i]));
      }
    }
  }

  private record Recording(List<RecordedData.Series> series) implements BlockSource {
    @Override
    public int seriesCount() {
      return series.size();
    }

    @Override
    public Labels labels(int number) {
      return series.get(number).labels();
    }

    @Override
    public String target(int number) {
      Labels labels = series.get(number).labels();
      return labels.get("job") + "/" + labels.get("instance");
    }

    @Override
    public void read(int number, SampleColumns into) {
      RecordedData.Series read = series.get(number);
      into.clear();
      for (int i = 0; i < read.values().length; i++) {
        into.add(read.timestamps()[i], read.values()[i]);
      }
    }
  }
}
