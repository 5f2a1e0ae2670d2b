package barograph.query;

import barograph.query.QueryException.Kind;
import barograph.query.ast.PromqlException;
import barograph.query.exec.Budget;
import barograph.query.exec.EvaluationException;
import barograph.query.exec.Heap;
import barograph.query.exec.HeavyLane;
import barograph.query.exec.MemoryPool;
import barograph.storage.StoreUnavailableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets queries in, each with a budget of memory and time, those that are much work in turn; knows
/// which are under way, and tells of slow ones in the log.
final class Admission {
  private static final System.Logger LOG = System.getLogger(Admission.class.getName());
  private static final int MOST_LOGGED = 2_000;

  /// Heavy queries that run at the same time are at least so many, lest one stops all others.
  private static final int LEAST_HEAVY = 2;

  private final EngineOptions options;
  private final InstantSource clock;
  private final MemoryPool memory;
  private final HeavyLane lane;
  private final HeavyTexts heavyTexts = new HeavyTexts();
  private final Set<ActiveQuery> active = ConcurrentHashMap.newKeySet();
  private final SecureRandom ids = new SecureRandom();

  Admission(EngineOptions options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    int cores = Runtime.getRuntime().availableProcessors();
    this.lane =
        new HeavyLane(
            Math.min(options.maxHeavy(), Math.max(LEAST_HEAVY, cores)), options.maxHeavy());
    this.memory = new MemoryPool(options.maxBytes(), Heap.ofProcess());
  }

  /// Does `work` as a query, on the caller's thread.
  ///
  /// @param text shown among the queries under way
  /// @param kind what queries of the same cost have in common
  /// @param started is handed the query as it starts, to cancel it by
  /// @throws QueryException if the work fails, takes too much or too long, or is cancelled
  <T> T admit(
      String text,
      String kind,
      QueryLimits limits,
      Consumer<ActiveQuery> started,
      Function<Budget, T> work) {
    var entry = new ActiveQuery(ids, text, clock.instant());
    active.add(entry);
    long start = System.nanoTime();
    try (var budget = budget(limits, entry)) {
      entry.runsOn(budget);
      try {
        started.accept(entry);
        if (heavyTexts.has(kind)) {
          budget.waitForTurn();
        }
        T answer = work.apply(budget);
        heavyTexts.note(kind, budget.hasWorkedHard());
        return answer;
      } catch (EvaluationException e) {
        noteFailure(e, kind, budget);
        throw e;
      } finally {
        log(text, System.nanoTime() - start, budget);
      }
    } catch (EvaluationException e) {
      throw new QueryException(kindOf(e.kind()), String.valueOf(e.getMessage()), e);
    } catch (PromqlException e) {
      throw new QueryException(Kind.EXECUTION, String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailableException e) {
      throw new QueryException(Kind.STORAGE, String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new QueryException(
          Kind.EXECUTION, "expression is nested too deeply to be evaluated", e);
    } finally {
      active.remove(entry);
    }
  }

  /// What a query was that was not let in, or not to its end, is not known unless it was much.
  private void noteFailure(EvaluationException failure, String kind, Budget budget) {
    switch (failure.kind()) {
      case NO_RESULT, TOO_MANY_SAMPLES, TIMEOUT, CANCELLED ->
          heavyTexts.note(kind, budget.hasWorkedHard());
      case REFUSED, NOT_BRIEF -> {
        if (budget.hasWorkedHard()) {
          heavyTexts.note(kind, true);
        }
      }
    }
  }

  private void log(String text, long nanos, Budget budget) {
    if (options.slow().isZero() || nanos < options.slow().toNanos() || budget.isGivenUp()) {
      return;
    }
    LOG.log(
        System.Logger.Level.INFO,
        "slow query: {0} ms, {1} series, {2} samples read, at most {3} bytes: {4}",
        Long.toString(nanos / 1_000_000),
        Long.toString(budget.seriesFound()),
        Long.toString(budget.samplesRead()),
        Long.toString(budget.peakBytes()),
        text.length() > MOST_LOGGED ? text.substring(0, MOST_LOGGED) + " …" : text);
  }

  private Budget budget(QueryLimits limits, ActiveQuery entry) {
    long samples =
        limits.maxSamples() == null
            ? options.maxSamples()
            : Math.min(limits.maxSamples(), options.maxSamples());
    var budget =
        new Budget(
            samples,
            Math.min(options.maxQueryBytes(), options.maxBytes()),
            shorter(limits.timeout(), options.timeout()).toNanos(),
            System::nanoTime,
            entry::isCancelled,
            memory,
            limits.urgent() ? null : lane);
    if (limits.brief()) {
      budget.mustBeBrief();
    }
    return budget;
  }

  private static Duration shorter(@Nullable Duration wanted, Duration most) {
    return wanted == null || wanted.compareTo(most) > 0 ? most : wanted;
  }

  private static Kind kindOf(EvaluationException.Kind kind) {
    return switch (kind) {
      case NO_RESULT -> Kind.EXECUTION;
      case TOO_MANY_SAMPLES -> Kind.TOO_MANY_SAMPLES;
      case TIMEOUT -> Kind.TIMEOUT;
      case CANCELLED -> Kind.CANCELLED;
      case REFUSED -> Kind.REFUSED;
      case NOT_BRIEF -> Kind.NOT_BRIEF;
    };
  }

  /// See [QueryEngine#keep].
  Runnable keep(long bytes) {
    String refusal = memory.take(bytes, 100);
    if (!refusal.isEmpty()) {
      throw new QueryException(
          Kind.TOO_MANY_SAMPLES,
          "query processing would load too many samples into memory in query execution: "
              + refusal);
    }
    var kept = new AtomicBoolean(true);
    return () -> {
      if (kept.getAndSet(false)) {
        memory.giveBack(bytes);
      }
    };
  }

  /// The queries under way, in no order.
  List<ActiveQuery> active() {
    return List.copyOf(active);
  }

  /// Cancels the query under way that has this id; false if there is none.
  boolean cancel(String id) {
    for (var query : active) {
      if (query.id().equals(id)) {
        query.cancel();
        return true;
      }
    }
    return false;
  }

  /// How many heavy queries are at work.
  int heavyRunning() {
    return lane.running();
  }

  /// How many heavy queries wait for their turn.
  int heavyWaiting() {
    return lane.waiting();
  }
}
