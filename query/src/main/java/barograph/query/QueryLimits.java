package barograph.query;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one query may take, and how far it looks back; what is absent comes from [EngineOptions].
///
/// A limit can only be tighter than the engine's, never wider.
///
/// @param timeout from the call to the answer
/// @param lookback how old the newest sample of a series may be to count as its present value
/// @param maxSamples samples held at the same time
/// @param urgent whether it is asked by a rule and so waits for nobody
/// @param anew whether nothing is taken from answers of before
/// @param countsSteps whether the samples of each step are counted, if the engine's options allow
///   it
/// @param brief whether it is given up ([QueryException.Kind#NOT_BRIEF]) as soon as it turns out to
///   be more than a moment's work, or would have to wait
public record QueryLimits(
    @Nullable Duration timeout,
    @Nullable Duration lookback,
    @Nullable Long maxSamples,
    boolean urgent,
    boolean anew,
    boolean countsSteps,
    boolean brief) {
  /// Whatever the engine allows.
  public static final QueryLimits DEFAULT =
      new QueryLimits(null, null, null, false, false, false, false);

  public QueryLimits {
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("query timeout is %s, not above zero".formatted(timeout));
    }
    if (lookback != null && lookback.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "lookback is %s, less than a millisecond".formatted(lookback));
    }
    if (maxSamples != null && maxSamples <= 0) {
      throw new IllegalArgumentException("query may hold %d samples".formatted(maxSamples));
    }
  }

  public QueryLimits withTimeout(Duration newTimeout) {
    return new QueryLimits(newTimeout, lookback, maxSamples, urgent, anew, countsSteps, brief);
  }

  public QueryLimits withLookback(Duration newLookback) {
    return new QueryLimits(timeout, newLookback, maxSamples, urgent, anew, countsSteps, brief);
  }

  public QueryLimits withMaxSamples(long samples) {
    return new QueryLimits(timeout, lookback, samples, urgent, anew, countsSteps, brief);
  }

  /// The same for a query that waits for nobody.
  public QueryLimits asUrgent() {
    return new QueryLimits(timeout, lookback, maxSamples, true, anew, countsSteps, brief);
  }

  /// The same for a query of which everything is computed anew.
  public QueryLimits computingAnew() {
    return new QueryLimits(timeout, lookback, maxSamples, urgent, true, countsSteps, brief);
  }

  /// The same for a query of which the samples of each step are counted.
  public QueryLimits countingSteps() {
    return new QueryLimits(timeout, lookback, maxSamples, urgent, anew, true, brief);
  }

  /// The same for a query that is answered in a moment or given up.
  public QueryLimits briefly() {
    return new QueryLimits(timeout, lookback, maxSamples, urgent, anew, countsSteps, true);
  }
}
