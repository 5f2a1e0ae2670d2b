package barograph.query.function;

/// The angles to sines, cosines and tangents, whose last bits are those of Prometheus on amd64.
///
/// The method is that of the Cephes library (Stephen L. Moshier): the tangent is brought to at most
/// 0.66, where a quotient of two polynomials does; sines and cosines are turned into tangents.
final class Arcs {
  private static final double HALF_PI = Math.PI / 2;
  private static final double QUARTER_PI = Math.PI / 4;

  /// What π/2 as a double lacks.
  private static final double HALF_PI_REST = 6.123233995736766e-17;

  /// The tangent of 3π/8.
  private static final double STEEP = 2.414213562373095;

  /// Up to here a tangent is small, and above here a sine is large.
  private static final double SMALL_TANGENT = 0.66;

  private static final double LARGE_SINE = 0.7;

  private Arcs() {}

  static double atan(double x) {
    if (x == 0) {
      return x;
    }
    return x > 0 ? ofPositive(x) : -ofPositive(-x);
  }

  static double asin(double x) {
    if (x == 0) {
      return x;
    }
    double sine = Math.abs(x);
    if (sine > 1) {
      return Double.NaN;
    }
    double cosine = Math.sqrt(1 - sine * sine);
    double angle =
        sine > LARGE_SINE ? HALF_PI - ofPositive(cosine / sine) : ofPositive(sine / cosine);
    return x < 0 ? -angle : angle;
  }

  static double acos(double x) {
    return HALF_PI - asin(x);
  }

  /// The direction of a point, between -π and π.
  static double atan2(double y, double x) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.NaN;
    }
    boolean left = Double.doubleToRawLongBits(x) < 0;
    if (y == 0) {
      return Math.copySign(left ? Math.PI : 0, y);
    }
    if (x == 0) {
      return Math.copySign(HALF_PI, y);
    }
    if (Double.isInfinite(x)) {
      double size = Double.isInfinite(y) ? QUARTER_PI : 0;
      return Math.copySign(left ? Math.PI - size : size, y);
    }
    if (Double.isInfinite(y)) {
      return Math.copySign(HALF_PI, y);
    }
    double angle = atan(y / x);
    if (!left) {
      return angle;
    }
    return angle <= 0 ? angle + Math.PI : angle - Math.PI;
  }

  private static double ofPositive(double tangent) {
    if (tangent <= SMALL_TANGENT) {
      return ofSmall(tangent);
    }
    if (tangent > STEEP) {
      return HALF_PI - ofSmall(1 / tangent) + HALF_PI_REST;
    }
    return QUARTER_PI + ofSmall((tangent - 1) / (tangent + 1)) + 0.5 * HALF_PI_REST;
  }

  private static double ofSmall(double tangent) {
    double square = tangent * tangent;
    double above = -0.8750608600031904 * square + -16.157537187333652;
    above = above * square + -75.00855792314705;
    above = above * square + -122.88666844901361;
    above = above * square + -64.85021904942025;
    double below = square + 24.858464901423062;
    below = below * square + 165.02700983169885;
    below = below * square + 432.88106049129027;
    below = below * square + 485.3903996359137;
    below = below * square + 194.5506571482614;
    return tangent * (square * above / below) + tangent;
  }
}
