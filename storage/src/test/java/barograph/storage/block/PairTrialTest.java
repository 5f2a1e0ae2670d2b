package barograph.storage.block;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairTrialTest {
  private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
  private static final String[] NAMES = {"a", "b", "few", "job", "n"};
  private static final String[] REGEXES = {
    "", ".*", ".+", "1", "1|2", "1|", "(x|y).*", "x.*", ".*1", ".*x.*", "[0-9]+", "1.?", "x?",
    "x1.+"
  };

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void matchersTriedOnWhatOthersFoundLeaveWhatPassesAll(long seed) throws IOException {
    var random = new Random(seed);
    var source = new RandomSeries();
    for (Labels labels : randomFleet(random)) {
      source.add(labels, "target", 1_000, random.nextInt(9));
    }
    var made = new BlockWriter(new FileDisk(), folder).write(BlockId.of(1, random), 1, source);
    try (var block = Block.open(new FileDisk(), made.folder())) {
      int deferred = 0;
      for (int round = 0; round < 800; round++) {
        var matchers = new ArrayList<Matcher>();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
          matchers.add(randomMatcher(random));
        }
        var trials = new ArrayList<PairTrial>();
        PairTrial.resolve((BlockIndex) block.index(), matchers, Allowance.UNLIMITED, trials);
        deferred += trials.isEmpty() ? 0 : 1;
        int[] expected =
            IntStream.range(0, block.seriesCount())
                .filter(i -> passes(block.labels(i), matchers))
                .toArray();
        var found = block.find(matchers, Allowance.UNLIMITED);
        int[] numbers = IntStream.range(0, found.size()).map(found::series).toArray();
        assertThat(numbers).as("%s", matchers).isEqualTo(expected);
        assertThat(block.select(matchers).toArray()).as("%s", matchers).isEqualTo(expected);
      }
      assertThat(deferred).as("selections with a trial").isBetween(100, 700);
    }
  }

  private static boolean passes(Labels labels, List<Matcher> matchers) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
  }

  private static Matcher randomMatcher(Random random) {
    Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
    String name = random.nextInt(10) == 0 ? "absent" : NAMES[random.nextInt(NAMES.length)];
    boolean regex = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
    return new Matcher(
        type, name, regex ? REGEXES[random.nextInt(REGEXES.length)] : randomValue(random));
  }

  private static String randomValue(Random random) {
    String head = random.nextBoolean() ? "x" : "";
    return random.nextInt(5) == 0 ? "" : head + random.nextInt(60);
  }

  private static Set<Labels> randomFleet(Random random) {
    var fleet = new TreeSet<Labels>();
    for (int i = 0; i < 600; i++) {
      var labels = new Labels.Builder();
      labels.set("n", "" + random.nextInt(40));
      labels.set("few", random.nextBoolean() ? "1" : "x1");
      for (String name : List.of("a", "b", "job")) {
        labels.set(name, randomValue(random));
      }
      fleet.add(labels.build());
    }
    return fleet;
  }
}
