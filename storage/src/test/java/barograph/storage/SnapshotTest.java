package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();

  private static Store open(SimulatedDisk disk, Path folder) throws IOException {
    var options = StoreOptions.in(folder).withBlockSpan(Duration.ofMinutes(1));
    return Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  private static void send(Store store, int from, int to) {
    for (int step = from; step < to; step++) {
      var batch = new SampleBatch();
      for (String name : List.of("a", "b")) {
        int ref = store.appender().seriesFor(Labels.of("__name__", name), "t");
        batch.add(ref, BEGIN + step * 10_000L, step);
      }
      assertThat(store.appender().append(batch).join().complete()).isTrue();
    }
  }

  /// How many samples each metric has.
  private static Map<String, Integer> counts(Store store) {
    var counts = new TreeMap<String, Integer>();
    var columns = new SampleColumns();
    try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        counts.put(selection.labels(i).metricName(), columns.size());
      }
    }
    return counts;
  }

  @ParameterizedTest(name = "with head: {0}")
  @ValueSource(booleans = {true, false})
  void aSnapshotIsTheBlocksOfAnotherStore(boolean withHead) throws IOException {
    SimulatedDisk disk = SimulatedDisk.recording();
    Store store = open(disk, FOLDER);
    send(store, 0, 20);
    store.maintenance().maintain();
    store.delete(
        List.of(List.of(Matcher.equal("__name__", "b"))), new TimeRange(BEGIN, BEGIN + 49_999));
    long begun = disk.operations();
    String name = store.snapshot(withHead);
    long done = disk.operations();
    assertThat(name).matches("20261120T120000Z-[0-9a-f]{16}");
    send(store, 20, 25);
    store.compactNow();
    assertThat(counts(store)).isEqualTo(Map.of("a", 25, "b", 20));
    store.close();
    for (long k = begun; k <= disk.operations(); k++) {
      SimulatedDisk then = disk.after(k).afterPowerCut(k);
      Path snapshot = FOLDER.resolve("snapshots").resolve(name);
      assertThat(k < done || then.isFolder(snapshot)).isTrue();
      if (then.isFolder(snapshot)) {
        then.createFolder(Path.of("/other"));
        then.rename(snapshot, Path.of("/other/blocks"));
        try (Store other = open(then, Path.of("/other"))) {
          int inBlocks = withHead ? 20 : 12;
          assertThat(counts(other)).isEqualTo(Map.of("a", inBlocks, "b", inBlocks - 5));
          assertThat(other.status().damages()).isZero();
        }
      }
    }
  }
}
