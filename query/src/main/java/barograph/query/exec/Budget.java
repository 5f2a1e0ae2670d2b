package barograph.query.exec;

import barograph.query.exec.EvaluationException.Kind;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// What one query may hold and how long it may run, and what it has taken so far.
///
/// Operators call [#hold] before they allocate and [#work] inside their loops. The clock is looked
/// at only once in many thousand units of work, so that calling costs next to nothing. Counting may
/// come from several threads; each counts its work on a [Meter] of its own.
public final class Budget implements AutoCloseable {
  private static final int WORK_PER_LOOK = 1 << 16;
  private static final int BYTES_PER_SAMPLE = 16;
  private static final long BYTES_PER_TAKE = 1 << 20;

  private final long maxSamples;
  private final long startNanos;
  private final long timeoutNanos;
  private final LongSupplier nanoTime;
  private final BooleanSupplier cancelled;
  private final MemoryPool pool;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final LongAdder samplesRead = new LongAdder();
  private final LongAdder samplesQueried = new LongAdder();
  private final Meter ownMeter = new Meter();
  private long takenBytes;

  /// @param maxSamples most samples held at the same time
  /// @param timeoutNanos from now on
  /// @param nanoTime a clock that only rises
  /// @param cancelled whether somebody wants this to end
  public Budget(
      long maxSamples,
      long timeoutNanos,
      LongSupplier nanoTime,
      BooleanSupplier cancelled,
      MemoryPool pool) {
    this.maxSamples = maxSamples;
    this.startNanos = nanoTime.getAsLong();
    this.timeoutNanos = timeoutNanos;
    this.nanoTime = nanoTime;
    this.cancelled = cancelled;
    this.pool = pool;
  }

  /// Counts `samples` as held from now on.
  ///
  /// @throws EvaluationException if the query may not hold so many
  void hold(long samples) {
    long now = held.addAndGet(samples);
    if (now > peak.get()) {
      peak.accumulateAndGet(now, Math::max);
    }
    if (now > maxSamples || now < 0) {
      throw new EvaluationException(
          Kind.TOO_MANY_SAMPLES,
          "query processing would load too many samples into memory in query execution");
    }
    takeBytes(now * BYTES_PER_SAMPLE);
  }

  private synchronized void takeBytes(long needed) {
    if (needed > takenBytes) {
      long more = Math.max(BYTES_PER_TAKE, needed - takenBytes);
      if (!pool.take(more)) {
        throw new EvaluationException(
            Kind.TOO_MANY_SAMPLES,
            "query processing would load too many samples into memory in query execution:"
                + " the memory of all queries is taken");
      }
      takenBytes += more;
    }
  }

  /// How many samples so many bytes count for.
  static long samples(long bytes) {
    return (bytes + BYTES_PER_SAMPLE - 1) / BYTES_PER_SAMPLE;
  }

  /// Counts `samples` as let go.
  void release(long samples) {
    held.addAndGet(-samples);
  }

  /// What is held now, to be handed to [#releaseTo] later.
  long held() {
    return held.get();
  }

  /// Lets go of whatever was held since `before` was.
  void releaseTo(long before) {
    held.set(before);
  }

  /// Counts samples that came from the store.
  void read(long samples) {
    samplesRead.add(samples);
  }

  /// Counts samples that a step looked at.
  void queried(long samples) {
    samplesQueried.add(samples);
  }

  /// Counts work done, about one unit per number touched.
  ///
  /// @throws EvaluationException if the time is over or somebody cancelled
  void work(int units) {
    ownMeter.work(units);
  }

  /// A counter of work for another thread.
  Meter meter() {
    return new Meter();
  }

  /// Counts the work of one thread, and looks at the clock now and then.
  final class Meter {
    private int untilLook = WORK_PER_LOOK;

    /// Counts work done; see [Budget#work].
    void work(int units) {
      untilLook -= units;
      if (untilLook <= 0) {
        untilLook = WORK_PER_LOOK;
        look();
      }
    }
  }

  /// Looks at the clock at once.
  void look() {
    if (cancelled.getAsBoolean()) {
      throw new EvaluationException(Kind.CANCELLED, "query was canceled in expression evaluation");
    }
    if (nanoTime.getAsLong() - startNanos > timeoutNanos) {
      throw new EvaluationException(Kind.TIMEOUT, "query timed out in expression evaluation");
    }
  }

  public long samplesRead() {
    return samplesRead.sum();
  }

  public long samplesQueried() {
    return samplesQueried.sum();
  }

  public long peakSamples() {
    return peak.get();
  }

  /// Gives the memory back.
  @Override
  public synchronized void close() {
    pool.giveBack(takenBytes);
    takenBytes = 0;
  }
}
