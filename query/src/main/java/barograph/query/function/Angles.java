package barograph.query.function;

/// Sine, cosine and tangent, whose last bits are those of Prometheus on amd64.
///
/// The method is that of the Cephes library (Stephen L. Moshier): the angle is brought to within an
/// eighth of a turn of the nearest quarter, by a π/4 in three parts or, where these no longer do,
/// by [HugeAngle], and goes into polynomials or, for the tangent, a quotient of two.
final class Angles {
  private static final double EIGHTHS_PER_RADIAN = 0x1.45f306dc9c883p0;

  /// π/4 as a sum. The first two end in so many zeros that products with small numbers are exact.
  private static final double EIGHTH_HIGH = 0.7853981256484985;

  private static final double EIGHTH_MIDDLE = 3.774894707930798e-08;
  private static final double EIGHTH_LOW = 2.6951514290790595e-15;

  /// The square of an angle that is its own tangent.
  private static final double NEGLIGIBLE_SQUARE = 1e-14;

  private Angles() {}

  static double sin(double x) {
    if (x == 0) {
      return x;
    }
    double size = Math.abs(x);
    if (!(size <= Double.MAX_VALUE)) {
      return Double.NaN;
    }
    int eighths = eighths(size);
    double angle = remainder(size, eighths);
    double value = (eighths & 2) == 0 ? nearZero(angle) : nearQuarter(angle);
    return ((eighths & 4) != 0) != (x < 0) ? -value : value;
  }

  static double cos(double x) {
    double size = Math.abs(x);
    if (!(size <= Double.MAX_VALUE)) {
      return Double.NaN;
    }
    int eighths = eighths(size);
    double angle = remainder(size, eighths);
    double value = (eighths & 2) == 0 ? nearQuarter(angle) : nearZero(angle);
    return ((eighths + 2) & 4) != 0 ? -value : value;
  }

  static double tan(double x) {
    if (x == 0) {
      return x;
    }
    double size = Math.abs(x);
    if (!(size <= Double.MAX_VALUE)) {
      return Double.NaN;
    }
    int eighths = eighths(size);
    double angle = remainder(size, eighths);
    double square = angle * angle;
    double value = angle;
    if (square > NEGLIGIBLE_SQUARE) {
      double above =
          (-13093.693918138379 * square + 1153516.6483858742) * square + -17956525.197648488;
      double below =
          (((square + 13681.296347069296) * square + -1320892.3444021097) * square
                      + 25008380.18233579)
                  * square
              + -53869575.592945464;
      value = angle + angle * (square * above / below);
    }
    if ((eighths & 2) != 0) {
      value = -1 / value;
    }
    return x < 0 ? -value : value;
  }

  /// The eighths of a turn in `size`, up to the next even number; for a huge one modulo 8.
  private static int eighths(double size) {
    if (size >= HugeAngle.LEAST) {
      return HugeAngle.eighths(size);
    }
    int whole = (int) (size * EIGHTHS_PER_RADIAN);
    return whole + (whole & 1);
  }

  /// What is left of `size` less `eighths`.
  private static double remainder(double size, int eighths) {
    return size >= HugeAngle.LEAST
        ? HugeAngle.remainder(size)
        : ((size - eighths * EIGHTH_HIGH) - eighths * EIGHTH_MIDDLE) - eighths * EIGHTH_LOW;
  }

  /// The sine of an angle of at most π/4.
  private static double nearZero(double angle) {
    double square = angle * angle;
    double series = 1.5896230157654656e-10 * square + -2.5050747762857807e-08;
    series = series * square + 2.7557313621385722e-06;
    series = series * square + -0.0001984126982958954;
    series = series * square + 0.008333333333322118;
    series = series * square + -0.1666666666666663;
    return angle + angle * square * series;
  }

  /// The cosine of an angle of at most π/4.
  private static double nearQuarter(double angle) {
    double square = angle * angle;
    double series = -1.1358536521387682e-11 * square + 2.087570084197473e-09;
    series = series * square + -2.755731417929674e-07;
    series = series * square + 2.4801587288851704e-05;
    series = series * square + -0.0013888888888873056;
    series = series * square + 0.041666666666666595;
    return 1.0 - 0.5 * square + square * square * series;
  }
}
