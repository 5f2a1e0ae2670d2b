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
}
