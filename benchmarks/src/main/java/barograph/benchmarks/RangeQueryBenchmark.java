package barograph.benchmarks;

import barograph.query.EngineOptions;
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

/// How long does a dashboard's `sum by (job) (rate(m[5m]))` over an hour of 10,000 series take, on
/// one thread?
///
/// Scraped every 15 s, drawn every 15 s: 2.4 million samples read for ten lines of 221 points.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class RangeQueryBenchmark {
  private static final long START = 1_780_000_200_000L;
  private static final long STEP = 15_000;
  private static final int SCRAPES = 241;
  private static final int LOOKED_BACK = 20;
  private static final int JOBS = 10;
  private static final int SERIES_PER_TARGET = 100;
  private static final String QUERY = "sum by (job) (rate(http_requests_total[5m]))";

  /// Where the samples are.
  public enum Place {
    HEAD,
    BLOCK
  }

  @Param("10000")
  int series;

  @Param({"HEAD", "BLOCK"})
  Place place;

  private ScratchFolder folder;
  private Store store;
  private QueryEngine engine;

  @Setup
  public void fillStore() throws IOException {
    folder = ScratchFolder.make();
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(START + SCRAPES * STEP));
    store = Store.open(StoreOptions.in(folder.path()), clock, StoreWatcher.NONE);
    append(references());
    if (place == Place.BLOCK) {
      store.compactNow();
    }
    engine = new QueryEngine(store.reader(), EngineOptions.defaults(), clock);
    check(sumOfRates());
  }

  private int[] references() {
    var refs = new int[series];
    for (int i = 0; i < series; i++) {
      int target = i / SERIES_PER_TARGET;
      String instance = "10.0.%d.%d:8080".formatted(target / 250, target % 250);
      var labels =
          Labels.of(
              Labels.METRIC_NAME,
              "http_requests_total",
              "code",
              i % 4 == 0 ? "500" : "200",
              "handler",
              "/api/v1/resource-" + i % SERIES_PER_TARGET,
              "instance",
              instance,
              "job",
              "job-" + target % JOBS);
      refs[i] = store.appender().seriesFor(labels, instance);
    }
    return refs;
  }

  private void append(int[] refs) {
    var random = new Random(7);
    var counters = new double[series];
    var batch = new SampleBatch(series);
    for (int scrape = 0; scrape < SCRAPES; scrape++) {
      batch.clear();
      for (int i = 0; i < series; i++) {
        // A third of the handlers is idle most of the time.
        counters[i] += i % 3 == 0 ? random.nextInt(20) / 19 : random.nextInt(300);
        batch.add(refs[i], START + scrape * STEP, counters[i]);
      }
      var stored = store.appender().append(batch).join();
      if (stored.accepted() != series) {
        throw new IllegalStateException("refused: " + stored.refusals().getFirst());
      }
    }
  }

  private void check(QueryResult result) {
    int lines = Math.min(JOBS, (series + SERIES_PER_TARGET - 1) / SERIES_PER_TARGET);
    if (!(result.value() instanceof Value.Matrix matrix)
        || matrix.series().size() != lines
        || matrix.series().getFirst().size() != SCRAPES - LOOKED_BACK) {
      throw new IllegalStateException("expected %d full lines: %s".formatted(lines, result));
    }
  }

  @TearDown
  public void close() throws IOException {
    store.close();
    folder.close();
  }

  @Benchmark
  public QueryResult sumOfRates() {
    return engine.range(
        QUERY,
        START + LOOKED_BACK * STEP,
        START + (SCRAPES - 1) * STEP,
        STEP,
        QueryLimits.DEFAULT.computingAnew());
  }
}
