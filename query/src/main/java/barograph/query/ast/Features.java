package barograph.query.ast;

/// The parts of PromQL that are off until they are asked for.
///
/// @param experimentalFunctions `promql-experimental-functions`: 17 functions, two aggregations
/// @param extendedRangeSelectors `promql-extended-range-selectors`: `anchored` and `smoothed`
/// @param fillModifiers `promql-binop-fill-modifiers`: `fill`, `fill_left` and `fill_right`
public record Features(
    boolean experimentalFunctions, boolean extendedRangeSelectors, boolean fillModifiers) {
  /// What Prometheus understands without a flag.
  public static final Features STABLE = new Features(false, false, false);

  /// All that there is.
  public static final Features ALL = new Features(true, true, true);
}
