package barograph.query.exec;

import barograph.query.exec.EvaluationException.Kind;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What one query may hold and how long it may run, and what it has taken so far.
///
/// Operators call [#hold] before they allocate and [#work] inside their loops. The clock is looked
/// at only once in many thousand units of work, so that calling costs next to nothing. Counting may
/// come from several threads; each counts its work on a [Meter] of its own.
public final class Budget implements AutoCloseable {
  private static final int WORK_PER_LOOK = 1 << 16;
  private static final int BYTES_PER_SAMPLE = 16;
  private static final long BYTES_PER_TAKE = 1 << 20;

  /// A `Labels` object with its array, and each pair of references in it.
  private static final int LABELS_BYTES = 48;

  private static final int PAIR_BYTES = 8;

  /// Values from here on may be strings of this query's own; shorter ones are shared.
  private static final int OWN_CHARS = 49;

  private static final int STRING_BYTES = 40;

  /// Work from which on a query is heavy: some ten milliseconds of it.
  private static final long HEAVY_UNITS = 8 << 20;

  /// Work and time from which on a query is no longer brief. The clock is there for what is little
  /// work and takes long all the same, such as pages that are not in memory.
  private static final long BRIEF_UNITS = 1 << 20;

  private static final long BRIEF_NANOS = 4_000_000;
  private static final int BRIEF_WORK_PER_LOOK = 1 << 13;

  /// How much of the memory of all queries may be taken when a heavy query, a light one and an
  /// urgent one has what it asks for.
  private static final int HEAVY_PERCENT = 80;

  private static final int LIGHT_PERCENT = 90;
  private static final int URGENT_PERCENT = 100;

  private static final String TOO_MUCH =
      "query processing would load too many samples into memory in query execution";

  private final long maxSamples;
  private final long maxBytes;
  private final long startNanos;
  private final long timeoutNanos;
  private final LongSupplier nanoTime;
  private final BooleanSupplier cancelled;
  private final MemoryPool pool;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final AtomicLong heldBytes = new AtomicLong();
  private final LongAdder samplesRead = new LongAdder();
  private final LongAdder samplesQueried = new LongAdder();
  private final LongAdder seriesFound = new LongAdder();
  private final LongAdder work = new LongAdder();
  private final Meter ownMeter = new Meter();
  private final Thread owner = Thread.currentThread();
  private final @Nullable HeavyLane lane;
  private volatile boolean brief;
  private volatile boolean givenUp;
  private volatile boolean heavy;
  private volatile long takenBytes;
  private volatile long peakBytes;

  /// @param maxSamples most samples held at the same time
  /// @param maxBytes most memory taken, about
  /// @param timeoutNanos from now on
  /// @param nanoTime a clock that only rises
  /// @param cancelled whether somebody wants this to end
  /// @param lane where the query waits for its turn once it is heavy; null if it is urgent
  public Budget(
      long maxSamples,
      long maxBytes,
      long timeoutNanos,
      LongSupplier nanoTime,
      BooleanSupplier cancelled,
      MemoryPool pool,
      @Nullable HeavyLane lane) {
    this.maxSamples = maxSamples;
    this.maxBytes = maxBytes;
    this.startNanos = nanoTime.getAsLong();
    this.timeoutNanos = timeoutNanos;
    this.nanoTime = nanoTime;
    this.cancelled = cancelled;
    this.pool = pool;
    this.lane = lane;
  }

  /// Has the query given up, from now on, where it would be more than a moment's work or would wait
  /// for its turn.
  public void mustBeBrief() {
    brief = true;
    ownMeter.lookSooner();
  }

