package barograph.server;

import barograph.server.practice.WritePractice;
import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.SeriesLookup;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreUnavailableException;
import barograph.storage.StoreWatcher;
import barograph.storage.WriteResult;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The store's place in the server from the first moment on, also while it is still being read
/// back.
///
/// Whoever brings samples gets an [Appender] at once. Its calls wait until the store is open, so it
/// is for threads that may wait that long: a scrape's virtual one, which so keeps its page and its
/// time. Nothing is acknowledged before the store itself has done so.
final class StoreDoor implements WritePractice.Ground {
  private static final long PRACTICE_BYTES = 64 << 20;

  /// Opens a store: [Store#open], or in a test something slower.
  @FunctionalInterface
  interface Opener {
    Store open(StoreOptions options, InstantSource clock, StoreWatcher watcher) throws IOException;
  }

  private final Appender appender = new WaitingAppender();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile @Nullable Store store;

  /// Opens the store and lets in who has waited.
  ///
  /// @throws IOException as [Store#open] does; those who wait go on waiting until [#close]
  Store open(Opener opener, StoreOptions options, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    Store opened = opener.open(options, clock, watcher);
    store = opened;
    settled.countDown();
    return opened;
  }

  /// A door to a store in memory, for practice.
  static StoreDoor toPractise(InstantSource clock) throws IOException {
    var door = new StoreDoor();
    door.store = Store.inMemory(PRACTICE_BYTES, clock);
    door.settled.countDown();
    return door;
  }

  /// Takes samples in, once the store is open.
  @Override
  public Appender appender() {
    return appender;
  }

  /// Closes the store if it was opened; else tells those who wait that it never will be.
  @Override
  public void close() throws IOException {
    settled.countDown();
    var opened = store;
    if (opened != null) {
      opened.close();
    }
  }

  private Appender opened() {
    var now = store;
    if (now == null) {
      try {
        settled.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreUnavailableException("the store is still being opened");
      }
      now = store;
      if (now == null) {
        throw new StoreUnavailableException("the store was not opened");
      }
    }
    return now.appender();
  }

  private final class WaitingAppender implements Appender {
    @Override
    public int seriesFor(Labels labels, String target) {
      return opened().seriesFor(labels, target);
    }

    @Override
    public void seriesFor(SeriesLookup lookup) {
      opened().seriesFor(lookup);
    }

    @Override
    public CompletableFuture<WriteResult> append(SampleBatch batch) {
      return whenOpen(store -> store.append(batch));
    }

    @Override
    public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
      return whenOpen(store -> store.appendExemplars(exemplars));
    }

    @Override
    public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
      return whenOpen(store -> store.tellOf(metrics));
    }

    private <T> CompletableFuture<T> whenOpen(Function<Appender, CompletableFuture<T>> call) {
      Appender waitedFor;
      try {
        waitedFor = opened();
      } catch (StoreUnavailableException e) {
        return CompletableFuture.failedFuture(e);
      }
      return call.apply(waitedFor);
    }
  }
}
