package barograph.alerting;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Where alerting works.
///
/// @param evaluations platform threads, as many as groups may be evaluated at a time
/// @param deliveries virtual threads, one for each message on its way
/// @param stop ends all of them
record AlertingThreads(Executor evaluations, Executor deliveries, Runnable stop) {
  /// Most messages that are on their way at the same time.
  private static final int MAX_DELIVERIES = 256;

  /// Starts them.
  ///
  /// @param alsoStop what ends with the threads
  static AlertingThreads start(int concurrentEvaluations, Runnable alsoStop) {
    var evaluations =
        Executors.newFixedThreadPool(
            concurrentEvaluations, Thread.ofPlatform().name("rules-", 1).daemon().factory());
    var deliveries =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("notify-", 1).factory());
    var permits = new Semaphore(MAX_DELIVERIES);
    return new AlertingThreads(
        evaluations,
        message ->
            deliveries.execute(() -> {
              permits.acquireUninterruptibly();
              try {
                message.run();
              } finally {
                permits.release();
              }
            }),
        () -> {
          alsoStop.run();
          evaluations.shutdown();
          deliveries.shutdownNow();
        });
  }
}
