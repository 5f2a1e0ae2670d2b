package barograph.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import barograph.query.ast.Features;
import barograph.query.exec.EvaluationException.Kind;
import barograph.query.parse.QueryParser;
import barograph.query.plan.Planner;
import barograph.query.plan.QueryWindow;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No operator goes on for long without a look at the clock.
///
/// The clock here is one that stands still and counts who looks at it: how often is how long a
/// query may overrun its deadline, whatever the machine.
class DeadlineTest {
  private static final int SERIES = 110_000;
  private static final long AT = 60_000;
  private static final NaiveStore STORE = new NaiveStore();

  @BeforeAll
  static void fill() {
    for (int i = 0; i < SERIES; i++) {
      var labels = Labels.of("__name__", "a", "i", Integer.toString(i), "le", "" + i % 10);
      STORE.put(labels, AT, (double) (i * 7919L % SERIES));
    }
  }

  /// Stands still until the `over`th look, at which all time is over.
  private static final class Clock {
    private final long over;
    private long looks = -1;

    private Clock(long over) {
      this.over = over;
    }

    private long nanos() {
      looks++;
      return looks < over ? 0 : Long.MAX_VALUE;
    }
  }

  private static void run(String query, Clock clock) {
    var pool = new MemoryPool(1L << 32, Heap.ENDLESS);
    var plan =
        new Planner(QueryWindow.instant(AT), 60_000, false)
            .plan(QueryParser.parse(query, new Features(true, false, false)));
    try (var budget =
            new Budget(100_000_000, 1L << 32, 1_000, clock::nanos, () -> false, pool, null);
        var evaluator =
            new Evaluator(
                STORE,
                SeriesOrder.LABELS,
                budget,
                new Notes(),
                Helpers.NONE,
                300_000,
                false,
                false,
                null,
                0)) {
      var _ = evaluator.instant(plan, AT);
    }
  }

  private static long looks(String query) {
    var clock = new Clock(Long.MAX_VALUE);
    run(query, clock);
    return clock.looks;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a * on (i) a | 2",
        "a and on (i) a | 2",
        "a unless on (i) a | 2",
        "a > 10 | 1",
        "-a | 1",
        "abs(a) | 1",
        "clamp(a, 1, 2) | 1",
        "round(a) | 1",
        "sum by (i) (a) | 1",
        "quantile(0.5, a) | 1",
        "topk by (le) (10, a) | 1",
        "limitk(10, a) | 1",
        "count_values('v', a) | 1",
        "histogram_quantile(0.9, a) | 1",
        "sort(a) | 1",
        "sort_by_label(a, 'i') | 1",
        "label_replace(a, 'x', '$1', 'i', '(.*)') | 1",
        "label_join(a, 'x', '-', 'i', 'le') | 1",
        "absent(a) | 1",
        "timestamp(-a) | 1",
        "max_over_time(a[5m:1m]) | 1",
        "avg_over_time(a[5m]) | 1",
      })
  void anOperatorLooksAtTheClockForItsOwnWorkToo(String query, int selectors) {
    assertThat(looks(query)).isGreaterThan(selectors * looks("a"));
  }

  @Test
  void aQueryEndsAtWhicheverLookItsTimeIsOver() {
    String query = "sort(label_replace(a * on (i) a, 'x', '$1', 'i', '(.*)'))";
    long all = looks(query);
    for (long over = 1; over <= all; over += 1 + all / 7) {
      var clock = new Clock(over);
      var thrown = catchThrowableOfType(EvaluationException.class, () -> run(query, clock));
      assertThat(thrown).as("after %d of %d looks", over, all).isNotNull();
      assertThat(thrown.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(clock.looks).isEqualTo(over);
    }
  }
}
