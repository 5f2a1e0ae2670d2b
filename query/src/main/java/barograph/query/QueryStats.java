package barograph.query;

import java.util.List;

/// What a query took: samples as the field counts them, and time in nanoseconds.
///
/// @param queryableSamples samples that the evaluation looked at, counted again for every step that
///   looks at them
/// @param samplesRead samples decoded, each time once per selector
/// @param peakSamples most samples held at the same time
/// @param series series found in the store, each time once per look-up
/// @param peakBytes most memory held at the same time, about
/// @param prepareNanos parsing and planning
/// @param evaluateNanos reading and computing
/// @param sortNanos putting the result's series in order
/// @param totalNanos all of it
/// @param queryablePerStep the same as `queryableSamples` by step, if it was to be counted
public record QueryStats(
    long queryableSamples,
    long samplesRead,
    long peakSamples,
    long series,
    long peakBytes,
    long prepareNanos,
    long evaluateNanos,
    long sortNanos,
    long totalNanos,
    List<Long> queryablePerStep) {
  public QueryStats {
    queryablePerStep = List.copyOf(queryablePerStep);
  }

  /// Of a query that was answered without evaluating anything.
  static final QueryStats NOTHING = new QueryStats(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
}
