package barograph.server.http;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Answers requests of one route.
///
/// Called on a thread of the route's lane, where it may compute and wait; what it waits for longer
/// (a disk's sync) it answers by the future instead. An exception becomes status 500.
@FunctionalInterface
public interface Handler {
  CompletableFuture<Response> handle(Request request);

  /// A handler that can tell what it answers in a moment: that is answered by the thread that has
  /// read the request, as waking others would take longer than the answer.
  interface Brief extends Handler {
    /// Answers on an event loop, which must not wait and has only some milliseconds.
    ///
    /// @return null if that is not possible; then nothing has been done, and [#handle] is called
    @Nullable Response attempt(Request request);
  }

  /// A handler whose answer is there when it returns.
  @FunctionalInterface
  interface Immediate {
    Response answer(Request request);
  }

  static Handler of(Immediate immediate) {
    return request -> CompletableFuture.completedFuture(immediate.answer(request));
  }
}
