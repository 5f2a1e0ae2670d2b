package barograph.server.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.query.EngineOptions;
import barograph.query.QueryEngine;
import barograph.server.api.QueryApi;
import barograph.server.api.SeriesApi;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import barograph.storage.ForwardingReader;
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
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PracticeTest {
  private static final long NOW = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
  private static final TimeRange RECENT = new TimeRange(NOW - 3_600_000, NOW);

  @TempDir Path folder;

  private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW));
  private Transport transport;
  private Store store;
  private QueryEngine engine;

  @BeforeEach
  void open() throws IOException {
    transport = new Transport(1);
    store = Store.open(StoreOptions.in(folder), clock, StoreWatcher.NONE);
    engine = new QueryEngine(store.reader(), EngineOptions.defaults(), clock);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    transport.close();
  }

  private void fill() {
    var batch = new SampleBatch();
    for (String metric : List.of("load", "memory_bytes", "hits_total", "seconds_bucket")) {
      for (int i = 0; i < 12; i++) {
        var labels =
            Labels.of("__name__", metric, "instance", "host-" + i / 3, "job", "a", "le", "0." + i);
        int series = store.appender().seriesFor(labels, "a");
        for (int minute = 0; minute < 30; minute++) {
          batch.add(series, NOW - minute * 60_000L, 100.0 * i - minute);
        }
      }
    }
    store.appender().append(batch).join();
  }

  private PrivateLine line() throws IOException {
    var router = new Router();
    new QueryApi(engine, clock).addTo(router);
    new SeriesApi(engine, store.reader()).addTo(router);
    return PrivateLine.open(transport, router);
  }

  @Test
  void everyQuestionCanBeAnswered() throws IOException {
    fill();
    var subjects = new Subjects(store.reader()).in(RECENT);
    try (var line = line()) {
      for (String question : new Questions(NOW).of(subjects)) {
        assertThat(line.ask(question)).as(question).isEqualTo(200);
      }
    }
  }

  @Test
  void oneMetricOfEachKindIsAskedFor() {
    fill();

    assertThat(new Subjects(store.reader()).in(RECENT))
        .extracting(Subject::metric)
        .containsExactly("load", "hits_total", "seconds_bucket");
  }

  @Test
  void ofAnEmptyStoreNothingIsAskedThatIsNotThere() throws IOException {
    var subjects = new Subjects(store.reader()).in(RECENT);

    assertThat(subjects).isEmpty();
    try (var line = line()) {
      for (String question : new Questions(NOW).of(subjects)) {
        assertThat(line.ask(question)).as(question).isEqualTo(200);
      }
    }
  }

  @Test
  void nobodyElseIsServedByAPrivateLine() throws IOException {
    try (var line = line();
        var stranger = new LoopbackClient(line.port())) {
      assertThatThrownBy(() -> stranger.send("GET", "/api/v1/labels", "", new byte[0]))
          .isInstanceOf(IOException.class);
      assertThat(line.ask("/api/v1/labels")).isEqualTo(200);
    }
  }

  @Test
  void whoClosesBeforeAnythingIsAskedNeedNotWait() {
    Practice.start(transport, store, engine, clock, () -> true).close();

    assertThat(engine.active()).isEmpty();
  }

  /// The process is held for idle, whatever other tests have left running in it.
  @Test
  void nothingIsAskedWhileOthersAre() throws InterruptedException {
    fill();
    var looked = new CountDownLatch(3);
    var selected = new AtomicInteger();
    var counting =
        new ForwardingReader(store.reader()) {
          @Override
          public Selection select(
              List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
            selected.incrementAndGet();
            return super.select(matchers, range, order, allowance);
          }
        };
    try (var _ =
        Practice.start(
            transport,
            store,
            new QueryEngine(counting, EngineOptions.defaults(), clock),
            clock,
            () -> {
              looked.countDown();
              return false;
            },
            () -> 0)) {
      assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(selected).hasValue(0);
  }
}
