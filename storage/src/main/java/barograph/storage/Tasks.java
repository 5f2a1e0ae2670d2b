package barograph.storage;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/// Work that any thread may ask for and one of the store's own threads does: those are never
/// interrupted, which would close files under them.
final class Tasks {
  /// Something to be done that may find the disk full or failing.
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  private Tasks() {}

  /// Has `thread` do `task`, and waits for it.
  static void run(ExecutorService thread, Task task) throws IOException {
    call(
        thread,
        () -> {
          task.run();
          return true;
        });
  }

  /// Has `thread` do `task`, waits for it, and gives its answer.
  static <T> T call(ExecutorService thread, Callable<T> task) throws IOException {
    try {
      return thread.submit(task).get();
    } catch (RejectedExecutionException e) {
      throw new StoreUnavailableException("the store is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting for the store", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw new IOException(cause.getMessage(), cause);
      }
      throw new IllegalStateException("the store's work broke off", e.getCause());
    }
  }
}
