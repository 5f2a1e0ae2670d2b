package barograph.storage;

import barograph.storage.head.Head;
import barograph.storage.model.Exemplar;
import barograph.storage.model.MetricMetadata;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// The one thread that changes the head: it takes batches in turn, applies what can be taken,
/// records it in the log, and answers when the log says that it is safe.
final class Sequencer {
  private static final Logger LOG = System.getLogger(Sequencer.class.getName());

  /// How much memory the batches that wait may take together; a larger one waits alone.
  private static final int WAITING_KIB = 64 << 10;

  private sealed interface Work {}

  /// @param room how much of the waiting batches' memory is its own
  private record Batch(SampleBatch samples, int room, CompletableFuture<WriteResult> answer)
      implements Work {}

  private record Task<T>(Supplier<T> body, CompletableFuture<T> answer) implements Work {
    void run() {
      try {
        answer.complete(body.get());
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }
  }

  /// Something that is recorded in the log and answered when that is safe.
  private record Recording<T>(Supplier<T> body, CompletableFuture<T> answer) implements Work {}

  private record Stop() implements Work {}

  private final Head head;
  private final Log log;
  private final InstantSource clock;
  private final StoreWatcher watcher;
  private final BlockingQueue<Work> queue;
  private final Semaphore room = new Semaphore(WAITING_KIB, true);
  private final Thread thread;
  private final ChangeTimes changes = new ChangeTimes();
  private final Intake intake;

  private volatile boolean stopping;
  private final LongAdder appended = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder refused = new LongAdder();

  Sequencer(Head head, Log log, InstantSource clock, StoreWatcher watcher, int waitingBatches) {
    this.head = head;
    this.log = log;
    this.clock = clock;
    this.watcher = watcher;
    this.queue = new ArrayBlockingQueue<>(waitingBatches);
    this.intake = new Intake(head, log, changes);
    this.thread = Thread.ofPlatform().name("barograph-sequencer").unstarted(this::run);
  }

  /// When samples have changed last; changed by the sequencer's thread alone, see [#call].
  ChangeTimes changes() {
    return changes;
  }

  /// How far behind samples may come out of order; [Duration#ZERO] for not at all.
  void acceptOutOfOrder(Duration window) {
    intake.acceptOutOfOrder(window.toMillis());
  }

  /// How far behind the newest sample any may lie at all, as retention would delete it at once;
  /// [Duration#ZERO] for any distance.
  void keepFor(Duration retention) {
    intake.keepFor(retention.toMillis());
  }

  void start() {
    thread.start();
  }

  long appended() {
    return appended.sum();
  }

  long late() {
    return late.sum();
  }

  long refused() {
    return refused.sum();
  }

  CompletableFuture<WriteResult> append(SampleBatch samples) {
    var answer = new CompletableFuture<WriteResult>();
    int its = (int) Math.min(WAITING_KIB, 1 + (samples.bytes() >> 10));
    try {
      room.acquire(its);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.completeExceptionally(closed());
      return answer;
    }
    if (!enqueue(new Batch(samples, its, answer))) {
      room.release(its);
      answer.completeExceptionally(closed());
    }
    return answer;
  }

  /// Has the sequencer's thread do something between two batches.
  <T> CompletableFuture<T> call(Supplier<T> body) {
    var answer = new CompletableFuture<T>();
    if (!enqueue(new Task<>(body, answer))) {
      answer.completeExceptionally(closed());
    }
    return answer;
  }

  /// Keeps exemplars in the head and the log.
  CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
    return record(() -> {
      recordNewSeries();
      int accepted = 0;
      int outOfOrder = 0;
      int tooLong = 0;
      int unknown = 0;
      for (SeriesExemplar each : exemplars) {
        if (each.exemplar().labelCharacters() > Exemplar.MAX_LABEL_CHARACTERS) {
          tooLong++;
          continue;
        }
        switch (head.offer(each.seriesRef(), each.exemplar())) {
          case STORED, LATE -> {
            log.exemplar(each.seriesRef(), each.exemplar());
            accepted++;
          }
          case REPEATED -> accepted++;
          case OUT_OF_ORDER, CONTRADICTING, TOO_OLD -> outOfOrder++;
          case UNKNOWN -> unknown++;
        }
      }
      return new ExemplarResult(accepted, outOfOrder, tooLong, unknown);
    });
  }

