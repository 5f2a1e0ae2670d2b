package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.SeriesLimitException.Limit;
import barograph.storage.StoreStatus.Count;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Limits of series keep new ones out, and nothing else.
class SeriesLimitsTest {
  private static final long START = 1_700_000_000_000L;

  @TempDir Path folder;

  private Store open(StoreOptions options) throws IOException {
    var clock = InstantSource.fixed(Instant.ofEpochMilli(START + 1_000_000));
    return Store.open(options, new FileDisk(), clock, StoreWatcher.NONE, false);
  }

  private static Labels series(String job, String instance, int number) {
    return Labels.of("__name__", "m" + number, "job", job, "instance", instance);
  }

  private static boolean append(Store store, Labels labels, long time) {
    int ref = store.appender().seriesFor(labels, labels.get("job") + " " + labels.get("instance"));
    var batch = new SampleBatch();
    batch.add(ref, time, 1.0);
    return store.appender().append(batch).join().complete();
  }

  /// What is allowed, by counting.
  private static final class Model {
    private final int all;
    private final int perTarget;
    private final int perJob;
    private final Map<Labels, Boolean> series = new LinkedHashMap<>();
    private final Map<String, Long> byTarget = new HashMap<>();
    private final Map<String, Long> byJob = new HashMap<>();
    private final Map<Limit, Long> refused = new EnumMap<>(Limit.class);

    Model(int all, int perTarget, int perJob) {
      this.all = all;
      this.perTarget = perTarget;
      this.perJob = perJob;
    }

    boolean takes(Labels labels) {
      if (series.containsKey(labels)) {
        return true;
      }
      String job = labels.get("job");
      String target = job + " " + labels.get("instance");
      if (series.size() >= all) {
        return refuse(Limit.TOTAL);
      }
      if (byTarget.getOrDefault(target, 0L) >= perTarget) {
        return refuse(Limit.TARGET);
      }
      if (byJob.getOrDefault(job, 0L) >= perJob) {
        return refuse(Limit.JOB);
      }
      series.put(labels, true);
      byTarget.merge(target, 1L, Long::sum);
      byJob.merge(job, 1L, Long::sum);
      return true;
    }

    private boolean refuse(Limit limit) {
      refused.merge(limit, 1L, Long::sum);
      return false;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsNewIsTakenWithinAllLimitsAndWhatIsKnownAlwaysAlsoAfterAStart(long seed)
      throws IOException {
    var random = new Random(seed);
    var model = new Model(60 + random.nextInt(60), 5 + random.nextInt(10), 20 + random.nextInt(20));
    var options =
        StoreOptions.in(folder).withSeriesLimits(model.all, model.perTarget, model.perJob);
    Store store = open(options);
    for (int step = 0; step < 1_500; step++) {
      if (random.nextInt(300) == 0) {
        store.close();
        store = open(options);
        model.refused.clear();
      }
      // Some jobs are larger than others.
      int job = (int) Math.sqrt(random.nextInt(36));
      Labels labels = series("job" + job, "host" + random.nextInt(2 + job), random.nextInt(20));
      boolean taken = model.takes(labels);
      if (taken) {
        assertThat(append(store, labels, START + step)).isTrue();
      } else {
        Store now = store;
        long time = START + step;
        assertThatExceptionOfType(SeriesLimitException.class)
            .isThrownBy(() -> append(now, labels, time));
      }
    }
    assertThat(store.status().series()).isEqualTo(model.series.size());
    store
        .seriesRefused()
        .forEach((limit, n) -> assertThat(n).isEqualTo(model.refused.getOrDefault(limit, 0L)));
    assertThat(asMap(store.sources(1_000).byJob())).isEqualTo(model.byJob);
    assertThat(asMap(store.sources(1_000).byTarget())).isEqualTo(model.byTarget);
    assertThat(store.sources(2).byJob()).hasSize(2);
    store.close();
  }

  private static Map<String, Long> asMap(List<Count> counts) {
    var map = new HashMap<String, Long>();
    counts.forEach(count -> map.put(count.name(), count.count()));
    return map;
  }

  @Test
  void aStoreThatHasMoreThanItNowMayKeepsItAll() throws IOException {
    Store before = open(StoreOptions.in(folder));
    for (int i = 0; i < 5; i++) {
      append(before, series("a", "x", i), START);
    }
    before.close();
    Store store = open(StoreOptions.in(folder).withSeriesLimits(3, 2, 2));
    for (int i = 0; i < 5; i++) {
      assertThat(append(store, series("a", "x", i), START + 1)).isTrue();
    }
    assertThatExceptionOfType(SeriesLimitException.class)
        .isThrownBy(() -> append(store, series("a", "x", 5), START + 1));
    store.close();
  }

  @Test
  void aRefusalNamesTheLimitAndWhoHasReachedIt() throws IOException {
    Store store = open(StoreOptions.in(folder).withSeriesLimits(10, 1, 2));
    append(store, series("a", "x", 1), START);
    assertThatExceptionOfType(SeriesLimitException.class)
        .isThrownBy(() -> append(store, series("a", "x", 2), START))
        .withMessage(
            "the target \"a x\" has 1 series, which is the limit of one;"
                + " m2{instance=\"x\", job=\"a\"} is refused")
        .satisfies(e -> assertThat(e.limit()).isEqualTo(Limit.TARGET));
    append(store, series("a", "y", 1), START);
    assertThatExceptionOfType(SeriesLimitException.class)
        .isThrownBy(() -> append(store, series("a", "z", 1), START))
        .withMessageStartingWith("the job \"a\" has 2 series, which is the limit of one; ")
        .satisfies(e -> assertThat(e.limit()).isEqualTo(Limit.JOB));
    store.close();
  }
}
