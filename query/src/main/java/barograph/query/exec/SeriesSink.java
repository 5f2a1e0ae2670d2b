package barograph.query.exec;

import barograph.storage.model.Labels;

/// Takes series, one after the other, each with its points at all steps.
@FunctionalInterface
interface SeriesSink {
  /// Takes one series.
  ///
  /// @param dropsName whether the name, still among `labels`, goes away at the end of the query
  /// @param column lent until this returns, and free to be overwritten; has at least one point
  void accept(Labels labels, boolean dropsName, Column column);
}
