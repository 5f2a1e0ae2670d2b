package barograph.storage.model;

/// The two NaNs that mean something: the marker that ends a series, and the one that is a value.
///
/// They differ in their bits alone, so whoever stores or compares them works on
/// [Double#doubleToRawLongBits] and never on `isNaN`.
public final class Staleness {
  /// Says that the series has ended; never shown as a value.
  public static final long MARKER_BITS = 0x7ff0000000000002L;

  /// What an ordinary NaN is stored as.
  public static final long NAN_BITS = 0x7ff8000000000001L;

  /// The marker as a `double`.
  public static final double MARKER = Double.longBitsToDouble(MARKER_BITS);

  private Staleness() {}

  public static boolean isMarker(double value) {
    return Double.doubleToRawLongBits(value) == MARKER_BITS;
  }
}
