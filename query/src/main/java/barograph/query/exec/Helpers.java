package barograph.query.exec;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Threads that queries may borrow for the series of a large selection.
///
/// A query never waits for a thread to become free: what no helper takes, it does itself.
///
/// @param executor a bounded pool; may refuse work by an exception
/// @param count how many of its threads one query may ask for at the same time
public record Helpers(Executor executor, int count) {
  public Helpers {
    if (count < 0) {
      throw new IllegalArgumentException("a query may ask for %d helpers".formatted(count));
    }
  }

  /// Every query does all by itself.
  public static final Helpers NONE =
      new Helpers(
          work -> {
            throw new RejectedExecutionException("no helpers");
          },
          0);
}
