package barograph.benchmarks;

import barograph.query.EngineOptions;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.QueryResult;
import barograph.query.value.Value;
import barograph.storage.ForwardingReader;
import barograph.storage.Reader;
import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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

/// How long does a function over a week of samples take, when blocks tell what they know of their
/// chunks, and when every chunk is decoded?
///
/// Scraped every 15 s: 40,320 samples a series, in merged blocks.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LongWindowBenchmark {
  private static final long START = 1_780_000_200_000L;
  private static final long STEP = 15_000;
  private static final int SERIES_PER_TARGET = 100;

  @Param("200")
  int series;

  @Param("40320")
  int scrapes;

  @Param({"max_over_time", "count_over_time", "increase"})
  String function;

  /// Whether what blocks know of their chunks is used.
  @Param({"true", "false"})
  boolean statistics;

  private ScratchFolder folder;
  private Store store;
  private QueryEngine engine;

  @Setup
  public void fillStore() throws IOException {
    folder = ScratchFolder.make();
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(START + scrapes * STEP));
    var options = StoreOptions.in(folder.path()).withDurability(StoreOptions.Durability.ASYNC);
    store = Store.open(options, clock, StoreWatcher.NONE);
    append();
    store.compactNow();
    Reader reader = store.reader();
    engine =
        new QueryEngine(
            statistics ? reader : new DecodingReader(reader), EngineOptions.defaults(), clock);
    if (!(overAWeek().value() instanceof Value.Vector vector)
        || vector.samples().size() != series) {
      throw new IllegalStateException("expected %d series".formatted(series));
    }
  }

  /// Half of them counters, half of them gauges.
  private void append() {
    var refs = new int[series];
    for (int i = 0; i < series; i++) {
      String instance = "10.0.0.%d:8080".formatted(i / SERIES_PER_TARGET);
      var labels =
          Labels.of(Labels.METRIC_NAME, "m_total", "instance", instance, "i", Integer.toString(i));
      refs[i] = store.appender().seriesFor(labels, instance);
    }
    var random = new Random(7);
    var values = new double[series];
    var batch = new SampleBatch(series);
    for (int scrape = 0; scrape < scrapes; scrape++) {
      batch.clear();
      for (int i = 0; i < series; i++) {
        values[i] = i % 2 == 0 ? values[i] + random.nextInt(300) : random.nextInt(1000) / 10.0;
        batch.add(refs[i], START + scrape * STEP, values[i]);
      }
      var stored = store.appender().append(batch).join();
      if (stored.accepted() != series) {
        throw new IllegalStateException("refused: " + stored.refusals().getFirst());
      }
    }
  }

  @TearDown
  public void close() throws IOException {
    store.close();
    folder.close();
  }

  @Benchmark
  public QueryResult overAWeek() {
    return engine.instant(
        "%s(m_total[%ds])".formatted(function, Duration.ofMillis(scrapes * STEP).toSeconds()),
        START + (scrapes - 1) * STEP,
        QueryLimits.DEFAULT.computingAnew());
  }

  /// Gives every sample, as a store that knows nothing of its chunks would.
  private static final class DecodingReader extends ForwardingReader {
    private DecodingReader(Reader reader) {
      super(reader);
    }

    @Override
    public Selection select(
        List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
      return new DecodingSelection(super.select(matchers, range, order, allowance));
    }
  }

  private record DecodingSelection(Selection selection) implements Selection {
    @Override
    public int size() {
      return selection.size();
    }

    @Override
    public Labels labels(int series) {
      return selection.labels(series);
    }

    @Override
    public void read(int series, TimeRange range, SampleColumns into) {
      selection.read(series, range, into);
    }

    @Override
    public List<String> warnings() {
      return selection.warnings();
    }

    @Override
    public void close() {
      selection.close();
    }
  }
}
