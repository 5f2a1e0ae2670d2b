package barograph.storage.golden;

import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SteppedStore;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.ProcessDisk;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What goes into a golden folder: blocks of two levels, a checkpoint, sealed chunks, a log that
/// was not ended in order, deleted samples, and every kind of float.
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
    try (var store = open(disk, process)) {
      fill(store.store(), 0, 20);
      store.store().compactNow();
      fill(store.store(), 20, 70);
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
      fill(store.store(), 70, 75);
      var files = new TreeMap<Path, byte[]>();
      collect(disk, FOLDER, files);
      var samples = samples(store.store());
      process.kill();
      return new Written(files, samples);
    }
  }

  private static void fill(Store store, int from, int to) {
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
      if (!store.appender().append(batch).join().complete()) {
        throw new AssertionError("refused");
      }
    }
  }

  private static void add(Store store, SampleBatch batch, String name, long time, double value) {
    Labels labels = Labels.of("__name__", name, "job", "golden", "ünïcode", "日本");
    batch.add(store.appender().seriesFor(labels, "t"), time, value);
  }

  /// All samples, a line for each.
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
      }
      if (!selection.warnings().isEmpty()) {
        throw new AssertionError(selection.warnings());
      }
    }
    return lines;
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
