package barograph.storage.block;

import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;

/// What a block is to be made of: numbered series in any order, each of which can be read as often
/// as the writer likes, with the same samples every time. One thread at a time.
public interface BlockSource {

  /// Series are numbered from zero up to this.
  int seriesCount();

  /// The labels of a series; no two series have the same.
  Labels labels(int series);

  /// Whatever names the group of series that get their samples at the same times.
  String target(int series);

  /// Puts the samples of a series, in time order and each time once, in place of what `into` held;
  /// a series without samples is left out of the block.
  void read(int series, SampleColumns into);

  /// Puts the times of the samples of a series, and its histograms, in place of what `into` held;
  /// the values beside the times may be anything.
  default void readTimes(int series, SampleColumns into) {
    read(series, into);
  }
}
