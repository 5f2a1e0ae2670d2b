package barograph.server.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The bounded pools of named platform threads that requests run on, one for each kind of work, so
/// that no kind starves another.
///
/// A full queue refuses at once ([RejectedExecutionException]); the server answers that with 503.
public final class Lanes implements AutoCloseable {
  private final Pool control;
  private final Pool write;
  private final Pool query;

  private final AtomicBoolean answeringAlone = new AtomicBoolean();

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
    control = new Pool("control", controlThreads);
    write = new Pool("write", writeThreads);
    query = new Pool("query", queryThreads);
  }

  /// So many threads, and so many requests that wait for one.
  ///
  /// It stands on a pool that wakes the thread that fell asleep last, whose stack and buffers are
  /// still near: a pool that takes its threads in turn pays for cold ones with every small request.
  private static final class Pool implements Executor {
    private static final int MOST_WAITING = 1_024;

    private final ForkJoinPool threads;
    private final Semaphore room;
    private final String name;
    private final int size;

    Pool(String name, int size) {
      this.name = name;
      this.size = size;
      this.room = new Semaphore(size + MOST_WAITING);
      var count = new AtomicInteger();
      // First come, first served; a thread that waits for something is not replaced meanwhile.
      boolean inOrder = true;
      this.threads =
          new ForkJoinPool(
              size,
              pool -> {
                var thread = new Worker(pool);
                thread.setName("http-" + name + "-" + count.incrementAndGet());
                return thread;
              },
              null,
              inOrder,
              size,
              size,
              0,
              blocked -> true,
              60,
              TimeUnit.SECONDS);
    }

    @Override
    public void execute(Runnable task) {
      if (!room.tryAcquire()) {
        throw new RejectedExecutionException(
            "%d requests wait for a thread of the lane \"%s\"".formatted(MOST_WAITING, name));
      }
      try {
        threads.execute(() -> run(task));
      } catch (RejectedExecutionException e) {
        room.release();
        throw e;
      }
    }

    boolean isIdle() {
      return room.availablePermits() == size + MOST_WAITING;
    }

    private void run(Runnable task) {
      try {
        task.run();
      } finally {
        room.release();
      }
    }
  }

  private static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool) {
      super(pool);
    }
  }

  Executor of(Lane lane) {
    return switch (lane) {
      case CONTROL -> control;
      case WRITE -> write;
      case QUERY -> query;
    };
  }

  /// Lets the caller answer a request outside of all lanes, if nothing else is being answered: what
  /// is alone stands in nobody's way for a moment. Who was let has to call [#aloneNoMore].
  boolean alone() {
    return isIdle() && answeringAlone.compareAndSet(false, true);
  }

  void aloneNoMore() {
    answeringAlone.set(false);
  }

  /// Whether nothing is being answered, and nothing waits to be.
  public boolean isIdle() {
    return !answeringAlone.get() && control.isIdle() && write.isIdle() && query.isIdle();
  }

  @Override
  public void close() {
    List<Pool> all = List.of(control, write, query);
    all.forEach(pool -> pool.threads.shutdown());
    try {
      for (Pool pool : all) {
        var _ =
            pool.threads.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
