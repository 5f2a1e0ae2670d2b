package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import barograph.query.QueryException.Kind;
import barograph.query.value.Value;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BorrowedThreadsTest {
  private static final long END = 600_000;
  private static final String[] QUERIES = {
    "rate(m_total[1m])",
    "sum by (g) (rate(m_total[1m]))",
    "m_total",
    "stddev by (g) (m_total)",
    "topk by (g) (3, avg_over_time(m_total[2m]))",
    "quantile_over_time(0.9, m_total[5m]) > 10",
    "max_over_time(rate(m_total[1m])[5m:30s])",
  };

  private static NaiveStore store(long seed) {
    var random = new Random(seed);
    var store = new NaiveStore();
    for (int i = 0; i < 300; i++) {
      var labels =
          Labels.of("__name__", "m_total", "i", Integer.toString(i), "g", Integer.toString(i % 7));
      double value = 0;
      for (long t = random.nextInt(15_000); t <= END; t += 15_000) {
        value = random.nextInt(30) == 0 ? 0 : value + random.nextDouble();
        if (random.nextInt(10) > 0) {
          store.put(labels, t, value);
        }
      }
    }
    return store;
  }

  private static String matrix(QueryEngine engine, String query) {
    var value = engine.range(query, 0, END, 20_000, QueryLimits.DEFAULT).value();
    return value instanceof Value.Matrix(var series) ? series.toString() : "no matrix";
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void anAnswerIsTheSameToTheLastBitHoweverManyThreadsWorkOnIt(long seed) {
    var store = store(seed);
    var alone = new QueryEngine(store, EngineOptions.defaults());
    try (var pool = Executors.newFixedThreadPool(3)) {
      var together =
          new QueryEngine(store, EngineOptions.defaults(), InstantSource.system(), pool, 3);
      for (String query : QUERIES) {
        assertThat(matrix(together, query)).as(query).isEqualTo(matrix(alone, query));
      }
    }
  }

  @Test
  void aPoolThatRefusesCostsNothingButTime() {
    var store = store(3);
    var refused =
        new QueryEngine(
            store,
            EngineOptions.defaults(),
            InstantSource.system(),
            work -> {
              throw new RejectedExecutionException("full");
            },
            2);
    var alone = new QueryEngine(store, EngineOptions.defaults());
    assertThat(matrix(refused, QUERIES[1])).isEqualTo(matrix(alone, QUERIES[1]));
  }

  @Test
  void whatStopsAHelperStopsTheQuery() {
    try (var pool = Executors.newFixedThreadPool(2)) {
      var engine =
          new QueryEngine(
              store(4),
              EngineOptions.defaults().with(EngineOptions.Feature.EXPERIMENTAL_FUNCTIONS),
              InstantSource.system(),
              pool,
              2);
      var thrown =
          catchThrowableOfType(
              QueryException.class,
              () -> matrix(engine, "double_exponential_smoothing(m_total[5m], 2, 0.5)"));
      assertThat(thrown.kind()).isEqualTo(Kind.EXECUTION);
      assertThat(thrown).hasMessageStartingWith("invalid smoothing factor");
    }
  }

  @Test
  void aBriefQueryBorrowsNone() {
    var store = store(4);
    var engine =
        new QueryEngine(
            store,
            EngineOptions.defaults(),
            InstantSource.system(),
            work -> {
              throw new AssertionError("a thread is borrowed");
            },
            2);
    for (String query : QUERIES) {
      try {
        var _ = engine.instant(query, END, QueryLimits.DEFAULT.briefly());
      } catch (QueryException e) {
        assertThat(e.kind()).as("a slow machine has to give it up").isEqualTo(Kind.NOT_BRIEF);
      }
    }
  }
}
