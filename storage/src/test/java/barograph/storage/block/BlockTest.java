package barograph.storage.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {
  @TempDir Path folder;

  private final FileDisk disk = new FileDisk();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void answersAsTheNaiveStoreDoes(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    BlockSummary summary = write(random, source);
    assertThat(summary.sampleCount()).isEqualTo(source.sampleCount());
    try (var block = Block.open(disk, summary.folder())) {
      assertThat(block.sampleCount()).isEqualTo(source.sampleCount());
      assertThat(block.range()).isEqualTo(summary.range());
      assertThat(block.id()).isEqualTo(summary.id());
      block.verify();
      NaiveStore naive = source.naive();
      assertThat(block.index().names()).isEqualTo(naive.labelNames(List.of(), TimeRange.ALL));
      for (String name : block.index().names()) {
        assertThat(block.index().values(name))
            .isEqualTo(naive.labelValues(name, List.of(), TimeRange.ALL));
      }
      for (int round = 0; round < 60; round++) {
        assertSameAnswer(block, naive, randomMatchers(random), randomRange(random, block.range()));
      }
      assertSameAnswer(block, naive, List.of(), TimeRange.ALL);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aFlippedBitCostsNothing(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    BlockSummary summary = write(random, source);
    Path file = summary.folder().resolve("block.bg");
    byte[] sound = Files.readAllBytes(file);
    Map<Labels, SampleColumns> expected = source.samples();
    for (int round = 0; round < 60; round++) {
      byte[] damaged = sound.clone();
      // Every other time in the outline, which is short.
      int at = round % 2 == 0 ? random.nextInt(damaged.length) : damaged.length - 1 - round * 6;
      flip(damaged, 8L * at + random.nextInt(8));
      Files.write(file, damaged);
      assertThat(readsTheTruthOrRefuses(summary.folder(), expected)).as("byte %d", at).isTrue();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void damageThatCannotBeMadeGoodGivesACorruptBlockOrTheRightData(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    BlockSummary summary = write(random, source);
    Path file = summary.folder().resolve("block.bg");
    byte[] sound = Files.readAllBytes(file);
    Map<Labels, SampleColumns> expected = source.samples();
    for (int round = 0; round < 60; round++) {
      byte[] damaged = sound.clone();
      long bit = random.nextLong(8L * damaged.length);
      long other = BlockDamage.counterpart(sound, bit);
      flip(damaged, bit);
      if (other != bit) {
        flip(damaged, other);
      }
      Files.write(file, damaged);
      assertThat(readsTheTruthOrRefuses(summary.folder(), expected))
          .as("every byte is read and checked, and so is %d", bit / 8)
          .isEqualTo(other == bit);
    }
  }

  private static void flip(byte[] bytes, long bit) {
    bytes[(int) (bit >>> 3)] ^= (byte) (1 << (bit & 7));
  }

  /// Sixteen pages that follow each other, at the start of each stripe, the header among them.
  @Test
  void pagesThatFollowEachOtherAreMadeGood() throws IOException {
    var random = new Random(9);
    var source = new RandomSeries();
    for (int i = 0; i < 2_400; i++) {
      for (long t = 0; t < 250; t++) {
        source.add(Labels.of("n", "" + i), "t", t * 1_000, random.nextGaussian());
      }
    }
    BlockSummary summary = write(random, source);
    Path file = summary.folder().resolve("block.bg");
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes.length).isGreaterThan(1024 * 4096);
    for (int at : new int[] {0, 1024 * 4096}) {
      for (int i = at; i < at + 16 * 4096 && i < bytes.length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
    }
    Files.write(file, bytes);
    assertThat(readsTheTruthOrRefuses(summary.folder(), source.samples())).isTrue();
  }

  @Test
  void damagedParityIsFoundByTheScrubAndCostsNothing() throws IOException {
    var random = new Random(10);
    BlockSummary summary = write(random, RandomSeries.fleet(random));
    Path file = summary.folder().resolve("block.bg");
    byte[] bytes = Files.readAllBytes(file);
    var found = new ArrayList<CorruptBlockException>();
    for (long bit = 0; bit < 8L * bytes.length; bit += 1009) {
      flip(bytes, bit);
      Files.write(file, bytes);
      try (var block = Block.open(disk, summary.folder())) {
        for (long position = 0; position >= 0; position = block.scrubbedAfter(position)) {
          try {
            block.scrub(position);
          } catch (CorruptBlockException e) {
            if (String.valueOf(e.getMessage()).contains("checksum of the parity")) {
              found.add(e);
              assertThat(block.damage(e).samples()).isZero();
            }
          }
        }
      }
      flip(bytes, bit);
    }
    assertThat(found).isNotEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aFileCutShortDoesNotOpen(long seed) throws IOException {
    var random = new Random(seed);
    BlockSummary summary = write(random, RandomSeries.fleet(random));
    Path file = summary.folder().resolve("block.bg");
    byte[] sound = Files.readAllBytes(file);
    for (int round = 0; round < 50; round++) {
      Files.write(file, java.util.Arrays.copyOf(sound, random.nextInt(sound.length - 1000)));
      assertThatExceptionOfType(CorruptBlockException.class)
          .isThrownBy(() -> Block.open(disk, summary.folder()));
    }
  }

  @Test
  void anUnknownVersionIsNamedInTheRefusal() throws IOException {
    var random = new Random(1);
    BlockSummary summary = write(random, RandomSeries.fleet(random));
    Path file = summary.folder().resolve("block.bg");
    byte[] bytes = Files.readAllBytes(file);
    bytes[4] = 9;
    var header = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    header.putInt(60, barograph.storage.disk.Checksum.of(bytes, 0, 60));
    Files.write(file, bytes);
    assertThatExceptionOfType(CorruptBlockException.class)
        .isThrownBy(() -> Block.open(disk, summary.folder()))
        .withMessageContaining("format 9")
        .withMessageContaining("expected format 1");
  }

  @Test
  void staysReadableWhileAnyoneHoldsItEvenIfDeleted() throws IOException {
    var random = new Random(2);
    var source = RandomSeries.fleet(random);
    BlockSummary summary = write(random, source);
    Block block = Block.open(disk, summary.folder());
    assertThat(block.retain()).isTrue();
    block.close();
    disk.deleteTree(summary.folder());
    assertSameAnswer(block, source.naive(), List.of(), TimeRange.ALL);
    block.close();
    assertThat(block.retain()).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void seriesReadInAnyOrderAreTheSame(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    Map<Labels, SampleColumns> expected = source.samples();
    BlockSummary summary = write(random, source);
    try (var block = Block.open(disk, summary.folder())) {
      var found = new SampleColumns();
      int series = 0;
      for (int round = 0; round < 4 * block.seriesCount(); round++) {
        series =
            random.nextInt(3) == 0
                ? random.nextInt(block.seriesCount())
                : Math.floorMod(series + random.nextInt(-1, 3), block.seriesCount());
        block.read(series, TimeRange.ALL, found.clear());
        assertSameSamples(found, expected.get(block.labels(series)));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void endsOfSeriesReadInAnyOrderAreThoseOfTheWhole(long seed) throws IOException {
    var random = new Random(seed);
    var source = RandomSeries.fleet(random);
    Map<Labels, SampleColumns> expected = source.samples();
    BlockSummary summary = write(random, source);
    try (var block = Block.open(disk, summary.folder())) {
      long end = block.range().endMillis();
      var found = new SampleColumns();
      long start = end;
      int series = 0;
      for (int round = 0; round < 20 * block.seriesCount(); round++) {
        if (round % 20 == 0) {
          start = end - random.nextInt(2_600_000);
        }
        series = Math.floorMod(series + random.nextInt(-1, 3), block.seriesCount());
        block.read(series, new TimeRange(start, end), found.clear());
        SampleColumns whole = expected.get(block.labels(series));
        var wanted = new SampleColumns();
        for (int i = 0; i < whole.size(); i++) {
          if (whole.timestamps()[i] >= start) {
            wanted.add(whole.timestamps()[i], whole.values()[i]);
          }
        }
        assertSameSamples(found, wanted);
      }
    }
  }

  @Test
  void manyThreadsReadAtOnce() throws Exception {
    var random = new Random(6);
    var source = RandomSeries.fleet(random);
    Map<Labels, SampleColumns> expected = source.samples();
    BlockSummary summary = write(random, source);
    try (var block = Block.open(disk, summary.folder());
        var threads = Executors.newFixedThreadPool(4)) {
      var answers = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 4; thread++) {
        answers.add(
            threads.submit(() -> {
              var found = new SampleColumns();
              for (int i = 0; i < block.seriesCount(); i++) {
                block.read(i, TimeRange.ALL, found.clear());
                assertSameSamples(found, expected.get(block.labels(i)));
              }
            }));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
    }
  }

  @Test
  void labelsOfEveryKindComeBack() throws IOException {
    var random = new Random(7);
    var source = new RandomSeries();
    var values = List.of("\u00e9", "\ud83d\ude00", "\uffee", "z", "long ".repeat(4000), "a\nb");
    source.add(Labels.EMPTY, "t", 1, 1);
    for (int i = 0; i < 200; i++) {
      var labels = new Labels.Builder().set("n", "" + i % 7).set("i", values.get(i % 5) + i);
      for (int extra = random.nextInt(i % 50 == 0 ? 90 : 4); extra > 0; extra--) {
        labels.set("l" + extra + values.get(0), values.get(random.nextInt(values.size())));
      }
      source.add(labels.build(), "t", 1, i);
    }
    try (var block = Block.open(disk, write(random, source).folder())) {
      assertSameAnswer(block, source.naive(), List.of(), TimeRange.ALL);
      NaiveStore naive = source.naive();
      for (String value : naive.labelValues("i", List.of(), TimeRange.ALL)) {
        assertSameAnswer(block, naive, List.of(Matcher.equal("i", value)), TimeRange.ALL);
      }
      var regex = new Matcher(Matcher.Type.REGEX, "i", "\ud83d\ude00.*");
      assertSameAnswer(block, naive, List.of(regex), TimeRange.ALL);
    }
  }

  @Test
  void timesAtTheEdgesOfTheirRangeComeBack() throws IOException {
    var random = new Random(8);
    var source = new RandomSeries();
    long[] times = {Long.MIN_VALUE, -5_000, -1, 0, 1, 1L << 53, Long.MAX_VALUE};
    for (int i = 0; i < times.length; i++) {
      source.add(Labels.of("a", "1"), "t", times[i], i);
      source.add(Labels.of("a", "2"), "u", times[times.length - 1 - i], i);
    }
    try (var block = Block.open(disk, write(random, source).folder())) {
      for (long time : times) {
        assertSameAnswer(block, source.naive(), List.of(), new TimeRange(time, time));
        assertSameAnswer(block, source.naive(), List.of(), new TimeRange(time, Long.MAX_VALUE));
        assertSameAnswer(block, source.naive(), List.of(), new TimeRange(Long.MIN_VALUE, time));
      }
    }
  }

  @Test
  void anUnfinishedBlockIsSweptAndAFinishedOneStays() throws IOException {
    var random = new Random(3);
    BlockSummary summary = write(random, RandomSeries.fleet(random));
    BlockId unfinished = BlockId.of(5, random);
    Files.createDirectory(folder.resolve(unfinished + ".tmp"));
    Files.writeString(folder.resolve(unfinished + ".tmp").resolve("block.bg"), "half");
    BlockFolders.sweep(disk, folder);
    assertThat(disk.list(folder)).containsExactly(summary.folder());
    assertThat(BlockFolders.finished(disk, folder)).containsExactly(summary.folder());
  }

  @Test
  void seriesOfATargetShareTheirTimestamps() throws IOException {
    var random = new Random(4);
    var one = new RandomSeries();
    var many = new RandomSeries();
    for (int i = 0; i < 100; i++) {
      for (long t = 0; t < 500; t++) {
        long time = 1_000_000 + 15_000 * t + (t * 7919) % 13;
        many.add(Labels.of("__name__", "m", "i", "" + i), "target", time, 1 + i);
        if (i == 0) {
          one.add(Labels.of("__name__", "m", "i", "" + i), "target", time, 1 + i);
        }
      }
    }
    long alone = write(random, one).bytes();
    long together = write(random, many).bytes();
    assertThat(together - alone).as("parity included").isLessThan(2 * 100 * 12);
  }

  @Test
  void anIdSortsByItsTime() {
    var random = new Random(5);
    var ids = new ArrayList<BlockId>();
    for (long time = 1; time < 1L << 47; time *= 3) {
      ids.add(BlockId.of(time, random));
    }
    assertThat(ids).isSorted();
  }

  private BlockSummary write(Random random, RandomSeries source) throws IOException {
    return new BlockWriter(disk, folder).write(BlockId.of(random.nextInt(1000), random), 1, source);
  }

  private boolean readsTheTruthOrRefuses(Path block, Map<Labels, SampleColumns> expected)
      throws IOException {
    var seen = new SampleColumns();
    boolean sound = true;
    try (var open = Block.open(disk, block)) {
      for (int i = 0; i < open.seriesCount(); i++) {
        try {
          open.read(i, TimeRange.ALL, seen.clear());
          SampleColumns truth = expected.get(open.labels(i));
          assertThat(truth).as("labels of series %d", i).isNotNull();
          assertSameSamples(seen, truth);
        } catch (CorruptBlockException refused) {
          sound = false;
        }
      }
      try {
        open.select(List.of(Matcher.equal("job", "a")));
        open.verify();
      } catch (CorruptBlockException refused) {
        sound = false;
      }
    } catch (CorruptBlockException refused) {
      sound = false;
    }
    return sound;
  }

  private static void assertSameAnswer(
      Block block, NaiveStore naive, List<Matcher> matchers, TimeRange range) {
    var found = new HashMap<Labels, SampleColumns>();
    for (int series : block.select(matchers).toArray()) {
      var columns = new SampleColumns();
      columns.add(-1, 99);
      block.read(series, range, columns);
      assertThat(columns.timestamps()[0]).isEqualTo(-1);
      if (columns.size() > 1) {
        assertThat(found.put(block.labels(series), columns)).isNull();
      }
    }
    try (var selection = naive.select(matchers, range)) {
      assertThat(found).as("%s in %s", matchers, range).hasSize(selection.size());
      var truth = new SampleColumns();
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, truth);
        var withFirst = new SampleColumns();
        withFirst.add(-1, 99);
        for (int s = 0; s < truth.size(); s++) {
          withFirst.add(truth.timestamps()[s], truth.values()[s]);
        }
        SampleColumns columns = found.get(selection.labels(i));
        assertThat(columns).as("%s", selection.labels(i)).isNotNull();
        assertSameSamples(columns, withFirst);
      }
    }
  }

  private static void assertSameSamples(SampleColumns found, SampleColumns expected) {
    assertThat(found.size()).isEqualTo(expected.size());
    for (int i = 0; i < found.size(); i++) {
      if (found.timestamps()[i] != expected.timestamps()[i]
          || Double.doubleToRawLongBits(found.values()[i])
              != Double.doubleToRawLongBits(expected.values()[i])) {
        assertThat("%d %s".formatted(found.timestamps()[i], found.values()[i]))
            .as("sample %d", i)
            .isEqualTo("%d %s".formatted(expected.timestamps()[i], expected.values()[i]));
        throw new AssertionError("sample %d differs in its bits".formatted(i));
      }
    }
  }

  private static TimeRange randomRange(Random random, TimeRange whole) {
    long span = whole.endMillis() - whole.startMillis() + 1;
    long start = whole.startMillis() + (long) ((random.nextDouble() * 1.2 - 0.1) * span);
    return switch (random.nextInt(4)) {
      case 0 -> TimeRange.ALL;
      case 1 -> new TimeRange(start, start);
      default -> new TimeRange(start, start + random.nextLong(span));
    };
  }

  private static List<Matcher> randomMatchers(Random random) {
    var matchers = new ArrayList<Matcher>();
    var choices =
        List.of(
            Matcher.equal("__name__", "m1"),
            Matcher.equal("job", "a"),
            new Matcher(Matcher.Type.REGEX, "__name__", "m[12].*"),
            new Matcher(Matcher.Type.REGEX, "instance", "i1|i2|i3"),
            new Matcher(Matcher.Type.NOT_EQUAL, "job", "b"),
            new Matcher(Matcher.Type.REGEX, "le", ".+"),
            Matcher.equal("le", ""),
            new Matcher(Matcher.Type.NOT_REGEX, "instance", "i.*"));
    for (int left = random.nextInt(4); left > 0; left--) {
      matchers.add(choices.get(random.nextInt(choices.size())));
    }
    return matchers;
  }
}
