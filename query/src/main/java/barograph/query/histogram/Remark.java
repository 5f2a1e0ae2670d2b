package barograph.query.histogram;

/// What the reader of a result should know about how it came to be from histograms.
public enum Remark {
  /// Floats and histograms met where one kind alone has a meaning.
  MIXED_WITH_FLOATS,
  /// Histograms with bounds of their own met such with a standard schema.
  MIXED_SCHEMAS,
  /// A function that corrects counters was given a gauge.
  NOT_A_COUNTER,
  /// A function on gauges was given a counter.
  NOT_A_GAUGE,
  /// A function on floats alone passed over histograms.
  HISTOGRAMS_IGNORED,
  /// One histogram said that counting began anew, another that it went on.
  RESETS_CONFLICT_IN_ADDITION,
  RESETS_CONFLICT_IN_SUBTRACTION,
  RESETS_CONFLICT_IN_AGGREGATION,
  /// Only the bounds that both histograms have were kept.
  BOUNDS_RECONCILED_IN_ADDITION,
  BOUNDS_RECONCILED_IN_SUBTRACTION,
  BOUNDS_RECONCILED_IN_AGGREGATION
}
