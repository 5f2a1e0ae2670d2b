package barograph.query.exec;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Computes the columns of many series on several threads and hands them on in their order, so that
/// a result does not depend on how many threads there were.
///
/// Works in batches: columns for a batch are held, filled by whoever comes, then pushed by the
/// query's own thread.
final class SeriesCrew {
  private static final int MIN_SERIES = 16;
  private static final int MAX_BATCH = 256;
  private static final int VALUES_PER_BATCH = 1 << 16;

  private final Evaluation evaluation;
  private final Grid grid;

  SeriesCrew(Evaluation evaluation, Grid grid) {
    this.evaluation = evaluation;
    this.grid = grid;
  }

  /// Computes one series; used by one thread at a time.
  @FunctionalInterface
  interface Task {
    /// Fills `into`, which has no histogram; false if the series has no point.
    boolean compute(int series, Column into);
  }

  /// Takes the series that have points, on the query's own thread.
  @FunctionalInterface
  interface Output {
    void accept(int series, Column column);
  }

  void run(int count, Supplier<Task> tasks, Output output) {
    if (count < MIN_SERIES || evaluation.helpers().count() == 0) {
      var task = tasks.get();
      var column = evaluation.column(grid.steps());
      for (int series = 0; series < count; series++) {
        column.dropHistograms();
        if (task.compute(series, column)) {
          output.accept(series, column);
        }
      }
      return;
    }
    int size = Math.clamp(VALUES_PER_BATCH / grid.steps(), MIN_SERIES, MAX_BATCH);
    var columns = new Column[Math.min(size, count)];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = evaluation.column(grid.steps());
    }
    var idle = new ConcurrentLinkedQueue<Task>();
    for (int first = 0; first < count; first += columns.length) {
      var batch = new Batch(first, Math.min(columns.length, count - first), columns, idle, tasks);
      batch.callHelpers();
      batch.finish();
      for (int i = 0; i < batch.count; i++) {
        if (batch.present[i]) {
          output.accept(first + i, columns[i]);
        }
      }
    }
  }

  private final class Batch implements Runnable {
    private final int first;
    private final int count;
    private final Column[] columns;
    private final boolean[] present;
    private final ConcurrentLinkedQueue<Task> idle;
    private final Supplier<Task> tasks;
    private int next;
    private int working;
    private @Nullable Throwable failure;

    private Batch(
        int first,
        int count,
        Column[] columns,
        ConcurrentLinkedQueue<Task> idle,
        Supplier<Task> tasks) {
      this.first = first;
      this.count = count;
      this.columns = columns;
      this.present = new boolean[count];
      this.idle = idle;
      this.tasks = tasks;
    }

    void callHelpers() {
      int wanted = Math.min(evaluation.helpers().count(), count / 4);
      try {
        for (int i = 0; i < wanted; i++) {
          evaluation.helpers().executor().execute(this);
        }
      } catch (RejectedExecutionException e) {
        // The pool is full: this thread does what is left.
        return;
      }
    }

    @Override
    public void run() {
      int i = claim();
      if (i < 0) {
        return;
      }
      var borrowed = idle.poll();
      var task = borrowed == null ? tasks.get() : borrowed;
      while (i >= 0) {
        Throwable thrown = null;
        try {
          columns[i].dropHistograms();
          present[i] = task.compute(first + i, columns[i]);
        } catch (RuntimeException | Error e) {
          thrown = e;
        }
        finished(thrown);
        i = claim();
      }
      idle.add(task);
    }

    /// The next series that nobody works on; -1 if there is none, or nobody should.
    private synchronized int claim() {
      if (next == count || failure != null) {
        return -1;
      }
      working++;
      return next++;
    }

    private synchronized void finished(@Nullable Throwable thrown) {
      working--;
      if (thrown != null && failure == null) {
        failure = thrown;
      }
      notifyAll();
    }

    /// Takes part, then waits until nobody works on this batch any more.
    void finish() {
      run();
      boolean interrupted = false;
      Throwable thrown;
      synchronized (this) {
        while (working > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        thrown = failure;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (thrown instanceof RuntimeException e) {
        throw e;
      } else if (thrown instanceof Error e) {
        throw e;
      }
    }
  }
}
