package barograph.server.usage;

import barograph.storage.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps the counts in a journal: every few minutes, and when it is closed. They are hints: what a
/// kill or a failing disk costs of them is no error.
public final class UsageKeeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(UsageKeeper.class.getName());
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final MetricUsage usage;
  private final Path folder;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /// Returns at once; what an earlier life has left is added soon.
  public UsageKeeper(MetricUsage usage, Path folder) {
    this.usage = usage;
    this.folder = folder;
    this.thread = Thread.ofVirtual().name("metric usage").start(this::run);
  }

  private void run() {
    try (var journal = Journal.open(folder, "metrics", usage::recall)) {
      boolean last = false;
      while (!last) {
        last = closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        if (usage.takeChanged()) {
          journal.rewrite(usage.records()).join();
        }
      }
    } catch (IOException | CompletionException e) {
      LOG.log(System.Logger.Level.WARNING, "how often metrics are asked for is not kept: {0}", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns when all is kept.
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
