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
public record QueryLimits(
    @Nullable Duration timeout,
    @Nullable Duration lookback,
    @Nullable Long maxSamples,
    boolean urgent,
    boolean anew,
    boolean countsSteps) {
  /// Whatever the engine allows.
  public static final QueryLimits DEFAULT = new QueryLimits(null, null, null, false, false, false);

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
    return new QueryLimits(newTimeout, lookback, maxSamples, urgent, anew, countsSteps);
  }

  public QueryLimits withLookback(Duration newLookback) {
    return new QueryLimits(timeout, newLookback, maxSamples, urgent, anew, countsSteps);
  }

  public QueryLimits withMaxSamples(long samples) {
    return new QueryLimits(timeout, lookback, samples, urgent, anew, countsSteps);
  }

  /// The same for a query that waits for nobody.
  public QueryLimits asUrgent() {
    return new QueryLimits(timeout, lookback, maxSamples, true, anew, countsSteps);
  }

  /// The same for a query of which everything is computed anew.
  public QueryLimits computingAnew() {
    return new QueryLimits(timeout, lookback, maxSamples, urgent, true, countsSteps);
  }

  /// The same for a query of which the samples of each step are counted.
  public QueryLimits countingSteps() {
    return new QueryLimits(timeout, lookback, maxSamples, urgent, anew, true);
  }
}
