package barograph.storage;

import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Thinning;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.Set;

/// Series that a [Reader] has found, by number from zero, in the [SeriesOrder] that was asked for.
///
/// Different threads may read different series, or the same ones, at the same time, each with
/// columns of its own.
public interface Selection extends AutoCloseable {

  int size();

  /// The labels of the `series`th series.
  Labels labels(int series);

  /// Those labels of the `series`th series that have one of these names; cheaper than all of them.
  default Labels labels(int series, Set<String> only) {
    return labels(series).filter(only::contains);
  }

  /// Where the `series`th series lies: those that lie beside each other are cheapest to read in the
  /// order of these numbers, by one thread.
  ///
  /// @return from 0 up to 2^47
  default long place(int series) {
    return series;
  }

  /// Puts the samples of the `series`th series that lie in `range`, in time order and each time
  /// once, in place of what `into` held; its native histograms beside its floats. Stale markers are
  /// among them.
  void read(int series, TimeRange range, SampleColumns into);

  /// The same, but that a few stand-ins may take the place of samples where `thinning` allows it:
  /// whole chunks are not decoded then. Where in doubt, as where samples come from several places
  /// at once, were deleted, are stale or histograms, all are given.
  ///
  /// @return how many samples were left out, more than those that stand in for them
  default long readThinned(int series, TimeRange range, Thinning thinning, SampleColumns into) {
    read(series, range, into);
    return 0;
  }

  /// Whether finding these series has cost so much that they are better held than found again.
  default boolean isDear() {
    return false;
  }

  /// What could not be read and why, for the answer's warnings; empty when all is well.
  List<String> warnings();

  /// Lets go of the blocks. Nothing may be read afterwards.
  @Override
  void close();
}
