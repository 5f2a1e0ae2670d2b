package barograph.query;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// How an engine answers: defaults, ceilings and the features switched on.
///
/// @param lookback how old the newest sample of a series may be to count as its present value
/// @param timeout the longest that a query may take
/// @param maxSamples samples that one query may hold at the same time
/// @param maxBytes memory that all queries together may hold, about
/// @param maxQueryBytes memory that one query may hold, about
/// @param maxHeavy heavy queries that are at work or wait for their turn
/// @param slow queries that take longer are logged; zero: none
/// @param subqueryStep the step of a subquery that names none
/// @param leastSamplesKept answers of range queries that read fewer samples are not kept for those
///   that ask again
/// @param features what is off by default
public record EngineOptions(
    Duration lookback,
    Duration timeout,
    long maxSamples,
    long maxBytes,
    long maxQueryBytes,
    int maxHeavy,
    Duration slow,
    Duration subqueryStep,
    long leastSamplesKept,
    Set<Feature> features) {
  /// What `--enable-feature` can switch on in queries.
  public enum Feature {
    EXPERIMENTAL_FUNCTIONS("promql-experimental-functions"),
    EXTENDED_RANGE_SELECTORS("promql-extended-range-selectors"),
    BINOP_FILL_MODIFIERS("promql-binop-fill-modifiers"),
    /// Names are dropped at the end of the evaluation and not by each operator.
    DELAYED_NAME_REMOVAL("promql-delayed-name-removal"),
    /// The samples of each step are counted where `stats=all` asks for them.
    PER_STEP_STATS("promql-per-step-stats");

    private final String flag;

    Feature(String flag) {
      this.flag = flag;
    }

    /// Its name on the command line.
    public String flag() {
      return flag;
    }
  }

  public EngineOptions {
    features = Set.copyOf(features);
    if (maxHeavy < 1 || slow.isNegative()) {
      throw new IllegalArgumentException(
          "%d heavy queries at most, slow from %s on: at least one, and not below zero"
              .formatted(maxHeavy, slow));
    }
    if (lookback.toMillis() <= 0 || timeout.toMillis() <= 0 || subqueryStep.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "lookback %s, timeout %s and subquery step %s must all be above a millisecond"
              .formatted(lookback, timeout, subqueryStep));
    }
    if (maxSamples <= 0 || maxBytes <= 0 || maxQueryBytes <= 0) {
      throw new IllegalArgumentException(
          "queries may hold %d samples, %d bytes each and %d bytes together: all must be positive"
              .formatted(maxSamples, maxQueryBytes, maxBytes));
    }
  }

  /// Prometheus's defaults, and for memory two fifths of the heap, of which one query may have
  /// three quarters.
  public static EngineOptions defaults() {
    return new EngineOptions(
        Duration.ofMinutes(5),
        Duration.ofMinutes(2),
        50_000_000,
        Runtime.getRuntime().maxMemory() / 5 * 2,
        Runtime.getRuntime().maxMemory() / 10 * 3,
        20,
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        20_000,
        Set.of());
  }

  public EngineOptions withLookback(Duration newLookback) {
    return new EngineOptions(
        newLookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withTimeout(Duration newTimeout) {
    return new EngineOptions(
        lookback,
        newTimeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withMaxSamples(long samples) {
    return new EngineOptions(
        lookback,
        timeout,
        samples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withMaxBytes(long bytes) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        bytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withMaxQueryBytes(long bytes) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        bytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withMaxHeavy(int queries) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        queries,
        slow,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withSlow(Duration longer) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        longer,
        subqueryStep,
        leastSamplesKept,
        features);
  }

  public EngineOptions withSubqueryStep(Duration step) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        step,
        leastSamplesKept,
        features);
  }

  public EngineOptions withLeastSamplesKept(long samples) {
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        samples,
        features);
  }

  /// These options with `more` switched on too.
  public EngineOptions with(Feature... more) {
    var all = EnumSet.noneOf(Feature.class);
    all.addAll(features);
    all.addAll(Arrays.asList(more));
    return new EngineOptions(
        lookback,
        timeout,
        maxSamples,
        maxBytes,
        maxQueryBytes,
        maxHeavy,
        slow,
        subqueryStep,
        leastSamplesKept,
        all);
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }
}
