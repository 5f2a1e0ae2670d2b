package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.StoreOptions.Durability;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreConcurrencyTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final int WRITERS = 4;
  private static final int BATCHES = 150;
  private static final int SERIES = 10;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @EnumSource(Durability.class)
  void everyWriterSeesItsOwnSamplesAsSoonAsTheyAreAcknowledged(Durability durability)
      throws IOException, InterruptedException, ExecutionException {
    var options =
        StoreOptions.in(folder)
            .withDurability(durability)
            .withBlockSpan(Duration.ofMinutes(5))
            .withCheckpoints(Duration.ofSeconds(1), 50_000);
    try (var store =
            Store.open(
                options, new FileDisk(), InstantSource.fixed(NOW), StoreWatcher.NONE, false);
        var writers = Executors.newFixedThreadPool(WRITERS)) {
      // None falls so far behind that its times are cut.
      var inStep = new CyclicBarrier(WRITERS);
      var running = new ArrayList<Future<Boolean>>();
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        running.add(writers.submit(() -> write(store, writer, inStep)));
      }
      // Blocks are cut and checkpoints taken under them all the while.
      while (running.stream().anyMatch(future -> !future.isDone())) {
        store.maintenance().maintain();
      }
      for (Future<Boolean> one : running) {
        assertThat(one.get()).isTrue();
      }
    }
    try (var again =
        Store.open(options, new FileDisk(), InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      for (int w = 0; w < WRITERS; w++) {
        assertSeen(again, w, BATCHES - 1);
      }
    }
  }

  private static long time(int batch) {
    return NOW.minus(Duration.ofHours(1)).toEpochMilli() + batch * 5_000L;
  }

  private static boolean write(Store store, int writer, CyclicBarrier inStep) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      var samples = new SampleBatch();
      for (int i = 0; i < SERIES; i++) {
        Labels labels = Labels.of("__name__", "m", "writer", "" + writer, "i", "" + i);
        samples.add(store.appender().seriesFor(labels, "shared"), time(batch), batch);
      }
      assertThat(store.appender().append(samples).join().accepted()).isEqualTo(SERIES);
      if (batch % 10 == 0) {
        assertSeen(store, writer, batch);
        inStep.await(1, TimeUnit.MINUTES);
      }
    }
    return true;
  }

  private static void assertSeen(Store store, int writer, int lastBatch) {
    var columns = new SampleColumns();
    try (Selection selection =
        store.reader().select(List.of(Matcher.equal("writer", "" + writer)), TimeRange.ALL)) {
      assertThat(selection.size()).isEqualTo(SERIES);
      for (int i = 0; i < SERIES; i++) {
        selection.read(i, TimeRange.ALL, columns);
        assertThat(columns.size()).isEqualTo(lastBatch + 1);
        for (int k = 0; k <= lastBatch; k++) {
          assertThat(columns.timestamps()[k]).isEqualTo(time(k));
          assertThat(columns.values()[k]).isEqualTo(k);
        }
      }
    }
  }
}
