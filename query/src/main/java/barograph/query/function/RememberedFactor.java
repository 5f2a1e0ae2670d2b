package barograph.query.function;

/// The extrapolation of the window before, which is that of the next one too where samples lie in
/// both alike: a fleet that is scraped on a beat saves most of its divisions.
///
/// It depends on the values only where a counter would be continued to below zero; such a factor is
/// neither remembered nor taken from memory. The result has the very bits of
/// [Extrapolation#factor].
final class RememberedFactor {
  private long sampledMillis = -1;
  private long toStartMillis;
  private long toEndMillis;
  private long count;
  private double factor;

  /// Whether the factor depends on the samples' times alone: what had been counted before is no
  /// less than what came since, and the way back is no longer.
  ///
  /// @param wayBackIsShort whether it is no longer from the first sample to the window's start than
  ///   to the last sample
  static boolean isFarFromZero(
      Extrapolation.Kind kind, double first, double growth, boolean wayBackIsShort) {
    return kind == Extrapolation.Kind.DELTA
        || !(growth > 0 && first >= 0)
        || (first >= growth && wayBackIsShort);
  }

  /// What the growth over a window is multiplied with; the window's length and `kind` are the same
  /// each time.
  ///
  /// @see Extrapolation#factor
  double of(
      Extrapolation.Kind kind,
      long firstMillis,
      long lastMillis,
      long samples,
      long startMillis,
      long endMillis,
      double first,
      double growth) {
    long sampled = lastMillis - firstMillis;
    long toStart = firstMillis - startMillis;
    long toEnd = endMillis - lastMillis;
    boolean farFromZero = isFarFromZero(kind, first, growth, sampled >= toStart);
    if (farFromZero
        && sampled == sampledMillis
        && toStart == toStartMillis
        && toEnd == toEndMillis
        && samples == count) {
      return factor;
    }
    double computed =
        Extrapolation.factor(
            kind, firstMillis, lastMillis, samples, startMillis, endMillis, first, growth);
    if (farFromZero) {
      sampledMillis = sampled;
      toStartMillis = toStart;
      toEndMillis = toEnd;
      count = samples;
      factor = computed;
    }
    return computed;
  }
}