  /// Keeps what is told of metrics in the head and the log.
  CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
    return record(() -> {
      int fresh = 0;
      for (Map.Entry<String, MetricMetadata> metric : metrics.entrySet()) {
        if (head.metadata().put(metric.getKey(), metric.getValue())) {
          log.metadata(metric.getKey(), metric.getValue());
          fresh++;
        }
      }
      return fresh;
    });
  }

  private <T> CompletableFuture<T> record(Supplier<T> body) {
    var answer = new CompletableFuture<T>();
    if (!enqueue(new Recording<>(body, answer))) {
      answer.completeExceptionally(closed());
    }
    return answer;
  }

  private <T> void take(Recording<T> recording) {
    LogUnavailableException why = log.unavailable();
    if (why != null) {
      recording.answer.completeExceptionally(unavailable(why));
      return;
    }
    T result;
    try {
      result = recording.body.get();
    } catch (RuntimeException e) {
      recording.answer.completeExceptionally(
          new StoreUnavailableException("internal error: " + e, e));
      return;
    }
    log.flush(failure -> {
      if (failure == null) {
        recording.answer.complete(result);
      } else {
        recording.answer.completeExceptionally(unavailable(failure));
      }
    });
  }

  private static StoreUnavailableException closed() {
    return new StoreUnavailableException("the store is closed");
  }

  private boolean enqueue(Work work) {
    if (stopping) {
      return false;
    }
    try {
      queue.put(work);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (stopping && !thread.isAlive()) {
      refuseRest();
    }
    return true;
  }

  /// Ends the thread once what waits is done; the log is the caller's to close.
  void stop() throws InterruptedException {
    stopping = true;
    queue.put(new Stop());
    thread.join();
    refuseRest();
  }

  private void refuseRest() {
    for (Work work = queue.poll(); work != null; work = queue.poll()) {
      switch (work) {
        case Batch(_, int its, var answer) -> {
          room.release(its);
          answer.completeExceptionally(closed());
        }
        case Task<?>(_, var answer) -> answer.completeExceptionally(closed());
        case Recording<?>(_, var answer) -> answer.completeExceptionally(closed());
        case Stop() -> {}
      }
    }
  }

  private void run() {
    try {
      while (true) {
        switch (queue.take()) {
          case Batch(var samples, int its, var answer) -> {
            room.release(its);
            take(samples, answer);
          }
          case Task<?> task -> task.run();
          case Recording<?> recording -> take(recording);
          case Stop() -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("somebody interrupted the sequencer", e);
    } catch (Error e) {
      stopping = true;
      watcher.failed(e);
      throw e;
    }
  }

  private void take(SampleBatch samples, CompletableFuture<WriteResult> answer) {
    LogUnavailableException why = log.unavailable();
    if (why != null) {
      answer.completeExceptionally(unavailable(why));
      return;
    }
    WriteResult result;
    try {
      result = apply(samples);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a batch of " + samples.size() + " samples broke off", e);
      intake.flush();
      answer.completeExceptionally(new StoreUnavailableException("internal error: " + e, e));
      return;
    }
    log.flush(failure -> {
      if (failure == null) {
        answer.complete(result);
      } else {
        answer.completeExceptionally(unavailable(failure));
      }
    });
  }

  private static StoreUnavailableException unavailable(LogUnavailableException cause) {
    return new StoreUnavailableException(String.valueOf(cause.getMessage()), cause);
  }

  private WriteResult apply(SampleBatch samples) {
    recordNewSeries();
    WriteResult result = intake.take(samples, clock.millis());
    appended.add(intake.stored());
    late.add(intake.storedLate());
    refused.add(result.refusals().size());
    return result;
  }

  private void recordNewSeries() {
    for (var fresh = head.pollNew(); fresh != null; fresh = head.pollNew()) {
      String targetName = fresh.targetName();
      if (targetName != null) {
        log.target(fresh.target(), targetName);
      }
      log.series(fresh.ref(), fresh.target(), fresh.labels());
    }
  }
}
