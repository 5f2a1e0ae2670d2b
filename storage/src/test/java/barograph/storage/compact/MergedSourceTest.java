package barograph.storage.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.block.Block;
import barograph.storage.block.BlockDamage;
import barograph.storage.block.BlockId;
import barograph.storage.block.BlockSource;
import barograph.storage.block.BlockSummary;
import barograph.storage.block.BlockWriter;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class MergedSourceTest {
  private static final Path BLOCKS = Path.of("/data/blocks");
  private static final long BEGIN = 1_790_000_000_000L;

  /// Series as sorted maps: both a source and the truth.
  private static final class Plain implements BlockSource {
    final NavigableMap<Labels, NavigableMap<Long, Double>> series = new TreeMap<>();
    final Map<Labels, String> targets = new TreeMap<>();

    void put(String target, Labels labels, long time, double value) {
      targets.put(labels, target);
      series.computeIfAbsent(labels, absent -> new TreeMap<>()).put(time, value);
    }

    void putAll(Plain later) {
      later.series.forEach((labels, samples) ->
          samples.forEach((time, value) ->
              put(Objects.requireNonNull(later.targets.get(labels)), labels, time, value)));
    }

    @Override
    public int seriesCount() {
      return series.size();
    }

    @Override
    public Labels labels(int number) {
      return List.copyOf(series.keySet()).get(number);
    }

    @Override
    public String target(int number) {
      return Objects.requireNonNull(targets.get(labels(number)));
    }

    @Override
    public void read(int number, SampleColumns into) {
      into.clear();
      Objects.requireNonNull(series.get(labels(number))).forEach(into::add);
    }
  }

  private final SimulatedDisk disk = new SimulatedDisk();
  private int written;

  private Block write(BlockSource source, int level) throws IOException {
    disk.createFolder(BLOCKS);
    var id = new BlockId("%026d".formatted(++written));
    BlockSummary summary = new BlockWriter(disk, BLOCKS).write(id, level, source);
    return Block.open(disk, summary.folder());
  }

  private static NavigableMap<Labels, NavigableMap<Long, Double>> read(Block block) {
    var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
    var columns = new SampleColumns();
    for (int i = 0; i < block.seriesCount(); i++) {
      block.read(i, TimeRange.ALL, columns.clear());
      var samples = new TreeMap<Long, Double>();
      for (int k = 0; k < columns.size(); k++) {
        samples.put(columns.timestamps()[k], columns.values()[k]);
      }
      all.put(block.labels(i), samples);
    }
    return all;
  }

  /// Some series of a few targets, buckets with odd bounds among them, over a span of time.
  private static Plain fleet(Random random, long from, int rows) {
    var fleet = new Plain();
    var bounds = List.of("0.5", "1", "1e1", "+Inf", "odd", "0.25");
    for (int target = 0; target < 3; target++) {
      for (int i = 0; i < 20; i++) {
        if (random.nextInt(4) == 0) {
          continue;
        }
        Labels labels =
            switch (i % 4) {
              case 0 -> Labels.of("__name__", "m" + i, "instance", "t" + target);
              case 1 -> Labels.of("instance", "t" + target, "nameless", "n" + i);
              default ->
                  Labels.of(
                      "__name__",
                      "h_bucket",
                      "instance",
                      "t" + target,
                      "le",
                      bounds.get(i % bounds.size()),
                      "z",
                      i % 3 == 0 ? "" : "\ud83d\ude00" + i / 6);
            };
        for (int row = 0; row < rows; row++) {
          if (random.nextInt(50) > 0) {
            fleet.put("t" + target, labels, from + row * 1000L + target, random.nextInt(1000));
          }
        }
      }
    }
    return fleet;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void hasWhatItsSourcesHaveAndTheLaterWrittenWins(long seed) throws IOException {
    var random = new Random(seed);
    var truth = new Plain();
    var blocks = new ArrayList<Block>();
    for (int i = 0; i < 4; i++) {
      Plain fleet = fleet(random, BEGIN + random.nextInt(3) * 100_000L, 20 + random.nextInt(150));
      blocks.add(write(fleet, 1));
      truth.putAll(fleet);
    }
    blocks.sort(Comparator.comparingLong(block -> block.range().startMillis()));
    Block merged = write(MergedSource.of(blocks, () -> false), 2);
    assertThat(read(merged)).isEqualTo(truth.series);
    merged.verify();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {6, 7, 8})
  void timesAloneAreThoseOfTheSamples(long seed) throws IOException {
    var random = new Random(seed);
    var blocks = new ArrayList<Block>();
    for (int i = 0; i < 3; i++) {
      blocks.add(write(fleet(random, BEGIN + random.nextInt(3) * 600_000L, 1500), 1));
    }
    blocks.get(1).delete(new TimeRange(BEGIN, BEGIN + 1_200_000), RoaringBitmap.bitmapOf(0, 7));
    MergedSource source = MergedSource.of(blocks, () -> false);
    var samples = new SampleColumns();
    var times = new SampleColumns();
    for (int i = 0; i < source.seriesCount(); i++) {
      source.read(i, samples);
      source.readTimes(i, times);
      assertThat(Arrays.copyOf(times.timestamps(), times.size()))
          .isEqualTo(Arrays.copyOf(samples.timestamps(), samples.size()));
    }
  }

  @Test
  void leavesOutWhatIsDeleted() throws IOException {
    Plain fleet = fleet(new Random(1), BEGIN, 50);
    Block block = write(fleet, 1);
    block.delete(new TimeRange(BEGIN, BEGIN + 9_999), RoaringBitmap.bitmapOf(0, 3));
    block.delete(TimeRange.ALL, RoaringBitmap.bitmapOf(5));
    for (int id : List.of(0, 3)) {
      Objects.requireNonNull(fleet.series.get(block.labels(id))).headMap(BEGIN + 10_000).clear();
    }
    fleet.series.remove(block.labels(5));
    assertThat(read(write(MergedSource.of(List.of(block), () -> false), 2)))
        .isEqualTo(fleet.series);
  }

  @Test
  void seriesOfOneTargetShareTheirTimestampsAfterTheMergeToo() throws IOException {
    var blocks = new ArrayList<Block>();
    for (int part = 0; part < 3; part++) {
      var plain = new Plain();
      for (int row = 0; row < 100; row++) {
        for (int i = 0; i < 30; i++) {
          // Of each target's series some end early and some begin late.
          if (i % 10 >= part * 2 && i % 10 <= 7 + part) {
            long time =
                BEGIN + part * 1_000_000L + row * 10_000L + (i % 3) * 77L + row % (2 + i % 3);
            plain.put("t" + i % 3, Labels.of("__name__", "m", "i", "" + i), time, row);
          }
        }
      }
      blocks.add(write(plain, 1));
    }
    Block merged = write(MergedSource.of(blocks, () -> false), 2);
    var columns = new HashSet<Integer>();
    for (int i = 0; i < merged.seriesCount(); i++) {
      columns.add(merged.timestampColumn(i));
    }
    assertThat(merged.seriesCount()).isEqualTo(30);
    assertThat(columns).hasSize(3);
  }

  @Test
  void stopsWhenItIsTold() throws IOException {
    Block block = write(fleet(new Random(1), BEGIN, 50), 1);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> MergedSource.of(List.of(block), () -> true));
    var stopped = new boolean[1];
    var source = MergedSource.of(List.of(block), () -> stopped[0]);
    stopped[0] = true;
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> write(source, 2));
    assertThat(disk.list(BLOCKS)).containsExactly(block.folder());
  }

  @Test
  void namesTheSourceThatCannotBeRead() throws IOException {
    Block sound = write(fleet(new Random(1), BEGIN, 50), 1);
    BlockId id = write(fleet(new Random(2), BEGIN, 3000), 1).id();
    Path file = BLOCKS.resolve(id.text()).resolve("block.bg");
    BlockDamage.flip(disk, file, 8 * 70);
    Block damaged = Block.open(disk, file.getParent());
    assertThatExceptionOfType(UnreadableSourceException.class)
        .isThrownBy(() -> write(MergedSource.of(List.of(sound, damaged), () -> false), 2))
        .satisfies(e -> assertThat(e.block()).isEqualTo(id));
  }
}
