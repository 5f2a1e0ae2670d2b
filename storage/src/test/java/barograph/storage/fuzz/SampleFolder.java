package barograph.storage.fuzz;

import barograph.storage.SampleBatch;
import barograph.storage.SteppedStore;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.journal.Journal;
import barograph.storage.model.Labels;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// The files of a small store with something of everything in them: the bytes that mutation begins
/// with.
final class SampleFolder {
  private static final Path FOLDER = Path.of("/data");
  static final String NAME = "alerts";
  static final Path JOURNAL = Path.of("/data/journal").resolve(NAME + ".journal");
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Map<Path, byte[]> FILES = make();

  private SampleFolder() {}

  /// A journal with so many records.
  static byte[] journal(int records) {
    try {
      var disk = new SimulatedDisk();
      try (var journal = Journal.open(disk, JOURNAL.getParent(), NAME, record -> {})) {
        for (int i = 0; i < records; i++) {
          journal.append(("record " + i).repeat(1 + i % 5).getBytes(StandardCharsets.UTF_8)).join();
        }
      }
      return disk.readAll(JOURNAL);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The files whose path begins so, below the store's folder.
  static Map<Path, byte[]> named(String start) {
    var found = new TreeMap<Path, byte[]>();
    FILES.forEach((path, bytes) -> {
      if (FOLDER.relativize(path).toString().startsWith(start)) {
        found.put(path, bytes);
      }
    });
    return found;
  }

  static List<byte[]> files(String start) {
    return List.copyOf(named(start).values());
  }

  private static Map<Path, byte[]> make() {
    try {
      var disk = new SimulatedDisk();
      var options =
          StoreOptions.in(FOLDER)
              .withBlockSpan(Duration.ofMinutes(5))
              .withRetention(Duration.ZERO, 0)
              .withCheckpoints(Duration.ofHours(1), 1);
      var files = new TreeMap<Path, byte[]>();
      try (var store =
          SteppedStore.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE)) {
        fill(store, 0, 100);
        store.maintain();
        fill(store, 100, 120);
        collect(disk, FOLDER, files);
      }
      return files;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void fill(SteppedStore store, int from, int to) {
    var random = new Random(from);
    long begin = NOW.minus(Duration.ofHours(1)).toEpochMilli();
    for (int step = from; step < to; step++) {
      var batch = new SampleBatch();
      for (int i = 0; i < 24; i++) {
        Labels labels =
            Labels.of("__name__", "m" + i % 7, "le", "" + i, "job", "j" + i % 3, "x", "y");
        int ref = store.store().appender().seriesFor(labels, "t" + i % 3);
        if (i < 20) {
          double value = i % 3 == 0 ? step : i % 3 == 1 ? random.nextGaussian() : i;
          batch.add(ref, begin + step * 5_000L, value);
        } else {
          for (int k = 0; k < i; k++) {
            batch.add(ref, begin + step * 5_000L + k * 150L + random.nextInt(100), step * 0.1);
          }
        }
      }
      if (!store.store().appender().append(batch).join().complete()) {
        throw new AssertionError("refused");
      }
    }
  }

  private static void collect(SimulatedDisk disk, Path folder, Map<Path, byte[]> into)
      throws IOException {
    for (Path path : disk.list(folder)) {
      if (disk.isFolder(path)) {
        collect(disk, path, into);
      } else {
        into.put(path, disk.readAll(path));
      }
    }
  }
}
