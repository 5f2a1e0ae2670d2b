package barograph.server.practice;

import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.server.api.WriteApi;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import barograph.storage.Appender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// The server writes to itself in the first moments after a start, so that what takes samples in is
/// compiled when the first ones come. New series, more samples of them, and chunks that fill up
/// cost a fifth to a half less than they would in the first minutes else.
///
/// What is written comes by a [PrivateLine] and goes into a store of its own, in memory: it is
/// found in no metric, file or answer, and its memory goes back in the end. It costs some three
/// seconds of CPU time, and is over at once when somebody else writes.
public final class WritePractice implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /// A store that is there for practice alone, behind the door that the users' one has: what is
  /// compiled for one kind of door is of no use for another.
  public interface Ground extends AutoCloseable {
    Appender appender();

    @Override
    void close() throws IOException;

    /// Makes one.
    @FunctionalInterface
    interface Opener {
      Ground open() throws IOException;
    }
  }

  private final Transport transport;
  private final Ground.Opener opener;
  private final Instant now;
  private final BooleanSupplier othersWrite;
  private final Thread thread = Thread.ofPlatform().daemon().name("practice").unstarted(this::run);
  private volatile boolean closed;

  private WritePractice(
      Transport transport, Ground.Opener opener, Instant now, BooleanSupplier othersWrite) {
    this.transport = transport;
    this.opener = opener;
    this.now = now;
    this.othersWrite = othersWrite;
  }

  /// Begins at once, on a thread of its own.
  ///
  /// @param now the last of what is written is a little older
  /// @param othersWrite whether anything has been written that is not practice
  public static WritePractice start(
      Transport transport, Ground.Opener opener, Instant now, BooleanSupplier othersWrite) {
    var practice = new WritePractice(transport, opener, now, othersWrite);
    practice.thread.start();
    return practice;
  }

  private void run() {
    try (var ground = opener.open()) {
      var router = new Router();
      new WriteApi(new RemoteWrite(new PushedWrites(ground.appender(), PushLimits.DEFAULT)))
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

  /// Whether it has not come to its end.
  public boolean isUnderWay() {
    return thread.isAlive();
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
