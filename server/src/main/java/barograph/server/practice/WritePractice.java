package barograph.server.practice;

import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.server.api.WriteApi;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import barograph.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// The server writes to itself in the first moments after a start, so that what takes samples in is
/// compiled when the first ones come. New series, more samples of them, and chunks that fill up
/// cost a third to a half of what they would cost in the first minutes else.
///
/// What is written comes by a [PrivateLine] and goes into a store in memory: it is found in no
/// metric, file or answer, and its memory goes back in the end. It costs two or three seconds of
/// CPU time, and is over at once when somebody else writes.
public final class WritePractice implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long STORE_BYTES = 64 << 20;

  private final Transport transport;
  private final Instant now;
  private final BooleanSupplier othersWrite;
  private final Thread thread = Thread.ofPlatform().daemon().name("practice").unstarted(this::run);
  private volatile boolean closed;

  private WritePractice(Transport transport, Instant now, BooleanSupplier othersWrite) {
    this.transport = transport;
    this.now = now;
    this.othersWrite = othersWrite;
  }

  /// Begins at once, on a thread of its own.
  ///
  /// @param now the last of what is written is a little older
  /// @param othersWrite whether anything has been written that is not practice
  public static WritePractice start(Transport transport, Instant now, BooleanSupplier othersWrite) {
    var practice = new WritePractice(transport, now, othersWrite);
    practice.thread.start();
    return practice;
  }

  private void run() {
    try (var store = Store.inMemory(STORE_BYTES, () -> now)) {
      var router = new Router();
      new WriteApi(new RemoteWrite(new PushedWrites(store.appender(), PushLimits.DEFAULT)))
          .addTo(router);
      try (var line = PrivateLine.open(transport, router)) {
        write(line);
      }
    } catch (IOException e) {
      // Without a loopback address, or cut off: then users come first after all.
    }
  }

  /// Writes until there is no more to practise, or it has to end.
  private void write(PrivateLine line) throws IOException {
    long began = System.nanoTime();
    var writes = new RehearsedWrites(now);
    while (writes.hasNext() && System.nanoTime() - began < LONGEST.toNanos()) {
      if (closed || othersWrite.getAsBoolean() || line.write(writes.next()) / 100 != 2) {
        return;
      }
    }
  }

  /// Waits for the end of it.
  void await() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
