package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesOrderTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock(NOW);
  private final SimulatedDisk disk = new SimulatedDisk();

  private Store open() throws IOException {
    return Store.open(StoreOptions.in(Path.of("/data")), disk, clock, StoreWatcher.NONE, false);
  }

  /// A sample each, in this order.
  private void append(Store store, String... names) {
    var batch = new SampleBatch();
    for (String name : names) {
      int series = store.appender().seriesFor(Labels.of("__name__", name), "test");
      batch.add(series, clock.millis(), 1);
    }
    assertThat(store.appender().append(batch).join().accepted()).isEqualTo(names.length);
  }

  private static List<String> names(Store store, TimeRange range, SeriesOrder order) {
    var names = new ArrayList<String>();
    try (Selection found = store.reader().select(List.of(), range, order, Allowance.UNLIMITED)) {
      for (int i = 0; i < found.size(); i++) {
        names.add(found.labels(i).get("__name__"));
      }
    }
    return names;
  }

  @Test
  void theNewestSamplesAreFoundInTheOrderInWhichTheirSeriesCameFirst() throws IOException {
    try (Store store = open()) {
      append(store, "m", "z", "a");
      clock.move(MINUTE);
      append(store, "b", "a", "z");

      assertThat(names(store, TimeRange.ALL, SeriesOrder.FIRST_COME))
          .containsExactly("m", "z", "a", "b");
      assertThat(names(store, TimeRange.ALL, SeriesOrder.LABELS))
          .containsExactly("a", "b", "m", "z");
    }
    try (Store again = open()) {
      assertThat(names(again, TimeRange.ALL, SeriesOrder.FIRST_COME))
          .containsExactly("m", "z", "a", "b");
    }
  }

  @Test
  void whereABlockIsLookedAtTooTheOrderIsThatOfLabels() throws IOException {
    try (Store store = open()) {
      append(store, "m", "z", "a");
      long cut = clock.millis();
      store.compactNow();
      clock.move(MINUTE);
      append(store, "z", "n", "a");

      assertThat(names(store, new TimeRange(cut, clock.millis()), SeriesOrder.FIRST_COME))
          .containsExactly("a", "m", "n", "z");
      assertThat(names(store, new TimeRange(cut, cut), SeriesOrder.FIRST_COME))
          .containsExactly("a", "m", "z");
      assertThat(names(store, new TimeRange(cut + 1, clock.millis()), SeriesOrder.FIRST_COME))
          .containsSubsequence("z", "a", "n");
    }
  }
}
