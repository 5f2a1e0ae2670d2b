package barograph.storage;

import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.head.Appended;
import barograph.storage.head.Head;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.MetricMetadata;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one thread that changes the head: it takes batches in turn, applies what can be taken,
/// records it in the log, and answers when the log says that it is safe.
final class Sequencer {
  private static final Logger LOG = System.getLogger(Sequencer.class.getName());

  /// How far a sample may be ahead of the clock.
  private static final long AHEAD_MILLIS = Duration.ofMinutes(10).toMillis();

  /// Earlier timestamps are nonsense, and arithmetic with them could overflow.
  private static final long EARLIEST = -(1L << 52);

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
  private final Gather gather;
  private final LateGather lateGather;

  private final ChangeTimes changes = new ChangeTimes();

  private volatile boolean stopping;
  private volatile long windowMillis;
  private volatile long keptMillis;
  private final LongAdder appended = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder refused = new LongAdder();

  Sequencer(Head head, Log log, InstantSource clock, StoreWatcher watcher, int waitingBatches) {
    this.head = head;
    this.log = log;
    this.clock = clock;
    this.watcher = watcher;
    this.queue = new ArrayBlockingQueue<>(waitingBatches);
    this.gather = new Gather(log);
    this.lateGather = new LateGather(log);
    this.thread = Thread.ofPlatform().name("barograph-sequencer").unstarted(this::run);
  }

  /// When samples have changed last; changed by the sequencer's thread alone, see [#call].
  ChangeTimes changes() {
    return changes;
  }

  /// How far behind samples may come out of order; [Duration#ZERO] for not at all.
  void acceptOutOfOrder(Duration window) {
    windowMillis = window.toMillis();
  }

  /// How far behind the newest sample any may lie at all, as retention would delete it at once;
  /// [Duration#ZERO] for any distance.
  void keepFor(Duration retention) {
    keptMillis = retention.toMillis();
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
      gather.flush();
      lateGather.flush();
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
    changes.begin();
    long now = clock.millis();
    long latest = now + AHEAD_MILLIS;
    long newest = head.newestTime();
    long oldest = oldestKept(now, newest);
    int accepted = 0;
    int stored = 0;
    int storedLate = 0;
    List<Refusal> refusals = List.of();
    int count = samples.size();
    for (int i = 0; i < count; i++) {
      int ref = samples.series(i);
      long time = samples.timestampMillis(i);
      Reason reason = null;
      if (time > latest) {
        reason = Reason.TOO_FAR_AHEAD;
      } else if (time < oldest) {
        reason = Reason.TOO_OLD;
      } else {
        changes.touch(time);
        Histogram histogram = samples.histogram(i);
        Appended outcome =
            offer(ref, time, samples.value(i), histogram, now, samples.isOnlyAhead());
        switch (outcome) {
          case LATE -> {
            if (histogram == null) {
              lateGather.add(ref, time, samples.value(i));
            } else {
              log.lateHistogram(ref, time, histogram);
            }
            stored++;
            storedLate++;
            accepted++;
          }
          case STORED -> {
            if (histogram == null) {
              gather.add(ref, head.lastTarget(), time, samples.value(i));
            } else {
              log.histogram(ref, time, histogram);
            }
            stored++;
            accepted++;
            if (time > newest) {
              newest = time;
              oldest = oldestKept(now, newest);
            }
          }
          case REPEATED -> accepted++;
          case OUT_OF_ORDER -> reason = Reason.OUT_OF_ORDER;
          case CONTRADICTING -> reason = Reason.DUPLICATE_TIMESTAMP;
          case TOO_OLD -> reason = Reason.TOO_OLD;
          case UNKNOWN -> reason = Reason.UNKNOWN_SERIES;
        }
      }
      if (reason != null && !samples.isOnlyAhead()) {
        if (refusals.isEmpty()) {
          refusals = new ArrayList<>();
        }
        refusals.add(new Refusal(i, reason));
      }
    }
    changes.end();
    gather.flush();
    lateGather.flush();
    appended.add(stored);
    late.add(storedLate);
    refused.add(refusals.size());
    return new WriteResult(accepted, refusals);
  }

  /// The time before which nothing is taken: retention counts from the newest sample, or from the
  /// clock if that is earlier.
  private long oldestKept(long now, long newest) {
    long kept = keptMillis;
    return kept == 0 ? EARLIEST : Math.max(EARLIEST, Math.min(now, newest) - kept);
  }

  /// @param histogram null for a float
  /// @param onlyAhead whether nothing is taken late
  private Appended offer(
      int ref,
      long time,
      double value,
      @Nullable Histogram histogram,
      long now,
      boolean onlyAhead) {
    // A cut that a full disk has stopped raises the floor until the next start: what came late
    // meanwhile may be ahead of what came in order.
    boolean isHeldLate =
        time <= head.late().newestRestored()
            && time >= head.floor()
            && head.late().holds(ref, time);
    Appended inOrder =
        isHeldLate
            ? Appended.OUT_OF_ORDER
            : histogram == null
                ? head.append(ref, time, value)
                : head.histograms().offer(ref, time, histogram);
    long window = windowMillis;
    boolean isLate =
        switch (inOrder) {
          case OUT_OF_ORDER, TOO_OLD -> true;
          case REPEATED, CONTRADICTING -> head.tombstones().covers(ref, time);
          case STORED, LATE, UNKNOWN -> false;
        };
    if (!isLate || window == 0 || onlyAhead) {
      return inOrder;
    }
    if (time < Math.min(now, head.newestTime()) - window) {
      return Appended.TOO_OLD;
    }
    return histogram == null
        ? head.late().offer(ref, time, value)
        : head.late().offer(ref, time, histogram);
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
