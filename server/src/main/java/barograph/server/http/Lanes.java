package barograph.server.http;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The bounded pools of named platform threads that requests run on, one for each kind of work, so
/// that no kind starves another.
///
/// A full queue refuses at once ([java.util.concurrent.RejectedExecutionException]); the server
/// answers that with 503.
public final class Lanes implements AutoCloseable {
  private final ThreadPoolExecutor control;
  private final ThreadPoolExecutor write;
  private final ThreadPoolExecutor query;

  /// Which pool a route runs on.
  public enum Lane {
    /// Health, status, console assets: short and always answered.
    CONTROL,
    /// Samples coming in.
    WRITE,
    /// PromQL and everything that reads series.
    QUERY
  }

  public Lanes(int controlThreads, int writeThreads, int queryThreads) {
    control = pool("control", controlThreads, 1_024);
    write = pool("write", writeThreads, 1_024);
    query = pool("query", queryThreads, 1_024);
  }

  private static ThreadPoolExecutor pool(String name, int threads, int queue) {
    var count = new AtomicInteger();
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            60,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            task -> {
              var thread = new Thread(task, "http-" + name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  Executor of(Lane lane) {
    return switch (lane) {
      case CONTROL -> control;
      case WRITE -> write;
      case QUERY -> query;
    };
  }

  @Override
  public void close() {
    for (var pool : new ThreadPoolExecutor[] {control, write, query}) {
      pool.shutdown();
    }
    try {
      for (var pool : new ThreadPoolExecutor[] {control, write, query}) {
        var _ = pool.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
