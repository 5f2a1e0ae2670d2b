package barograph.server.practice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.server.api.WriteApi;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import barograph.storage.Appender;
import barograph.storage.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WritePracticeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final int SERIES_OF_A_REQUEST = 1920;

  private final Transport transport = new Transport(1);

  private static final class MemoryGround implements WritePractice.Ground {
    private final Store store = Store.inMemory(64 << 20, () -> NOW);

    MemoryGround() throws IOException {}

    @Override
    public Appender appender() {
      return store.appender();
    }

    @Override
    public void close() throws IOException {
      store.close();
    }
  }

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void everyRequestOfItIsTakenWhole() throws IOException {
    var writes = new RehearsedWrites(NOW);
    int requests = 0;
    try (var store = Store.inMemory(64 << 20, () -> NOW)) {
      var received = new RemoteWrite(new PushedWrites(store.appender(), PushLimits.DEFAULT));
      var router = new Router();
      new WriteApi(received).addTo(router);
      try (var line = PrivateLine.open(transport, router)) {
        for (; writes.hasNext(); requests++) {
          assertThat(line.write(writes.next())).isEqualTo(204);
        }
      }
      var counters = received.counters();
      assertThat(counters.requests()).isEqualTo(requests);
      assertThat(counters.stored()).isEqualTo((long) requests * SERIES_OF_A_REQUEST);
      assertThat(counters.refused() + counters.badRequests()).isZero();
      assertThat(store.status().sealedChunks()).isPositive();
    }
    assertThatThrownBy(writes::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void itEndsByItself() throws InterruptedException {
    var asked = new AtomicInteger();
    try (var practice =
        WritePractice.start(
            transport, MemoryGround::new, NOW, () -> asked.incrementAndGet() > 100_000)) {
      practice.await();
    }

    assertThat(asked.get()).isPositive().isLessThan(1000);
  }

  @Test
  void itIsOverAsSoonAsSomebodyElseWrites() throws InterruptedException {
    var asked = new AtomicInteger();
    try (var practice =
        WritePractice.start(transport, MemoryGround::new, NOW, () -> asked.incrementAndGet() > 3)) {
      practice.await();
    }

    assertThat(asked).hasValue(4);
  }

  @Test
  void somethingThatIsNotARequestIsRefusedOnThePrivateLineToo() throws IOException {
    try (var store = Store.inMemory(16 << 20, () -> NOW)) {
      var router = new Router();
      new WriteApi(new RemoteWrite(new PushedWrites(store.appender(), PushLimits.DEFAULT)))
          .addTo(router);
      try (var line = PrivateLine.open(transport, router)) {
        assertThat(line.write("no request".getBytes(UTF_8))).isEqualTo(400);
      }
    }
  }
}
