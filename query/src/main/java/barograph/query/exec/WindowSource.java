package barograph.query.exec;

import barograph.query.window.HistogramSamples;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;

/// Yields the samples of series, over which windows are then moved.
@FunctionalInterface
interface WindowSource {
  /// Pushes every series that has a sample in any window; runs once.
  void run(Sink sink);

  /// Takes series with their samples.
  @FunctionalInterface
  interface Sink {
    /// Takes one series.
    ///
    /// @param samples its floats, without stale markers; lent until this returns
    /// @param histograms its histograms; lent as well
    void accept(
        Labels labels, boolean dropsName, SampleColumns samples, HistogramSamples histograms);
  }
}
