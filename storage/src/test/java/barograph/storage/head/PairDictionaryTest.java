package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class PairDictionaryTest {
  private static final List<String> NAMES = List.of("job", "instance", "le", "path");

  private final KeyedHash hashes = new KeyedHash(5);
  private final PairDictionary pairs = new PairDictionary(hashes);

  private record Pair(String name, String value) {}

  private int number(Pair pair) {
    return pairs.pair(pair.name, pair.value, hashes.of(pair.name, pair.value));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void knowsThePairsOfTheSeriesThatAreThereAndNoOthersHoweverTheyComeAndGo(long seed) {
    var random = new Random(seed);
    Map<Integer, List<Pair>> series = new HashMap<>();
    int next = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = random.nextInt(200); i > 0; i--) {
        var its = new ArrayList<Pair>();
        for (String name : NAMES) {
          its.add(new Pair(name, "v" + random.nextInt(name.equals("path") ? 5_000 : 12)));
        }
        int ref = next++;
        its.forEach(pair -> pairs.add(number(pair), ref, ref + 1));
        pairs.addSeries(ref, ref + 1);
        series.put(ref, its);
      }
      var gone = new RoaringBitmap();
      var theirs = new BitSet();
      int odds = 1 + random.nextInt(6);
      series.forEach((ref, its) -> {
        if (random.nextInt(odds) == 0) {
          gone.add(ref);
          its.forEach(pair -> theirs.set(number(pair)));
        }
      });
      pairs.remove(gone, theirs);
      gone.forEach((int ref) -> series.remove(ref));
      assertKnows(series);
    }
  }

  private void assertKnows(Map<Integer, List<Pair>> series) {
    Map<Pair, RoaringBitmap> expected = new HashMap<>();
    series.forEach((ref, its) ->
        its.forEach(pair -> expected.computeIfAbsent(pair, _ -> new RoaringBitmap()).add(ref)));
    assertThat(pairs.pairs()).isEqualTo(expected.size());
    expected.forEach(
        (pair, members) -> assertThat(pairs.postings(pair.name, pair.value)).isEqualTo(members));
    assertThat(pairs.all().toArray())
        .containsExactlyInAnyOrder(series.keySet().stream().mapToInt(Integer::intValue).toArray());
    assertThat(pairs.postings("path", "v5001").isEmpty()).isTrue();
  }
}
