package barograph.storage.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.Selection;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockHistogramsTest {
  private static final int FEATURES_AT = 8;

  @TempDir Path folder;

  private final FileDisk disk = new FileDisk();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void answersAsTheNaiveStoreDoes(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleetWithHistograms(random);
    NaiveStore naive = source.naive();
    BlockSummary summary = write(random, 1 + (int) seed % 2, source);
    assertThat(summary.sampleCount()).isEqualTo(source.sampleCount());
    try (var block = Block.open(disk, summary.folder())) {
      block.verify();
      long span = block.range().endMillis() - block.range().startMillis() + 1;
      for (int round = 0; round < 8; round++) {
        long start = block.range().startMillis() + random.nextLong(span);
        var range = new TimeRange(start, start + random.nextLong(span / (1 + random.nextInt(9))));
        assertThat(read(block, range)).isEqualTo(read(naive, range));
      }
      assertThat(read(block, TimeRange.ALL)).isEqualTo(read(naive, TimeRange.ALL));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aBlockMadeOfABlockSaysTheSame(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleetWithHistograms(random);
    try (var block = Block.open(disk, write(random, 1, source).folder());
        var copy = Block.open(disk, write(random, 2, sourceOf(block)).folder())) {
      assertThat(read(copy, TimeRange.ALL)).isEqualTo(read(source.naive(), TimeRange.ALL));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aFlippedBitCostsNothing(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleetWithHistograms(random);
    BlockSummary summary = write(random, 1, source);
    Map<String, List<Object>> truth = read(source.naive(), TimeRange.ALL);
    Path file = summary.folder().resolve("block.bg");
    byte[] sound = Files.readAllBytes(file);
    for (int round = 0; round < 8; round++) {
      Files.write(file, flipped(sound, random.nextInt(8 * sound.length)));
      try (var block = Block.open(disk, summary.folder())) {
        assertThat(read(block, TimeRange.ALL)).isEqualTo(truth);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whatCannotBeMadeGoodIsFoundAndNeverAnsweredWrongly(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleetWithHistograms(random);
    BlockSummary summary = write(random, 1, source);
    Map<String, List<Object>> truth = read(source.naive(), TimeRange.ALL);
    Path file = summary.folder().resolve("block.bg");
    byte[] sound = Files.readAllBytes(file);
    for (int round = 0; round < 8; round++) {
      long bit = random.nextInt(8 * sound.length);
      long other = BlockDamage.counterpart(sound, bit);
      byte[] damaged = flipped(sound, bit);
      Files.write(file, other == bit ? damaged : flipped(damaged, other));
      assertThatExceptionOfType(CorruptBlockException.class)
          .isThrownBy(() -> {
            try (var block = Block.open(disk, summary.folder())) {
              assertThat(read(block, TimeRange.ALL)).isEqualTo(truth);
              for (long at = 0; at >= 0; at = block.scrub(at)) {}
            }
          });
    }
  }

  private static byte[] flipped(byte[] bytes, long bit) {
    byte[] damaged = bytes.clone();
    damaged[(int) (bit >>> 3)] ^= (byte) (1 << (bit & 7));
    return damaged;
  }

  @Test
  void onlyABlockWithHistogramsDemandsAReaderThatKnowsThem() throws IOException {
    var random = new Random(1);
    assertThat(features(write(random, 1, RandomSeries.fleet(random)))).isZero();
    assertThat(features(write(random, 1, RandomSeries.fleetWithHistograms(random)))).isEqualTo(1);
  }

  private static int features(BlockSummary summary) throws IOException {
    byte[] bytes = Files.readAllBytes(summary.folder().resolve("block.bg"));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(FEATURES_AT);
  }

  private BlockSummary write(Random random, int level, BlockSource source) throws IOException {
    return new BlockWriter(disk, folder)
        .write(BlockId.of(random.nextInt(1000), random), level, source);
  }

  private static BlockSource sourceOf(Block block) {
    return new BlockSource() {
      @Override
      public int seriesCount() {
        return block.seriesCount();
      }

      @Override
      public Labels labels(int series) {
        return block.labels(series);
      }

      @Override
      public String target(int series) {
        return "";
      }

      @Override
      public void read(int series, SampleColumns into) {
        block.read(series, TimeRange.ALL, into.clear());
      }
    };
  }

  private static Map<String, List<Object>> read(Block block, TimeRange range) {
    var all = new HashMap<String, List<Object>>();
    for (int series = 0; series < block.seriesCount(); series++) {
      var columns = new SampleColumns();
      block.read(series, range, columns);
      if (!columns.isEmpty()) {
        all.put(block.labels(series).toString(), told(columns));
      }
    }
    return all;
  }

  private static Map<String, List<Object>> read(NaiveStore naive, TimeRange range) {
    var all = new HashMap<String, List<Object>>();
    try (Selection selection = naive.select(List.<Matcher>of(), range)) {
      for (int i = 0; i < selection.size(); i++) {
        var columns = new SampleColumns();
        selection.read(i, range, columns);
        all.put(selection.labels(i).toString(), told(columns));
      }
    }
    return all;
  }

  private static List<Object> told(SampleColumns columns) {
    var told = new ArrayList<Object>();
    for (int i = 0; i < columns.size(); i++) {
      told.add(Map.entry(columns.timestamps()[i], Double.doubleToRawLongBits(columns.values()[i])));
    }
    HistogramColumns histograms = columns.histograms();
    for (int i = 0; i < histograms.size(); i++) {
      told.add(Map.entry(histograms.timestamps()[i], histograms.histogram(i)));
    }
    return told;
  }
}
