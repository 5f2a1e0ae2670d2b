package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each of these queries gives cause to the same words at several places. The `^` is where
/// Prometheus 3.5.3 says that they belong.
class AnnotationPlacesTest {
  private static final long NOW = 3_600_000;

  private final NaiveStore store = new NaiveStore();
  private final QueryEngine engine =
      new QueryEngine(
          store, EngineOptions.defaults(), InstantSource.fixed(Instant.ofEpochMilli(NOW)));

  @BeforeEach
  void fill() {
    for (int i = 0; i <= 60; i++) {
      store.put(Labels.of("__name__", "m", "job", "a"), i * 60_000L, i);
      store.put(Labels.of("__name__", "m", "job", "b"), i * 60_000L, 2 * i);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "rate(m[5m]) + rate(^m[2m])",
        "rate(m[5m]) or rate(^m[2m])",
        "rate(m[5m]) unless rate(^m[2m])",
        "sum(rate(m[5m])) / (sum(rate(m[4m])) + sum(rate(^m[2m])))",
        "clamp(rate(m[5m]), 0, scalar(sum(rate(^m[2m]))))",
        "topk(scalar(count(rate(m[5m]))), rate(^m[2m]))",
      })
  void theRightmostOfSeveralOperandsIsTold(String marked) {
    assertNotes(marked, "PromQL info: metric might not be a counter");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "quantile(^1.2, quantile by (job) (1.2, m))",
        "quantile(1.2, m) + quantile(^1.2, m)",
        "quantile_over_time(^1.2, quantile_over_time(1.2, m[5m])[5m:1m])",
        "quantile(^1.2, quantile_over_time(1.2, m[5m])) or quantile_over_time(0.5, m[1m])",
      })
  void anOperatorIsToldBeforeItsOperands(String marked) {
    assertNotes(marked, "PromQL warning: quantile value should be between 0 and 1, got 1.2");
  }

  private void assertNotes(String marked, String words) {
    String query = marked.replace("^", "");
    String place = "(1:%d)".formatted(marked.indexOf('^') + 1);
    var results = new ArrayList<QueryResult>();
    results.add(engine.instant(query, NOW, QueryLimits.DEFAULT));
    results.add(engine.range(query, NOW / 2, NOW, 60_000, QueryLimits.DEFAULT));
    for (var result : results) {
      var notes = new ArrayList<>(result.warnings());
      notes.addAll(result.infos());
      assertThat(notes)
          .singleElement()
          .satisfies(note -> assertThat(note).startsWith(words).endsWith(place));
    }
  }
}
