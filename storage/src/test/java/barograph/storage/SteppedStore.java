package barograph.storage;

import barograph.storage.disk.Disk;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;

/// A store on any disk whose maintenance goes on only when a test says so: the way in for tests of
/// other rooms.
public final class SteppedStore implements AutoCloseable {
  private final Store store;

  private SteppedStore(Store store) {
    this.store = store;
  }

  /// Opens a store whose ids and keys follow from the clock alone, so that a seed repeats exactly.
  public static SteppedStore open(
      StoreOptions options, Disk disk, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    return new SteppedStore(
        Store.open(options, disk, clock, watcher, false, new Random(clock.millis())));
  }

  public Store store() {
    return store;
  }

  /// Does whatever is due.
  public void maintain() throws IOException {
    store.maintenance().maintain();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
