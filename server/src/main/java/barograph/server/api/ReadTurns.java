package barograph.server.api;

import barograph.server.http.Response;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How many remote reads are answered at the same time; the others wait in the order of their
/// coming.
///
/// Who waits holds no thread: whoever ends an answer goes on with the next one. So reads never have
/// more threads than turns, and queries of others get the rest.
final class ReadTurns {
  /// As many as wait for a thread of a lane.
  static final int MOST_WAITING = 1_024;

  private final int most;
  private final Queue<Turn> waiting = new ArrayDeque<>();
  private int running;

  /// @param most at the same time; 0 for any number
  ReadTurns(int most) {
    this.most = most == 0 ? Integer.MAX_VALUE : most;
  }

  /// One that is answered, or waits for it.
  private record Turn(Supplier<Response> work, CompletableFuture<Response> answer) {
    void run() {
      try {
        answer.complete(work.get());
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    }
  }

  /// Does `work` on this thread if there is a turn, else on that of somebody whose own is over.
  ///
  /// @param whenGone is handed what is to be run when nobody wants the answer any more
  /// @throws ApiError if too many wait
  CompletableFuture<Response> take(Consumer<Runnable> whenGone, Supplier<Response> work) {
    var turn = new Turn(work, new CompletableFuture<>());
    if (begins(turn)) {
      for (@Nullable Turn next = turn; next != null; next = next()) {
        next.run();
      }
    } else {
      whenGone.accept(() -> forget(turn));
    }
    return turn.answer;
  }

  private synchronized boolean begins(Turn turn) {
    if (running < most) {
      running++;
      return true;
    }
    if (waiting.size() >= MOST_WAITING) {
      throw new ApiError(
          ApiError.Kind.BUSY,
          "%d remote reads are answered and %d wait, the most that can"
              .formatted(running, waiting.size()));
    }
    waiting.add(turn);
    return false;
  }

  /// Who has the turn that has become free, if somebody waits for one.
  private synchronized @Nullable Turn next() {
    @Nullable Turn next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  private synchronized void forget(Turn turn) {
    waiting.remove(turn);
  }

  /// Those that are answered and those that wait.
  synchronized int size() {
    return running + waiting.size();
  }
}
