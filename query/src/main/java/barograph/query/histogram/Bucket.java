package barograph.query.histogram;

import barograph.query.function.GoMath;

/// One bucket as it lies on the line of numbers.
///
/// @param lowerInclusive whether an observation of just `lower` falls into it
/// @param upperInclusive whether an observation of just `upper` falls into it
public record Bucket(
    double lower, double upper, boolean lowerInclusive, boolean upperInclusive, double count) {

  /// The share of the bucket's width that lies below `value`, which is strictly inside of finite
  /// bounds; on a logarithmic scale unless `linear`.
  double shareBelow(double value, boolean linear) {
    if (linear) {
      return (value - lower) / (upper - lower);
    }
    double low = GoMath.log2(Math.abs(lower));
    double high = GoMath.log2(Math.abs(upper));
    double at = GoMath.log2(Math.abs(value));
    return value > 0 ? (at - low) / (high - low) : 1 - (at - high) / (low - high);
  }

  Bucket withLower(double newLower) {
    return new Bucket(newLower, upper, lowerInclusive, upperInclusive, count);
  }

  Bucket withUpper(double newUpper) {
    return new Bucket(lower, newUpper, lowerInclusive, upperInclusive, count);
  }
}
