package barograph.storage.index;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class PostingsResolverTest {
  private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
  private static final String[] NAMES = {"a", "b", "c"};
  private static final String[] VALUES = {"", "1", "2", "12", "x", "x1", "xy"};
  private static final String[] REGEXES = {
    "", ".*", ".+", "1", "1|2", "1|", "(x|y).*", "x.*", ".*1", ".*x.*", "[0-9]+", "1.?", "zzz", "x?"
  };

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void findsTheSeriesThatPassEveryMatcher(long seed) {
    var random = new Random(seed);
    var series = randomSeries(random);
    var index = new MapIndex(series);
    for (int round = 0; round < 500; round++) {
      var matchers = new ArrayList<Matcher>();
      for (int left = random.nextInt(4); left > 0; left--) {
        matchers.add(randomMatcher(random));
      }
      int[] expected =
          IntStream.range(0, series.size())
              .filter(i -> matchers.stream().allMatch(m -> m.matches(series.get(i).get(m.name()))))
              .toArray();
      assertThat(PostingsResolver.resolve(index, matchers, Allowance.UNLIMITED).toArray())
          .as("%s", matchers)
          .isEqualTo(expected);
    }
    assertThat(index).as("bitmaps are only read").isEqualTo(new MapIndex(series));
  }

  private static Matcher randomMatcher(Random random) {
    Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
    String name = random.nextInt(10) == 0 ? "absent" : NAMES[random.nextInt(NAMES.length)];
    boolean regex = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
    String[] from = regex ? REGEXES : VALUES;
    return new Matcher(type, name, from[random.nextInt(from.length)]);
  }

  private static List<Labels> randomSeries(Random random) {
    var series = new TreeSet<Labels>();
    for (int i = 0; i < 200; i++) {
      var builder = new Labels.Builder();
      for (String name : NAMES) {
        builder.set(name, VALUES[random.nextInt(VALUES.length)]);
      }
      series.add(builder.build());
    }
    return List.copyOf(series);
  }

  private record MapIndex(RoaringBitmap all, TreeMap<String, TreeMap<String, RoaringBitmap>> sets)
      implements LabelIndex {
    MapIndex(List<Labels> series) {
      this(new RoaringBitmap(), new TreeMap<>());
      for (int i = 0; i < series.size(); i++) {
        all.add(i);
        for (var label : series.get(i).toMap().entrySet()) {
          sets.computeIfAbsent(label.getKey(), absent -> new TreeMap<>())
              .computeIfAbsent(label.getValue(), absent -> new RoaringBitmap())
              .add(i);
        }
      }
    }

    @Override
    public RoaringBitmap postings(String name, String value) {
      return sets.getOrDefault(name, new TreeMap<>()).getOrDefault(value, new RoaringBitmap());
    }

    @Override
    public List<String> names() {
      return List.copyOf(sets.keySet());
    }

    @Override
    public List<String> values(String name) {
      return List.copyOf(sets.getOrDefault(name, new TreeMap<>()).keySet());
    }
  }
}
