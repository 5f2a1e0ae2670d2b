package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.index.PairTexts;
import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundSeriesTest {
  private static final List<String> NAMES = List.of("Cluster", "__name__", "a", "b", "le", "zone");
  private static final List<String> VALUES =
      List.of("", "", "0", "1", "10", "a", "b", "\uffee", "\ud83d\ude00", "z");

  /// A source that numbers its pairs in any order, as the head does.
  private static final class Source {
    final List<Labels> series = new ArrayList<>();
    final List<String> pairs = new ArrayList<>();

    SeriesPairs found() {
      return found(Allowance.UNLIMITED);
    }

    SeriesPairs found(Allowance allowance) {
      var found = new SeriesPairs(allowance);
      found.reserve(series.size());
      for (int i = 0; i < series.size(); i++) {
        Labels labels = series.get(i);
        var numbers = new int[labels.size()];
        for (int k = 0; k < numbers.length; k++) {
          numbers[k] = pairs.indexOf(labels.name(k) + "=" + labels.value(k));
        }
        found.add(1000 + i, numbers, 0, numbers.length);
      }
      found.resolve(new Texts(pairs));
      return found;
    }
  }

  /// Pairs in any order; some values are said to be long.
  private record Texts(List<String> pairs) implements PairTexts {
    private String text(int pair) {
      return pairs.get(pair).substring(pairs.get(pair).indexOf('=') + 1);
    }

    @Override
    public int end() {
      return pairs.size();
    }

    @Override
    public String name(int pair) {
      return pairs.get(pair).substring(0, pairs.get(pair).indexOf('='));
    }

    @Override
    public @Nullable String value(int pair) {
      String text = text(pair);
      return text.equals("a") || text.equals("10") || text.equals("z") ? null : text;
    }

    @Override
    public int handle(int pair) {
      return 7 * pair;
    }

    @Override
    public String longValue(int handle) {
      return text(handle / 7);
    }

    @Override
    public int compareLong(int handle, int other) {
      return Labels.UTF8_ORDER.compare(longValue(handle), longValue(other));
    }

    @Override
    public boolean ascend() {
      return false;
    }

    @Override
    public int ownBytes(String value) {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Test
  void aPairThatTheTextsDoNotHaveIsRefusedBeforeRoomIsMadeForAllBelowIt() {
    var found = new SeriesPairs(Allowance.UNLIMITED);
    found.reserve(1);
    found.add(1000, new int[] {Integer.MAX_VALUE}, 0, 1);
    assertThatThrownBy(() -> found.resolve(new Texts(List.of("a=1", "a=2"))))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("pair 2147483647 of 2");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void seriesOfAllSourcesStandInLabelOrderEachOnceWithAllItsPlaces(long seed) {
    var random = new Random(seed);
    var sources = new ArrayList<Source>();
    var expected = new TreeMap<Labels, List<String>>();
    for (int s = random.nextInt(5); s >= 0; s--) {
      Source source = randomSource(random);
      for (int i = 0; i < source.series.size(); i++) {
        expected
            .computeIfAbsent(source.series.get(i), absent -> new ArrayList<>())
            .add(sources.size() + ":" + (1000 + i));
      }
      sources.add(source);
    }
    var found =
        new FoundSeries(sources.stream().map(Source::found).toList(), true, Allowance.UNLIMITED);
    assertThat(found.size()).isEqualTo(expected.size());
    var wanted = List.of(Set.of("b", "zone"), Set.of("a"), Set.of("none", "__name__", "le"));
    int at = 0;
    for (Map.Entry<Labels, List<String>> one : expected.entrySet()) {
      assertThat(found.labels(at)).isEqualTo(one.getKey());
      Set<String> names = wanted.get(random.nextInt(wanted.size()));
      assertThat(found.labels(at, names)).isEqualTo(one.getKey().filter(names::contains));
      var places = new ArrayList<String>();
      for (int i = 0; i < found.placeCount(at); i++) {
        places.add(found.source(at, i) + ":" + found.number(at, i));
      }
      assertThat(places).isEqualTo(one.getValue());
      at++;
    }
  }

  @Test
  void nothingFoundAnywhereIsNoSeries() {
    var empty = new SeriesPairs(Allowance.UNLIMITED);
    empty.resolve(new Texts(List.of()));
    assertThat(found(List.of(empty, SeriesPairs.none())).size()).isZero();
    assertThat(found(List.of()).size()).isZero();
  }

  private static FoundSeries found(List<SeriesPairs> sources) {
    return new FoundSeries(sources, true, Allowance.UNLIMITED);
  }

  @Test
  void memoryIsAskedForBeforeItIsTaken() {
    var asked = new AtomicLong();
    var source = randomSource(new Random(7));
    Allowance allowance =
        bytes -> {
          if (asked.addAndGet(bytes) > 1_000) {
            throw new IllegalStateException("refused");
          }
        };
    assertThatThrownBy(() -> source.found(allowance)).hasMessage("refused");
  }

  private static Source randomSource(Random random) {
    var source = new Source();
    var different = new HashSet<Labels>();
    for (int i = random.nextInt(200); i > 0; i--) {
      var labels = new Labels.Builder();
      for (String name : NAMES) {
        labels.add(name, VALUES.get(random.nextInt(VALUES.size())));
      }
      if (different.add(labels.build())) {
        source.series.add(labels.build());
      }
    }
    for (String name : NAMES) {
      for (String value : VALUES) {
        source.pairs.add(name + "=" + value);
      }
    }
    Collections.shuffle(source.pairs, random);
    return source;
  }
}
