package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random batches, questions, cuts, restarts and power cuts: the store says at every step what the
/// naive one says.
class StorePropertyTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(10)).toEpochMilli();

  private static final long ROW_MILLIS = 1500;

  private SimulatedDisk disk = new SimulatedDisk();
  private Duration window = Duration.ZERO;

  private Store open() throws IOException {
    var options =
        StoreOptions.in(Path.of("/data"))
            .withBlockSpan(Duration.ofMinutes(10))
            .withRetention(Duration.ZERO, 0)
            .withOutOfOrderWindow(window)
            .withCheckpoints(Duration.ofHours(1), 20_000);
    return Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void saysWhatTheNaiveStoreSays(long seed) throws IOException {
    var random = new Random(seed);
    var naive = new NaiveStore();
    var newest = new HashMap<Labels, Long>();
    Store store = open();
    long now = BEGIN;
    for (int step = 0; step < 400; step++) {
      now += random.nextInt(20_000);
      send(store, naive, newest, now, random);
      switch (random.nextInt(40)) {
        case 0, 1, 2 -> store.maintenance().maintain();
        case 3 -> store = restarted(store);
        case 4 -> store = afterPowerCut(store, random);
        case 5, 6, 7 -> assertSame(store, naive, now, random);
        default -> {}
      }
    }
    assertThat(store.status().blocks()).isNotEmpty();
    assertSame(store, naive, now, random);
    store.compactNow();
    assertSame(store, naive, now, random);
    store.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void takesSeveralRowsAtOnceAsTheNaiveStoreDoes(long seed) throws IOException {
    var random = new Random(seed);
    var naive = new NaiveStore();
    Store store = open();
    long now = BEGIN;
    for (int step = 0; step < 300; step++) {
      int rows = 1 + random.nextInt(12);
      sendRows(store, naive, now, rows, random);
      now += rows * ROW_MILLIS;
      switch (random.nextInt(20)) {
        case 0 -> store.maintenance().maintain();
        case 1 -> store = restarted(store);
        case 2 -> store = afterPowerCut(store, random);
        case 3, 4 -> assertSame(store, naive, now, random);
        default -> {}
      }
    }
    assertThat(store.status().blocks()).isNotEmpty();
    assertSame(store, naive, now, random);
    store.close();
  }

  private Store restarted(Store store) throws IOException {
    store.close();
    return open();
  }

  private Store afterPowerCut(Store store, Random random) throws IOException {
    var cut = disk.afterPowerCut(random.nextLong());
    store.close();
    disk = cut;
    return open();
  }

  /// Sends rows of several targets, in some of which a sample or a series is not as in the others.
  private static void sendRows(Store store, NaiveStore naive, long begin, int rows, Random random) {
    var real = new SampleBatch();
    var plain = new SampleBatch();
    int targets = 1 + random.nextInt(3);
    boolean odd = random.nextInt(3) == 0;
    for (int t = 0; t < targets; t++) {
      int job = random.nextInt(4);
      int series = 1 + random.nextInt(6);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < series; i++) {
          int number = odd && random.nextInt(30) == 0 ? random.nextInt(6) : i;
          long time = begin + row * ROW_MILLIS;
          if (odd && random.nextInt(30) == 0) {
            time -= random.nextInt(3) * ROW_MILLIS;
          }
          if (odd && random.nextInt(50) == 0) {
            continue;
          }
          Labels labels = Labels.of("__name__", "metric_" + number, "job", "job" + job);
          double value =
              switch (number) {
                case 0 -> 7;
                case 1 -> time;
                case 2 -> random.nextGaussian();
                case 3 -> random.nextInt(10) == 0 ? Staleness.MARKER : random.nextInt(100) / 10.0;
                case 4 -> random.nextInt(3);
                default -> Double.longBitsToDouble(random.nextLong());
              };
          real.add(store.appender().seriesFor(labels, "job" + job), time, value);
          plain.add(naive.seriesFor(labels, ""), time, value);
        }
      }
    }
    assertThat(store.appender().append(real).join()).isEqualTo(naive.append(plain).join());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void takesLateSamplesAsTheNaiveModelDoes(long seed) throws IOException {
    window = Duration.ofMinutes(20);
    var random = new Random(seed);
    var model = new LateModel(window.toMillis());
    Store store = open();
    long now = BEGIN;
    for (int step = 0; step < 300; step++) {
      now += random.nextInt(20_000);
      model.send(store, now, random);
      switch (random.nextInt(40)) {
        case 0, 1, 2 -> store.maintenance().maintain();
        case 3 -> store = restarted(store);
        case 4 -> store = afterPowerCut(store, random);
        case 5, 6, 7 -> assertSame(store, model.naive, now, random);
        case 8 -> {
          if (random.nextInt(4) == 0) {
            store.compactNow();
          }
        }
        default -> {}
      }
    }
    assertSame(store, model.naive, now, random);
    store.compactNow();
    assertThat(store.status().lateSamples()).isZero();
    assertSame(store, model.naive, now, random);
    store.close();
    store = open();
    assertSame(store, model.naive, now, random);
    store.close();
  }

  /// What a store must answer to late samples, and hold afterwards. Where samples are in blocks a
  /// contradiction may or may not be noticed; the later one counts then.
  private static final class LateModel {
    final NaiveStore naive = new NaiveStore();
    final Map<Labels, NavigableMap<Long, Double>> samples = new HashMap<>();
    final long window;
    long newest = Long.MIN_VALUE;

    LateModel(long window) {
      this.window = window;
    }

    void send(Store store, long now, Random random) {
      var batch = new SampleBatch();
      var labelsOf = new ArrayList<Labels>();
      int target = random.nextInt(4);
      boolean lateRow = random.nextInt(5) == 0;
      long rowTime = lateRow ? now - random.nextInt(900_000) : now;
      for (int i = 0; i < 8; i++) {
        Labels labels =
            Labels.of(
                "__name__",
                "metric_" + i % 4,
                "job",
                "job" + target + i / 4,
                "pod",
                i % 3 == 0 ? "pod-%070d".formatted(i) : "");
        var known = samples.computeIfAbsent(labels, absent -> new TreeMap<>());
        long time = target == 3 ? rowTime + random.nextInt(3_000) : rowTime;
        double value = random.nextInt(4) == 0 ? random.nextGaussian() : i;
        if (random.nextInt(12) == 0) {
          time = now - random.nextInt(1_500_000);
        } else if (random.nextInt(12) == 0 && !known.isEmpty()) {
          Map.Entry<Long, Double> again =
              known.floorEntry(Math.max(known.firstKey(), now - random.nextInt(600_000)));
          time = again.getKey();
          value = random.nextBoolean() ? again.getValue() : value;
        }
        batch.add(store.appender().seriesFor(labels, "target" + target), time, value);
        labelsOf.add(labels);
      }
      long floor = store.head().floor();
      WriteResult result = store.appender().append(batch).join();
      var refusals = new HashMap<Integer, WriteResult.Reason>();
      result.refusals().forEach(refusal -> refusals.put(refusal.index(), refusal.reason()));
      for (int i = 0; i < batch.size(); i++) {
        check(labelsOf.get(i), batch.timestampMillis(i), batch.value(i), refusals.get(i), floor);
      }
    }

    private void check(
        Labels labels, long time, double value, WriteResult.@Nullable Reason refusal, long floor) {
      var known = samples.getOrDefault(labels, new TreeMap<>());
      String what = "%s at %d, floor %d, newest %d".formatted(labels, time, floor, newest);
      boolean isNewest = !known.isEmpty() && time == known.lastKey();
      boolean inOrder = time >= floor && (known.isEmpty() || time > known.lastKey());
      Double there = known.get(time);
      boolean same =
          there != null && Double.doubleToRawLongBits(there) == Double.doubleToRawLongBits(value);
      if (!inOrder && time < newest - window) {
        if (!isNewest) {
          assertThat(refusal).as(what).isEqualTo(WriteResult.Reason.TOO_OLD);
        }
        return;
      }
      if (there == null || same) {
        assertThat(refusal).as(what).isNull();
      } else if (time >= floor) {
        assertThat(refusal).as(what).isEqualTo(WriteResult.Reason.DUPLICATE_TIMESTAMP);
      } else if (refusal != null) {
        assertThat(refusal).as(what).isEqualTo(WriteResult.Reason.DUPLICATE_TIMESTAMP);
      }
      if (refusal == null) {
        known.put(time, value);
        naive.put(labels, time, value);
        newest = Math.max(newest, time);
      }
    }
  }

  /// Sends one batch to both, with samples that neither takes and none that only the real one
  /// refuses: those of times whose blocks are cut.
  private static void send(
      Store store, NaiveStore naive, Map<Labels, Long> newest, long now, Random random) {
    var real = new SampleBatch();
    var plain = new SampleBatch();
    int targets = 1 + random.nextInt(3);
    for (int t = 0; t < targets; t++) {
      int family = random.nextInt(6);
      for (int i = 0; i < 5; i++) {
        Labels labels =
            Labels.of(
                "__name__", "metric_" + i, "job", "job" + family, "half", i % 2 == 0 ? "even" : "");
        long time = family == 5 ? now + i * 13L + random.nextInt(50) : now;
        Long last = newest.get(labels);
        if (last != null && random.nextInt(20) == 0) {
          time = last - random.nextInt(3);
        }
        double value =
            switch (random.nextInt(6)) {
              case 0 -> Staleness.MARKER;
              case 1 -> random.nextGaussian();
              case 2 -> now;
              default -> i;
            };
        newest.merge(labels, time, Math::max);
        real.add(store.appender().seriesFor(labels, "job" + family), time, value);
        plain.add(naive.seriesFor(labels, ""), time, value);
      }
    }
    assertThat(store.appender().append(real).join()).isEqualTo(naive.append(plain).join());
  }

  private static void assertSame(Store store, NaiveStore naive, long now, Random random) {
    for (List<Matcher> matchers :
        List.of(
            List.<Matcher>of(),
            List.of(Matcher.equal("job", "job" + random.nextInt(6))),
            List.of(
                new Matcher(Matcher.Type.REGEX, "__name__", "metric_[1-3]"),
                Matcher.equal("half", "")))) {
      long from = BEGIN + random.nextLong(now - BEGIN + 1);
      for (TimeRange range :
          List.of(TimeRange.ALL, new TimeRange(from, from + random.nextInt(3_000_000)))) {
        assertThat(read(store.reader(), matchers, range)).isEqualTo(read(naive, matchers, range));
      }
      assertThat(store.reader().labelNames(matchers, TimeRange.ALL))
          .isEqualTo(naive.labelNames(matchers, TimeRange.ALL));
      assertThat(store.reader().labelValues("__name__", matchers, TimeRange.ALL))
          .isEqualTo(naive.labelValues("__name__", matchers, TimeRange.ALL));
    }
  }

  /// Series in the order they come, each with its samples bit for bit.
  private static List<String> read(Reader reader, List<Matcher> matchers, TimeRange range) {
    var found = new ArrayList<String>();
    var columns = new SampleColumns();
    try (Selection selection = reader.select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        if (columns.size() > 0) {
          var text = new StringBuilder(selection.labels(i).toString());
          for (int k = 0; k < columns.size(); k++) {
            text.append(' ')
                .append(columns.timestamps()[k])
                .append('=')
                .append(Long.toHexString(Double.doubleToRawLongBits(columns.values()[k])));
          }
          found.add(text.toString());
        }
      }
      assertThat(selection.warnings()).isEmpty();
    }
    return found;
  }
}
