package barograph.query.function;

/// What computes one number from the samples in a window.
///
/// An instance may keep state from step to step of a series, so one thread uses it at a time.
@FunctionalInterface
public interface WindowFunction {
  /// Prepares for the series that `window` stands before; steps then come in time order.
  default void start(Window window) {}

  /// The value of a window with at least one sample, or [Absence#NONE].
  double at(Window window);

  /// Fills `into` with the values of all windows of the series that `window` stands before, and
  /// [Absence#NONE] where there is no sample: for functions that do so little for a window that to
  /// be asked for each would take longer.
  ///
  /// @param ends where the windows end, by step
  /// @param rangeMillis how long they are; the left bound is outside
  /// @return how many samples all windows have together; [#STEP_BY_STEP] if nothing was filled and
  ///   [#at] is to be asked
  default long slide(Window window, long[] ends, long rangeMillis, double[] into) {
    return STEP_BY_STEP;
  }

  /// Says that each window is to be asked for.
  long STEP_BY_STEP = -1;
}
