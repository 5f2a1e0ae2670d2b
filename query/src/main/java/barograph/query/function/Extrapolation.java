package barograph.query.function;

/// How much further a growth reaches than the samples that it was seen in.
///
/// Where the samples come close enough to an edge of their window the growth is continued up to it,
/// else for half an average interval; a counter is never continued to below zero.
public final class Extrapolation {
  private Extrapolation() {}

  /// What a growth is multiplied with to be that of the whole window, or of a second of it.
  ///
  /// @param firstMillis time of the first of `count` samples, at least two, in the window after
  ///   `startMillis` up to `endMillis`
  /// @param first what a counter had counted at the first sample
  /// @param growth by how much it grew until the last
  public static double factor(
      Kind kind,
      long firstMillis,
      long lastMillis,
      long count,
      long startMillis,
      long endMillis,
      double first,
      double growth) {
    double sampled = (lastMillis - firstMillis) / 1000.0;
    double average = sampled / (count - 1);
    double threshold = average * 1.1;
    double toStart = (firstMillis - startMillis) / 1000.0;
    double toEnd = (endMillis - lastMillis) / 1000.0;
    if (toStart >= threshold) {
      toStart = average / 2;
    }
    if (kind != Kind.DELTA) {
      double toZero = toStart;
      if (growth > 0 && first >= 0) {
        toZero = sampled * (first / growth);
      }
      if (toZero < toStart) {
        toStart = toZero;
      }
    }
    if (toEnd >= threshold) {
      toEnd = average / 2;
    }
    double factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
    if (kind == Kind.RATE) {
      factor /= (endMillis - startMillis) / 1000.0;
    }
    return factor;
  }

  /// What growth is asked for.
  public enum Kind {
    /// Of a counter, per second.
    RATE,
    /// Of a counter.
    INCREASE,
    /// Of a gauge.
    DELTA
  }
}
