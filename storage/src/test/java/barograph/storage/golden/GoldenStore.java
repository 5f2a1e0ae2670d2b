package barograph.storage.golden;

import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SeriesExemplar;
import barograph.storage.SteppedStore;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.ProcessDisk;
import barograph.storage.testkit.RandomHistograms;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// What goes into a golden folder: blocks of two levels, one of several pages, a checkpoint, sealed
/// chunks, a log that was not ended in order, deleted and late samples, every kind of float, native
/// histograms, exemplars and metadata.
final class GoldenStore {
  static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();
  private static final double[] SPECIALS = {
    -0.0,
    Double.NaN,
    Staleness.MARKER,
    Double.longBitsToDouble(0x7ff8000000abcdefL),
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    0.1,
    1e300
  };

  /// Enough for a block of several pages.
  private static final int MANY = 20;

  /// The files of the folder, and what is in them.
  record Written(Map<Path, byte[]> files, List<String> samples) {}

  private GoldenStore() {}

  static SteppedStore open(SimulatedDisk disk, ProcessDisk process) throws IOException {
    disk.createFolder(FOLDER);
    return SteppedStore.open(options(), process, InstantSource.fixed(NOW), StoreWatcher.NONE);
  }

  private static StoreOptions options() {
    return StoreOptions.in(FOLDER)
        .withBlockSpan(Duration.ofMinutes(5))
        .withRetention(Duration.ZERO, 0)
        .withCheckpoints(Duration.ofHours(1), 1);
  }

  static Written write() throws IOException {
    var disk = new SimulatedDisk();
    var process = new ProcessDisk(disk);
    var histograms = new RandomHistograms(new Random(1));
    try (var store = open(disk, process)) {
      fill(store.store(), 0, 20, histograms);
      store.store().compactNow();
      fill(store.store(), 20, 70, histograms);
      store
          .store()
          .delete(
              List.of(List.of(Matcher.equal("__name__", "steps"))),
              new TimeRange(BEGIN + 50_000, BEGIN + 150_000));
      store.maintain();
      store
          .store()
          .delete(
              List.of(List.of(Matcher.equal("__name__", "gauge"))),
              new TimeRange(BEGIN + 600_000, BEGIN + 630_000));
      fill(store.store(), 70, 75, histograms);
      var files = new TreeMap<Path, byte[]>();
      collect(disk, FOLDER, files);
      var samples = samples(store.store());
      process.kill();
      return new Written(files, samples);
    }
  }

  private static void fill(Store store, int from, int to, RandomHistograms histograms) {
    for (int step = from; step < to; step++) {
      var batch = new SampleBatch();
      long time = BEGIN + step * 10_000L;
      add(store, batch, "steps", time, step);
      add(store, batch, "gauge", time, step % 7 / 10.0);
      add(store, batch, "constant", time, 1);
      add(store, batch, "special", time, SPECIALS[step % SPECIALS.length]);
      if (step % 3 != 1) {
        add(store, batch, "gaps", time + step % 2, step * step);
      }
      for (int k = 0; k < 2; k++) {
        add(store, batch, "own", time + 3 + k * 4000L + step % 5, Math.sin(step * 6 + k));
      }
      for (int k = 0; k < MANY; k++) {
        add(store, batch, "many_" + k, time, Math.cos(step * 7.0 + k));
      }
      batch.add(ref(store, "native"), time, histograms.next());
      if (step % 4 == 3) {
        add(store, batch, "gaps", time - 20_000 + 5, step);
        batch.add(ref(store, "native"), time - 25_000, histograms.next());
      }
      if (!store.appender().append(batch).join().complete()) {
        throw new AssertionError("refused");
      }
      if (step % 10 == 0) {
        tell(store, step, time);
      }
    }
  }

  private static void tell(Store store, int step, long time) {
    var exemplar = new Exemplar(Labels.of("trace_id", "t" + step), step, time);
    store
        .appender()
        .appendExemplars(List.of(new SeriesExemplar(ref(store, "steps"), exemplar)))
        .join();
    var metadata = new MetricMetadata(MetricMetadata.Type.GAUGE, "help " + step, "seconds");
    store.appender().tellOf(Map.of("gauge_" + step, metadata)).join();
  }

  private static void add(Store store, SampleBatch batch, String name, long time, double value) {
    batch.add(ref(store, name), time, value);
  }

  private static int ref(Store store, String name) {
    Labels labels = Labels.of("__name__", name, "job", "golden", "ünïcode", "日本");
    return store.appender().seriesFor(labels, "t");
  }

  /// All samples, exemplars and metadata, a line for each.
  static List<String> samples(Store store) {
    var lines = new ArrayList<String>();
    var columns = new SampleColumns();
    try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        for (int k = 0; k < columns.size(); k++) {
          lines.add(
              "%s %d %016x"
                  .formatted(
                      selection.labels(i),
                      columns.timestamps()[k],
                      Double.doubleToRawLongBits(columns.values()[k])));
        }
        HistogramColumns histograms = columns.histograms();
        for (int k = 0; k < columns.histogramCount(); k++) {
          lines.add(
              "%s %d %s"
                  .formatted(
                      selection.labels(i),
                      histograms.timestamps()[k],
                      text(histograms.histogram(k))));
        }
      }
      if (!selection.warnings().isEmpty()) {
        throw new AssertionError(selection.warnings());
      }
    }
    store
        .reader()
        .exemplars(List.of(List.of()), TimeRange.ALL)
        .forEach(series ->
            series
                .exemplars()
                .forEach(each ->
                    lines.add(
                        "exemplar %s %s %d %016x"
                            .formatted(
                                series.series(),
                                each.labels(),
                                each.timestampMillis(),
                                Double.doubleToRawLongBits(each.value())))));
    new TreeMap<>(store.reader().metadata())
        .forEach((metric, metadata) -> lines.add("metadata %s %s".formatted(metric, metadata)));
    return lines;
  }

  /// Every bit of a histogram.
  private static String text(Histogram histogram) {
    var text = new StringBuilder();
    text.append(histogram.layout().schema()).append(' ').append(histogram.counterReset());
    text.append(histogram.isInteger() ? " integer" : " float");
    text.append(
        " %x %x %016x"
            .formatted(
                histogram.rawCount(),
                histogram.rawZeroCount(),
                Double.doubleToRawLongBits(histogram.sum())));
    for (int i = 0; i < histogram.buckets(); i++) {
      text.append(" %x".formatted(histogram.rawBucket(i)));
    }
    return text.toString();
  }

  private static void collect(SimulatedDisk disk, Path folder, Map<Path, byte[]> into)
      throws IOException {
    for (Path path : disk.list(folder)) {
      if (disk.isFolder(path)) {
        collect(disk, path, into);
      } else if (disk.size(path) > 0) {
        into.put(path, disk.readAll(path));
      }
    }
  }
}
