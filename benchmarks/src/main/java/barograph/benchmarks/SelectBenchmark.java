package barograph.benchmarks;

import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
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

/// What does it cost to select one series in fifty of a million, ready to be read in label order?
///
/// Machines with five hundred series each, ten of them of one metric; a series has nine labels.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SelectBenchmark {
  private static final int PER_MACHINE = 500;
  private static final int METRICS = 50;

  @Param("1000000")
  int series;

  /// Where the series are.
  @Param({"head", "block", "both"})
  String in;

  private ScratchFolder folder;
  private Store store;

  private static String metric(int number) {
    return "fleet_metric_%02d_total".formatted(number);
  }

  @Setup
  public void fillStore() throws IOException {
    folder = ScratchFolder.make();
    store = Store.open(StoreOptions.in(folder.path()), InstantSource.system(), StoreWatcher.NONE);
    long now = System.currentTimeMillis();
    if (!in.equals("head")) {
      append(now - 60_000);
      store.compactNow();
    }
    if (!in.equals("block")) {
      append(now);
    }
    try (Selection selection = select()) {
      if (selection.size() != series / METRICS) {
        throw new IllegalStateException("%d series are found".formatted(selection.size()));
      }
    }
  }

  private void append(long time) {
    var batch = new SampleBatch();
    for (int i = 0; i < series; i++) {
      int machine = i / PER_MACHINE;
      int own = i % PER_MACHINE;
      String instance = "10.3.%d.%d:9100".formatted(machine >> 8, machine & 255);
      Labels labels =
          Labels.of(
              Labels.METRIC_NAME,
              metric(own % METRICS),
              "cluster",
              "prod-eu-" + machine % 3,
              "code",
              "" + (200 + own / METRICS),
              "instance",
              instance,
              "job",
              "job-%02d".formatted(machine % 20),
              "namespace",
              "space-" + machine % 12,
              "pod",
              "api-%08x".formatted(machine * 2654435761L & 0xffffffffL),
              "version",
              "1.2." + machine % 5,
              "zone",
              "zone-" + machine % 7);
      batch.add(store.appender().seriesFor(labels, instance), time, i);
      if (own == PER_MACHINE - 1 || i == series - 1) {
        var result = store.appender().append(batch).join();
        if (result.accepted() != batch.size()) {
          throw new IllegalStateException("refused: " + result.refusals());
        }
        batch.clear();
      }
    }
  }

  private Selection select() {
    return store
        .reader()
        .select(
            List.of(Matcher.equal(Labels.METRIC_NAME, metric(17))),
            TimeRange.ALL,
            SeriesOrder.FIRST_COME,
            Allowance.UNLIMITED);
  }

  @TearDown
  public void close() throws IOException {
    store.close();
    folder.close();
  }

  @Benchmark
  public int selectOnly() {
    try (Selection found = select()) {
      return found.size();
    }
  }

  /// The same, and every series' labels.
  @Benchmark
  public int selectWithLabels() {
    int hash = 0;
    try (Selection found = select()) {
      for (int i = 0; i < found.size(); i++) {
        hash += found.labels(i).size();
      }
    }
    return hash;
  }
}
