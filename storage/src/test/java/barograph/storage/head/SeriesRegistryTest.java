package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class SeriesRegistryTest {
  private static final int PER_TARGET = 400;
  private static final int PER_JOB = 900;

  private record Pair(String name, String value) {}

  private final SeriesRegistry registry = new SeriesRegistry(new Cells(), new KeyedHash(5));

  /// What there ought to be: a reference for each series, and the target of each.
  private final Map<Labels, Integer> refs = new HashMap<>();

  private final Map<Labels, String> targets = new HashMap<>();
  private final Set<Integer> everGiven = new HashSet<>();
  private int logged;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void seriesThatComeTogetherAreFoundAndMadeAsIfEachCameAlone(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      boolean limited = random.nextBoolean();
      var budget =
          new SeriesBudget(
              2_500,
              limited ? PER_TARGET : Integer.MAX_VALUE,
              limited ? PER_JOB : Integer.MAX_VALUE,
              Long.MAX_VALUE);
      findOrMake(random, budget);
      if (random.nextInt(4) == 0) {
        forgetSome(random);
      }
      assertKnown();
    }
    assertThat(logged).isEqualTo(everGiven.size());
  }

  /// Pages of targets, one after the other: most labels stand where the series before has them.
  private void findOrMake(Random random, SeriesBudget budget) {
    var labels = new ArrayList<Labels>();
    var names = new ArrayList<String>();
    for (int page = random.nextInt(4); page >= 0; page--) {
      String job = "j" + random.nextInt(3);
      String instance = "i" + random.nextInt(6);
      boolean wide = random.nextBoolean();
      for (int i = random.nextInt(200); i > 0; i--) {
        var its = new TreeMap<String, String>();
        its.put("__name__", "m" + random.nextInt(20));
        its.put("instance", instance);
        its.put(random.nextInt(50) == 0 ? "jobs" : "job", job);
        if (random.nextInt(3) > 0) {
          its.put("le", "" + random.nextInt(8));
        }
        for (int more = 0; wide && more < 20; more++) {
          its.put("wide" + more, "v" + more / (1 + random.nextInt(40)));
        }
        labels.add(Labels.of(its));
        names.add(job + " " + instance);
      }
    }
    var found = new int[labels.size()];
    registry.findOrMake(
        labels.toArray(new Labels[0]), names.toArray(new String[0]), found, found.length, budget);
    for (int i = 0; i < found.length; i++) {
      int expected = expected(labels.get(i), names.get(i), found[i], budget);
      assertThat(found[i]).as("series %d, %s", i, labels.get(i)).isEqualTo(expected);
    }
  }

  /// What the naive way gives for a series, which it makes if it is new.
  ///
  /// @param given what it is called if it is made: any number that no series has had
  private int expected(Labels labels, String target, int given, SeriesBudget budget) {
    Integer known = refs.get(labels);
    if (known != null) {
      return known;
    }
    String job = labels.get("job");
    if (refs.size() >= budget.total()) {
      return SeriesBudget.TOTAL_TAKEN;
    }
    if (targets.values().stream().filter(target::equals).count() >= budget.perTarget()) {
      return SeriesBudget.TARGET_TAKEN;
    }
    if (!job.isEmpty()
        && refs.keySet().stream().filter(other -> other.get("job").equals(job)).count()
            >= budget.perJob()) {
      return SeriesBudget.JOB_TAKEN;
    }
    assertThat(given).isNotNegative();
    assertThat(everGiven.add(given)).isTrue();
    refs.put(labels, given);
    targets.put(labels, target);
    return given;
  }

  private void forgetSome(Random random) {
    var gone = new RoaringBitmap();
    int odds = 1 + random.nextInt(3);
    for (Labels labels : List.copyOf(refs.keySet())) {
      if (random.nextInt(odds) == 0) {
        gone.add(refs.remove(labels));
        targets.remove(labels);
      }
    }
    registry.forget(gone, new Versions());
  }

  private void assertKnown() {
    for (var fresh = registry.pollNew(); fresh != null; fresh = registry.pollNew()) {
      logged++;
      if (refs.containsValue(fresh.ref())) {
        assertThat(refs).containsEntry(fresh.labels(), fresh.ref());
      }
    }
    var members = new HashMap<Pair, RoaringBitmap>();
    refs.forEach((labels, ref) -> {
      assertThat(registry.find(labels)).isEqualTo(ref);
      assertThat(registry.labels(ref)).isEqualTo(labels);
      for (int i = 0; i < labels.size(); i++) {
        members
            .computeIfAbsent(new Pair(labels.name(i), labels.value(i)), _ -> new RoaringBitmap())
            .add(ref);
      }
    });
    members.forEach((pair, series) -> {
      assertThat(
              registry.<RoaringBitmap>look(pairs -> pairs.postings(pair.name, pair.value).clone()))
          .as("series with %s", pair)
          .isEqualTo(series);
    });
    assertThat(registry.<Integer>look(PairDictionary::pairs)).isEqualTo(members.size());
    assertThat(registry.<RoaringBitmap>look(pairs -> pairs.all().clone()))
        .isEqualTo(RoaringBitmap.bitmapOf(refs.values().stream().mapToInt(i -> i).toArray()));
    assertThat(registry.find(Labels.of("__name__", "m20"))).isEqualTo(-1);
  }
}
