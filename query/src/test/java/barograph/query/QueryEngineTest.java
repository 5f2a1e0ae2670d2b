package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import barograph.query.EngineOptions.Feature;
import barograph.query.QueryException.Kind;
import barograph.query.ast.Functions;
import barograph.query.value.Sample;
import barograph.query.value.Value;
import barograph.storage.ForwardingReader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryEngineTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000);

  private final NaiveStore store = new NaiveStore();
  private final QueryEngine engine = engine(EngineOptions.defaults());

  private QueryEngine engine(EngineOptions options) {
    return new QueryEngine(store, options, InstantSource.fixed(NOW));
  }

  private static QueryException thrownBy(Runnable query) {
    return catchThrowableOfType(QueryException.class, query::run);
  }

  @Test
  void anInstantVectorComesInTheOrderOfTheStoreAtTheTimeOfTheQuery() {
    store.put(Labels.of("__name__", "up", "job", "b"), 1_000, 1);
    store.put(Labels.of("__name__", "up", "job", "a"), 2_000, 0);
    var result = engine.instant("up", 5_000, QueryLimits.DEFAULT);
    assertThat(result.value())
        .isEqualTo(
            new Value.Vector(
                List.of(
                    new Sample(Labels.of("__name__", "up", "job", "a"), 5_000, 0),
                    new Sample(Labels.of("__name__", "up", "job", "b"), 5_000, 1))));
    assertThat(result.stats().samplesRead()).isEqualTo(2);
    assertThat(result.stats().queryableSamples()).isEqualTo(2);
    assertThat(result.stats().peakSamples()).isPositive();
  }

  @Test
  void samplesAreCountedForEachStepThatLooksAtThemAndNotWithinSubqueries() {
    for (int i = 0; i <= 6; i++) {
      store.put(Labels.of("__name__", "m"), 1_000L * i, i);
    }
    var counting = engine(EngineOptions.defaults().with(Feature.PER_STEP_STATS));
    var limits = QueryLimits.DEFAULT.countingSteps();
    assertThat(counting.range("m", 2_000, 4_000, 1_000, limits).stats().queryablePerStep())
        .containsExactly(1L, 1L, 1L);
    var windows = counting.range("sum_over_time(m[3s]) + m @ 1", 1_000, 4_000, 1_000, limits);
    assertThat(windows.stats().queryablePerStep()).containsExactly(3L, 4L, 4L, 4L);
    assertThat(windows.stats().queryableSamples()).isEqualTo(15);
    var subquery = counting.instant("max_over_time(sum_over_time(m[3s])[4s:2s])", 6_000, limits);
    assertThat(subquery.stats().queryablePerStep()).containsExactly(2L);
    assertThat(counting.instant("m", 0, QueryLimits.DEFAULT).stats().queryablePerStep()).isEmpty();
    assertThat(engine.instant("m", 0, limits).stats().queryablePerStep()).isEmpty();
  }

  @Test
  void aRangeOfAScalarIsOneSeriesWithoutLabels() {
    var value = engine.range("time()", 1_000, 3_000, 1_000, QueryLimits.DEFAULT).value();
    assertThat(value)
        .isInstanceOfSatisfying(
            Value.Matrix.class,
            matrix ->
                assertThat(matrix.series()).hasToString("[{} => 1 @[1000] 2 @[2000] 3 @[3000]]"));
  }

  @Test
  void lookbackIsWhatTheQueryAsksFor() {
    store.put(Labels.of("__name__", "up"), 0, 1);
    var limits = QueryLimits.DEFAULT.withLookback(Duration.ofSeconds(10));
    assertThat(engine.instant("count(up)", 9_999, limits).value())
        .isEqualTo(new Value.Vector(List.of(new Sample(Labels.EMPTY, 9_999, 1))));
    assertThat(engine.instant("count(up)", 10_000, limits).value())
        .isEqualTo(new Value.Vector(List.of()));
  }

  @Test
  void whatIsNoQueryIsTheAskersFault() {
    var thrown = thrownBy(() -> engine.instant("sum(", 0, QueryLimits.DEFAULT));
    assertThat(thrown.kind()).isEqualTo(Kind.BAD_QUERY);
    assertThat(thrown).hasMessageContaining("parse error");
    assertThat(thrownBy(() -> engine.range("up[1m]", 0, 1, 1, QueryLimits.DEFAULT)))
        .hasMessage(
            "invalid expression type \"range vector\" for range query, must be Scalar or instant"
                + " Vector");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "max_over_time(max_over_time(vector(1)[1y:1s])[1y:1s])",
        "sum_over_time(vector(1)[100y:1ms])",
        "count_over_time(count_over_time(count_over_time(vector(1)[1h:1ms])[10h:1ms])[10d:1ms])",
      })
  void aSubqueryThatWouldHoldTooMuchIsRefusedBeforeItDoes(String bomb) {
    var thrown = thrownBy(() -> engine.instant(bomb, 0, QueryLimits.DEFAULT));
    assertThat(thrown.kind()).isEqualTo(Kind.TOO_MANY_SAMPLES);
  }

  @Test
  void aRangeOfMoreStepsThanAQueryMayHoldIsRefusedBeforeAnythingIsMade() {
    var thrown =
        thrownBy(() ->
            engine.range("vector(1)", Long.MIN_VALUE, Long.MAX_VALUE, 1, QueryLimits.DEFAULT));
    assertThat(thrown.kind()).isEqualTo(Kind.TOO_MANY_SAMPLES);
    assertThat(thrown).hasMessageContaining("18446744073709551615 steps");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "sum_over_time(sum_over_time(vector(1)[10d:1s])[10d:1s])",
        "max_over_time(stddev_over_time(vector(time())[10d:1s])[10d:1s])",
        "quantile_over_time(0.5, deriv(vector(time())[1d:1s])[1d:1s])",
      })
  void aQueryPastItsTimeStopsInsideItsLoops(String bomb) {
    var limits = QueryLimits.DEFAULT.withTimeout(Duration.ofMillis(1));
    var thrown = thrownBy(() -> engine.instant(bomb, 0, limits));
    assertThat(thrown.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(thrown).hasMessage("query timed out in expression evaluation");
  }

  @Test
  void anAnswerThatIsStillBeingSentKeepsItsMemoryFromOthers() {
    var small =
        new QueryEngine(
            store, EngineOptions.defaults().withMaxBytes(3 << 20), InstantSource.fixed(NOW));
    Runnable sent = small.keep(2 << 20);
    var thrown = thrownBy(() -> small.keep(2 << 20));
    assertThat(thrown.kind()).isEqualTo(Kind.TOO_MANY_SAMPLES);
    sent.run();
    sent.run();
    small.keep(3_000_000).run();
  }

  @Test
  void anExplanationTellsWhatEachOperatorHasYieldedAndRead() {
    for (int i = 0; i < 6; i++) {
      var labels = Labels.of("__name__", "m", "job", i < 4 ? "a" : "b", "i", "" + i);
      store.put(labels, 0, 0).put(labels, 60_000, 60);
    }
    var query = engine.prepare("sum by (job) (rate(m[2m])) * 2");
    var explained = engine.explain(query, 60_000, 120_000, 60_000, QueryLimits.DEFAULT);
    assertThat(explained.stats().series()).isEqualTo(6);
    var times = explained.operators().getFirst();
    assertThat(times.name() + " " + times.detail()).isEqualTo("with scalar *");
    var sum = times.inner().getFirst();
    assertThat(sum.name() + " " + sum.detail()).isEqualTo("aggregate sum by (job)");
    assertThat(sum.series()).isEqualTo(2);
    var rate = sum.inner().getFirst();
    assertThat(rate.detail()).isEqualTo("rate of 120000 ms of {__name__=\"m\"}");
    assertThat(rate.series()).isEqualTo(6);
    assertThat(rate.points()).isEqualTo(6);
    assertThat(rate.samples()).isEqualTo(12);
    assertThat(rate.inner()).isEmpty();
  }

  @Test
  void aCancelledQueryStopsAndIsNoLongerActive() {
    var query = engine.prepare("sum_over_time(sum_over_time(vector(1)[10d:1s])[10d:1s])");
    var seen = new ArrayList<ActiveQuery>();
    var thrown =
        thrownBy(() ->
            engine.instant(
                query,
                0,
                QueryLimits.DEFAULT,
                started -> {
                  seen.addAll(engine.active());
                  assertThat(engine.cancel(started.id())).isTrue();
                },
                (answer, memory) -> answer));
    assertThat(thrown.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().text()).isEqualTo(query.text());
    assertThat(seen.getFirst().startedAt()).isEqualTo(NOW);
    assertThat(engine.cancel(seen.getFirst().id())).isFalse();
    assertThat(engine.active()).isEmpty();
  }

  @Test
  void aQueryStopsInTheMiddleOfALongLabelUnderAnExpression() {
    store.put(Labels.of("__name__", "m", "l", "a".repeat(100_000)), 0, 1);
    var query = engine.prepare("label_replace(m, \"d\", \"$1\", \"l\", \"(a|b|c[d-f]){500}.*\")");
    var thrown =
        thrownBy(() ->
            engine.instant(
                query, 0, QueryLimits.DEFAULT, ActiveQuery::cancel, (answer, memory) -> answer));
    assertThat(thrown.kind()).isEqualTo(Kind.CANCELLED);
  }

  @Test
  void queriesTogetherHoldNoMoreMemoryThanTheEngineHasAndGiveItBack() {
    var small = engine(EngineOptions.defaults().withMaxBytes(4 << 20));
    var big = "count_over_time(vector(1)[1w:1s])";
    var modest = "count_over_time(vector(1)[1h:1s])";
    assertThat(thrownBy(() -> small.instant(big, 0, QueryLimits.DEFAULT)).kind())
        .isEqualTo(Kind.TOO_MANY_SAMPLES);
    for (int i = 0; i < 20; i++) {
      assertThat(small.instant(modest, 0, QueryLimits.DEFAULT).value())
          .isEqualTo(new Value.Vector(List.of(new Sample(Labels.EMPTY, 0, 3600))));
    }
  }

  @Test
  void aLimitOfAQueryIsNeverWiderThanTheEngines() {
    var small = engine(EngineOptions.defaults().withMaxSamples(10));
    var wide = QueryLimits.DEFAULT.withMaxSamples(1_000_000);
    assertThat(thrownBy(() -> small.range("vector(1)", 0, 100_000, 1_000, wide)).kind())
        .isEqualTo(Kind.TOO_MANY_SAMPLES);
  }

  @Test
  void aSumOfManySeriesHoldsItsGroupsAndNotItsSeries() {
    for (int i = 0; i < 5_000; i++) {
      var labels =
          Labels.of("__name__", "m_total", "i", Integer.toString(i), "g", Integer.toString(i % 3));
      store.put(labels, 0, 0).put(labels, 60_000, 60);
    }
    var limits = QueryLimits.DEFAULT.withMaxSamples(1_000);
    var result = engine.range("sum by (g) (rate(m_total[5m]))", 60_000, 120_000, 1_000, limits);
    assertThat(result.value())
        .isInstanceOfSatisfying(
            Value.Matrix.class, matrix -> assertThat(matrix.series()).hasSize(3));
    assertThat(result.stats().samplesRead()).isEqualTo(10_000);
  }

  @Test
  void aLongChainOfOperatorsIsAnsweredOrRefusedButNeverCrashes() {
    store.put(Labels.of("__name__", "m"), 0, 1);
    var chain = "m" + " + m".repeat(5_000);
    try {
      assertThat(engine.instant(chain, 0, QueryLimits.DEFAULT).value())
          .isEqualTo(new Value.Vector(List.of(new Sample(Labels.EMPTY, 0, 5_001))));
    } catch (QueryException e) {
      assertThat(e).hasMessageContaining("nested too deeply");
    }
  }

  @Test
  void everyFunctionOfTheLanguageIsEvaluated() {
    store.put(Labels.of("__name__", "m"), 0, 1).put(Labels.of("__name__", "m"), 60_000, 2);
    var experimental =
        engine(EngineOptions.defaults().with(EngineOptions.Feature.EXPERIMENTAL_FUNCTIONS));
    for (var function : Functions.all()) {
      var arguments =
          function.arguments().subList(0, function.minArguments()).stream()
              .map(type ->
                  switch (type) {
                    case INSTANT_VECTOR -> "m";
                    case RANGE_VECTOR -> "m[5m]";
                    case SCALAR -> "0.5";
                    case STRING -> "\"a\"";
                  })
              .toList();
      String query = "%s(%s)".formatted(function.name(), String.join(", ", arguments));
      assertThat(experimental.instant(query, 60_000, QueryLimits.DEFAULT).value())
          .as(query)
          .isNotNull();
    }
  }

  @Test
  void aBriefQueryThatIsMoreThanAMomentsWorkIsGivenUpAndCountedNowhere() {
    store.put(Labels.of("__name__", "m"), 0, 1);
    var query = engine.prepare("sum_over_time((m + vector(1))[10d:1s])");
    var brief = QueryLimits.DEFAULT.briefly();
    var thrown = thrownBy(() -> range(query, brief));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_BRIEF);
    assertThat(engine.active()).isEmpty();
    assertThat(engine.cacheMisses()).isZero();
    assertThat(range(query, QueryLimits.DEFAULT).value()).isInstanceOf(Value.Matrix.class);
    assertThat(engine.cacheMisses()).isOne();
  }

  private QueryResult range(PreparedQuery query, QueryLimits limits) {
    return engine.range(query, 0, 1_000, 1_000, limits, started -> {}, (result, memory) -> result);
  }

  @Test
  void aBriefQueryThatWouldAskOtherServersIsGivenUpBeforeItDoes() {
    var asksOthers =
        new ForwardingReader(store) {
          @Override
          public boolean asksOthers() {
            return true;
          }

          @Override
          public Selection select(
              List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
            throw new AssertionError("asked for " + matchers);
          }
        };
    var engine = new QueryEngine(asksOthers, EngineOptions.defaults());
    var brief = QueryLimits.DEFAULT.briefly();
    assertThat(thrownBy(() -> engine.instant("m", 0, brief)).kind()).isEqualTo(Kind.NOT_BRIEF);
    assertThat(thrownBy(() -> engine.within("all", brief, memory -> "all")).kind())
        .isEqualTo(Kind.NOT_BRIEF);
  }
}
