package barograph.server.http;

import java.util.concurrent.CompletableFuture;

/// Answers requests of one route.
///
/// Called on a thread of the route's lane, where it may compute and wait; what it waits for longer
/// (a disk's sync) it answers by the future instead. An exception becomes status 500.
@FunctionalInterface
public interface Handler {
  CompletableFuture<Response> handle(Request request);

  /// A handler whose answer is there when it returns.
  @FunctionalInterface
  interface Immediate {
    Response answer(Request request);
  }

  static Handler of(Immediate immediate) {
    return request -> CompletableFuture.completedFuture(immediate.answer(request));
  }
}
