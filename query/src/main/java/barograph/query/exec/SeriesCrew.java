package barograph.query.exec;

import barograph.storage.Selection;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Computes the columns of many series on several threads and hands them on in their order, so that
/// a result does not depend on how many threads there were.
///
/// Works in batches: columns for a batch are held, filled by whoever comes in the order in which
/// the series are stored, then pushed by the query's own thread.
final class SeriesCrew {
  private static final int MIN_SERIES = 16;

  /// Of a series' number in its batch, below its place in the store.
  private static final int INDEX_BITS = 11;

  private static final int MAX_BATCH = 1 << INDEX_BITS;
  private static final int VALUES_PER_BATCH = 1 << 16;

  /// Most series that are stored beside each other and computed by one thread at a time.
  private static final int MAX_SHARE = 8;

  /// In how many shares a batch is computed at least, so that no thread waits long for another.
  private static final int SHARES = 8;

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

  void run(Selection selection, Supplier<Task> tasks, Output output) {
    int count = selection.size();
    if (count < MIN_SERIES || evaluation.helpers().count() == 0 || evaluation.budget().isBrief()) {
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
      long[] order = order(selection, first, Math.min(columns.length, count - first));
      var batch = new Batch(first, order, columns, idle, tasks);
      batch.callHelpers();
      batch.finish();
      for (int i = 0; i < order.length; i++) {
        if (batch.present[i]) {
          output.accept(first + i, columns[i]);
        }
      }
    }
  }

  /// Numbers in the batch, in their lowest bits, as the series are stored.
  private static long[] order(Selection selection, int first, int count) {
    var order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = selection.place(first + i) << INDEX_BITS | i;
    }
    Arrays.sort(order);
    return order;
  }

  private final class Batch implements Runnable {
    private final int first;
    private final long[] order;
    private final Column[] columns;
    private final boolean[] present;
    private final ConcurrentLinkedQueue<Task> idle;
    private final Supplier<Task> tasks;
    private final int share;
    private int next;
    private int working;
    private @Nullable Throwable failure;

    private Batch(
        int first,
        long[] order,
        Column[] columns,
        ConcurrentLinkedQueue<Task> idle,
        Supplier<Task> tasks) {
      this.first = first;
      this.order = order;
      this.share = Math.clamp(order.length / SHARES, 1, MAX_SHARE);
      this.columns = columns;
      this.present = new boolean[order.length];
      this.idle = idle;
      this.tasks = tasks;
    }

    void callHelpers() {
      int wanted = Math.min(evaluation.helpers().count(), order.length / share / 2);
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
          for (int end = Math.min(order.length, i + share); i < end; i++) {
            compute(task, (int) order[i] & (MAX_BATCH - 1));
          }
        } catch (RuntimeException | Error e) {
          thrown = e;
        }
        finished(thrown);
        i = claim();
      }
      idle.add(task);
    }

    private void compute(Task task, int series) {
      columns[series].dropHistograms();
      present[series] = task.compute(first + series, columns[series]);
    }

    /// The first of the next series that nobody works on; -1 if there is none, or nobody should.
    private synchronized int claim() {
      if (next >= order.length || failure != null) {
        return -1;
      }
      working++;
      int claimed = next;
      next += share;
      return claimed;
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