  /// Whether the query is given up unless it is a moment's work: nobody is called to help it.
  boolean isBrief() {
    return brief;
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
      throw new EvaluationException(Kind.TOO_MANY_SAMPLES, TOO_MUCH);
    }
    takeBytes(now * BYTES_PER_SAMPLE + heldBytes.get());
  }

  /// Counts `bytes` that are no samples as held for as long as the query lives: label pairs,
  /// handles of series, an answer being written.
  ///
  /// @throws EvaluationException if the query may not hold so many
  void take(long bytes) {
    long now = heldBytes.addAndGet(bytes);
    takeBytes(held.get() * BYTES_PER_SAMPLE + now);
  }

  /// Of this budget, for others to take from, who are stopped also by the clock: whoever asks does
  /// so rarely.
  public Allowance watched() {
    return bytes -> {
      take(bytes);
      workDone(bytes);
    };
  }

  /// Counts the labels of a series, and what an operator needs to keep them, as held.
  void hold(Labels labels) {
    long bytes = LABELS_BYTES + (long) PAIR_BYTES * labels.size();
    for (int i = 0; i < labels.size(); i++) {
      int length = labels.value(i).length();
      if (length >= OWN_CHARS) {
        bytes += STRING_BYTES + length;
      }
    }
    take(bytes);
  }

  private void takeBytes(long needed) {
    if (needed > takenBytes) {
      takeMore(needed);
    }
  }

  private synchronized void takeMore(long needed) {
    if (needed > maxBytes) {
      throw new EvaluationException(
          Kind.TOO_MANY_SAMPLES,
          "%s: it would hold %d bytes, at most %d".formatted(TOO_MUCH, needed, maxBytes));
    }
    if (needed > takenBytes) {
      long more = Math.max(BYTES_PER_TAKE, needed - takenBytes);
      String refusal =
          pool.take(more, lane == null ? URGENT_PERCENT : heavy ? HEAVY_PERCENT : LIGHT_PERCENT);
      if (!refusal.isEmpty()) {
        throw new EvaluationException(Kind.TOO_MANY_SAMPLES, TOO_MUCH + ": " + refusal);
      }
      takenBytes += more;
      if (takenBytes > peakBytes) {
        peakBytes = takenBytes;
      }
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

    private int perLook = WORK_PER_LOOK;

    /// Counts work done; see [Budget#work].
    void work(int units) {
      untilLook -= units;
      if (untilLook <= 0) {
        // Of a large part, all of it counts.
        int done = perLook - untilLook;
        untilLook = perLook;
        workDone(done);
      }
    }

    private void lookSooner() {
      perLook = BRIEF_WORK_PER_LOOK;
      untilLook = perLook;
    }
  }

  private void workDone(long units) {
    work.add(units);
    look();
    if (brief && (work.sum() > BRIEF_UNITS || nanoTime.getAsLong() - startNanos > BRIEF_NANOS)) {
      throw notBrief();
    }
    if (!heavy
        && lane != null
        && owner.equals(Thread.currentThread())
        && work.sum() > HEAVY_UNITS) {
      waitForTurn();
    }
  }

  /// Makes this query a heavy one, which waits until it may go on.
  ///
  /// @throws EvaluationException if it may not, or not before its time is over
  public void waitForTurn() {
    if (brief) {
      throw notBrief();
    }
    if (!heavy && lane != null) {
      lane.enter(this::look);
      heavy = true;
    }
  }

  /// Whether the query was to be brief and was not.
  public boolean isGivenUp() {
    return givenUp;
  }

  private EvaluationException notBrief() {
    givenUp = true;
    return new EvaluationException(Kind.NOT_BRIEF, "query is more than a moment's work");
  }

  /// Whether the query has not waited for its turn, and so much more work would make it do so.
  boolean willWorkHard(long units) {
    if (brief) {
      return work.sum() + units > BRIEF_UNITS;
    }
    return !heavy && lane != null && work.sum() + units > HEAVY_UNITS;
  }

  /// Whether it has been more work than a light query is.
  public boolean isHeavy() {
    return heavy;
  }

  /// Looks at the clock at once.
  ///
  /// @throws EvaluationException if the time is over or somebody cancelled
  public void look() {
    if (cancelled.getAsBoolean()) {
      throw new EvaluationException(Kind.CANCELLED, "query was canceled in expression evaluation");
    }
    if (nanoTime.getAsLong() - startNanos > timeoutNanos) {
      throw new EvaluationException(Kind.TIMEOUT, "query timed out in expression evaluation");
    }
  }

  /// Counts series that were found in the store.
  void found(long series) {
    seriesFound.add(series);
  }

  public long seriesFound() {
    return seriesFound.sum();
  }

  /// Whether it has done more than a light query does, whatever it was taken for.
  public boolean hasWorkedHard() {
    return work.sum() > HEAVY_UNITS;
  }

  /// Memory that is taken now, in steps of a mebibyte.
  public long takenBytes() {
    return takenBytes;
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

  /// Most memory that was taken, in steps of a mebibyte.
  public long peakBytes() {
    return peakBytes;
  }

  /// Gives the memory back, and lets the next heavy query in.
  @Override
  public synchronized void close() {
    if (heavy && lane != null) {
      lane.leave();
      heavy = false;
    }
    pool.giveBack(takenBytes);
    takenBytes = 0;
  }
}
