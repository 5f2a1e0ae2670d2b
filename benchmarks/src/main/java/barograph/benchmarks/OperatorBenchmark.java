package barograph.benchmarks;

import barograph.query.EngineOptions;
import barograph.query.PreparedQuery;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.QueryResult;
import barograph.query.value.Value;
import barograph.storage.SampleBatch;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does each kind of operator cost over an hour of 1,200 series, and does it allocate for
/// samples?
///
/// Drawn every minute. What one query allocates must not depend on how many samples each series has
/// (`samples`), only on series and steps. One thread; the samples are in a block.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class OperatorBenchmark {
  private static final long START = 1_780_000_200_000L;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int PODS = 100;
  private static final int BOUNDS = 12;

  /// What is asked.
  public enum Ask {
    RATE("rate(c_total[5m])"),
    AVG_OVER_TIME("avg_over_time(c_total[5m])"),
    MAX_OVER_TIME("max_over_time(c_total[5m])"),
    QUANTILE_OVER_TIME("quantile_over_time(0.9, c_total[5m])"),
    CHANGES("changes(c_total[5m])"),
    DERIV("deriv(c_total[5m])"),
    SUM_BY("sum by (job) (c_total)"),
    STDDEV("stddev(c_total)"),
    QUANTILE("quantile(0.9, c_total)"),
    TOPK("topk(5, c_total)"),
    ONE_TO_ONE("c_total / c_total"),
    MANY_TO_ONE("c_total / on (pod) group_left () sum by (pod) (c_total)"),
    COMPARED("c_total > 1000"),
    HISTOGRAM_QUANTILE("histogram_quantile(0.9, c_total)");

    private final String query;

    Ask(String query) {
      this.query = query;
    }
  }

  @Param Ask ask;

  /// Of each series in the hour.
  @Param({"240", "960"})
  int samples;

  private ScratchFolder folder;
  private Store store;
  private QueryEngine engine;
  private PreparedQuery query;

  @Setup
  public void fillStore() throws IOException {
    folder = ScratchFolder.make();
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(START + HOUR_MILLIS));
    store = Store.open(StoreOptions.in(folder.path()), clock, StoreWatcher.NONE);
    append(references());
    store.compactNow();
    engine = new QueryEngine(store.reader(), EngineOptions.defaults(), clock);
    query = engine.prepare(ask.query);
    if (!(answer().value() instanceof Value.Matrix(var series)) || series.isEmpty()) {
      throw new IllegalStateException(ask.query + " has no answer");
    }
  }

  /// Buckets of one histogram a pod.
  private int[] references() {
    var refs = new int[PODS * BOUNDS];
    for (int i = 0; i < refs.length; i++) {
      int pod = i / BOUNDS;
      int bound = i % BOUNDS;
      var labels =
          Labels.of(
              Labels.METRIC_NAME,
              "c_total",
              "job",
              "job-" + pod % 8,
              "le",
              bound == BOUNDS - 1 ? "+Inf" : "" + (1 << bound),
              "pod",
              "pod-" + pod);
      refs[i] = store.appender().seriesFor(labels, "pod-" + pod);
    }
    return refs;
  }

  private void append(int[] refs) {
    var random = new Random(11);
    var counters = new double[refs.length];
    var batch = new SampleBatch(refs.length);
    for (int row = 0; row < samples; row++) {
      batch.clear();
      for (int i = 0; i < refs.length; i++) {
        // Buckets hold what those below them hold.
        counters[i] += random.nextInt(5) + (i % BOUNDS == 0 ? 0 : 5 * (i % BOUNDS));
        batch.add(refs[i], START + row * HOUR_MILLIS / samples, counters[i]);
      }
      if (!store.appender().append(batch).join().complete()) {
        throw new IllegalStateException("samples were refused");
      }
    }
  }

  @TearDown
  public void close() throws IOException {
    store.close();
    folder.close();
  }

  @Benchmark
  public QueryResult answer() {
    return engine.range(
        query,
        START + 360_000,
        START + HOUR_MILLIS - 60_000,
        60_000,
        QueryLimits.DEFAULT.computingAnew(),
        started -> {},
        (result, memory) -> result);
  }
}
