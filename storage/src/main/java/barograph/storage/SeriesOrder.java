package barograph.storage;

/// In which order a [Reader] gives the series that it has found.
public enum SeriesOrder {
  /// That of their labels.
  LABELS,

  /// That in which they came first, where only the newest samples are looked at, those that are in
  /// no block yet; otherwise that of their labels. Prometheus's storage gives them to a query so:
  /// `topk` picks among equal values by it, and the last bits of a sum hang on it.
  FIRST_COME
}
