package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.Reader;
import barograph.storage.SampleBatch;
import barograph.storage.SteppedStore;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows that hold whole chunks are answered from what blocks tell of these, and nobody can tell:
/// the naive store, whose samples are all looked at, has the same answers.
class LongWindowsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long STEP = 4_000;
  private static final int ROWS = 5_000;
  private static final long BEGIN = NOW.toEpochMilli() - ROWS * STEP;
  private static final int SERIES = 14;

  private final NaiveStore naive = new NaiveStore();
  private final QueryEngine plain = engine(naive);

  private static QueryEngine engine(Reader reader) {
    return new QueryEngine(reader, EngineOptions.defaults(), InstantSource.fixed(NOW));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void areAnsweredAsIfEverySampleWereRead(long seed) throws IOException {
    var random = new Random(seed);
    var options =
        StoreOptions.in(Path.of("/data"))
            .withBlockSpan(Duration.ofHours(2))
            .withRetention(Duration.ZERO, 0)
            .withOutOfOrderWindow(Duration.ofHours(12));
    try (var stepped =
        SteppedStore.open(
            options, new SimulatedDisk(), InstantSource.fixed(NOW), StoreWatcher.NONE)) {
      Store store = stepped.store();
      var thinned = engine(store.reader());
      fill(stepped, random);
      assertThat(ask(thinned, random)).as("samples that were left out").isPositive();

      late(store, random);
      ask(thinned, random);
      stepped.maintain();
      ask(thinned, random);
      store.compactNow();
      assertThat(ask(thinned, random)).as("samples that were left out").isPositive();

      long from = BEGIN + random.nextLong(ROWS * STEP);
      var lost = new TimeRange(from, from + random.nextInt(3_600_000));
      var victims = List.of(List.of(new Matcher(Matcher.Type.REGEX, "i", "[0-4]")));
      store.delete(victims, lost);
      naive.delete(victims, lost);
      assertThat(ask(thinned, random)).as("samples that were left out").isPositive();
      store.compactNow();
      ask(thinned, random);
    }
  }

  private void fill(SteppedStore stepped, Random random) throws IOException {
    Store store = stepped.store();
    var values = new double[SERIES];
    for (int row = 0; row < ROWS; row++) {
      var batch = new SampleBatch();
      long time = BEGIN + row * STEP;
      for (int i = 0; i < SERIES; i++) {
        if ((i == 3 && row < ROWS / 3) || (i == 4 && random.nextInt(40) == 0)) {
          continue;
        }
        values[i] = next(i, row, values[i], random);
        batch.add(store.appender().seriesFor(labels(i), "t"), time, values[i]);
        naive.put(labels(i), time, values[i]);
      }
      assertThat(store.appender().append(batch).join().refusals()).isEmpty();
      if (row % 1_000 == 999) {
        stepped.maintain();
      }
    }
  }

  private static Labels labels(int i) {
    return Labels.of("__name__", "m_total", "i", Integer.toString(i));
  }

  /// Every series has a way of its own to be awkward.
  private static double next(int series, int row, double before, Random random) {
    return switch (series) {
      case 0, 3, 4 -> before + random.nextInt(10);
      case 1 -> random.nextInt(1_500) == 0 ? random.nextInt(3) : before + random.nextInt(100);
      case 2 -> random.nextInt(100) / 10.0;
      case 5 -> random.nextGaussian();
      case 6 -> random.nextInt(900) == 0 ? Staleness.MARKER : 7.5;
      case 7 -> random.nextInt(900) == 0 ? Double.NaN : random.nextInt(50) - 25;
      case 8 -> random.nextBoolean() ? 0.0 : -0.0;
      case 9 -> 42;
      case 10 -> row < ROWS / 2 ? Double.NaN : Double.POSITIVE_INFINITY;
      case 11 -> before + random.nextDouble();
      case 12 -> Math.floor(row / 2_000.0);
      default -> -row / 3.0;
    };
  }

  private void late(Store store, Random random) {
    for (int k = 0; k < 30; k++) {
      int i = random.nextInt(SERIES);
      long time = BEGIN + random.nextLong(ROWS * STEP);
      double value = random.nextInt(200) - 100;
      var batch = new SampleBatch();
      batch.add(store.appender().seriesFor(labels(i), "t"), time, value);
      if (store.appender().append(batch).join().refusals().isEmpty()) {
        naive.put(labels(i), time, value);
      }
    }
  }

  /// Asks both many things and says how many samples the store has left out.
  private long ask(QueryEngine thinned, Random random) {
    long leftOut = 0;
    for (String function :
        List.of(
            "min_over_time",
            "max_over_time",
            "first_over_time",
            "last_over_time",
            "present_over_time",
            "count_over_time",
            "delta",
            "increase",
            "rate",
            "resets",
            "changes",
            "sum_over_time",
            "idelta")) {
      String window = (1 + random.nextInt(20_000)) + "s";
      String shift = random.nextInt(3) == 0 ? " offset " + random.nextInt(5_000) + "s" : "";
      shift +=
          random.nextInt(5) == 0 ? " @ " + (NOW.toEpochMilli() / 1000 - random.nextInt(9_000)) : "";
      String query = "%s(m_total[%s]%s)".formatted(function, window, shift);
      long end = NOW.toEpochMilli() - random.nextInt(3_000_000);
      long step = 1 + random.nextLong(9_000_000);
      long start = end - random.nextInt(4) * step;
      var expected = plain.range(query, start, end, step, QueryLimits.DEFAULT);
      var found = thinned.range(query, start, end, step, QueryLimits.DEFAULT);
      assertThat(found.value().toString())
          .as("%s from %d to %d every %d", query, start, end, step)
          .isEqualTo(expected.value().toString());
      leftOut += expected.stats().samplesRead() - found.stats().samplesRead();
    }
    return leftOut;
  }
}
