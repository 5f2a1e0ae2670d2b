package barograph.alerting.evaluate;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Work on each of several things, in which threads that are free help the one that has it to do.
///
/// That one never waits for a thread to become free, only for what others have begun; so groups may
/// share the threads that they run on themselves.
final class SharedWork {
  private static final System.Logger LOG = System.getLogger(SharedWork.class.getName());
  private static final int MOST_HELPERS = 3;

  private final Executor threads;

  private SharedWork(Executor threads) {
    this.threads = threads;
  }

  static SharedWork on(Executor threads) {
    return new SharedWork(threads);
  }

  /// Returns when `work`, which must not throw, is done on all of `things`.
  <T> void each(List<T> things, Consumer<T> work) {
    var next = new AtomicInteger();
    var done = new CountDownLatch(things.size());
    Runnable share =
        () -> {
          for (int i = next.getAndIncrement(); i < things.size(); i = next.getAndIncrement()) {
            try {
              work.accept(things.get(i));
            } finally {
              done.countDown();
            }
          }
        };
    for (int i = Math.min(MOST_HELPERS, things.size() - 1); i > 0; i--) {
      try {
        threads.execute(share);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "nobody helps any more: {0}", e.getMessage());
      }
    }
    share.run();
    awaitUninterruptibly(done);
  }

  private static void awaitUninterruptibly(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
