package barograph.query.function;

import barograph.storage.model.Staleness;

/// How a column of steps says that a step has no point: by the stale marker.
///
/// No stored sample that survives selection and no result of arithmetic has its bits (arithmetic
/// quiets a signalling NaN), so that one array carries both values and presence.
public final class Absence {
  /// No point here.
  public static final double NONE = Staleness.MARKER;

  private Absence() {}

  public static boolean isNone(double value) {
    return Double.doubleToRawLongBits(value) == Staleness.MARKER_BITS;
  }

  public static boolean isPresent(double value) {
    return Double.doubleToRawLongBits(value) != Staleness.MARKER_BITS;
  }
}
