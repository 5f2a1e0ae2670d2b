package barograph.query.function;

/// Exponentials and the hyperbolic functions made of them, whose last bits are those of Prometheus
/// on an amd64 with fused multiplication and addition.
///
/// Those of base e follow Naoki Shibata, "Efficient evaluation methods of elementary functions
/// suitable for SIMD computation": a Taylor series for a sixteenth of the argument, squared four
/// times. Those of base two follow FreeBSD's msun, `sinh` is the quotient 2029 of Hart and Cheney,
/// and `tanh` that of Cody and Waite as the Cephes library has it.
final class Exponentials {
  private static final double BINARY_DIGITS_PER_E = 1.4426950408889634;
  private static final double LN2_HIGH = 0.693147180559663;
  private static final double LN2_LOW = 2.8235290563031577e-13;
  private static final double OVERFLOW = 7.09782712893384e+02;

  private static final int BIAS = 1023;
  private static final int MANTISSA_BITS = 52;

  /// The least power of two that half of it may still round up to a number.
  private static final int LEAST_POWER = -1075;

  private Exponentials() {}

  /// The exponential; infinite from 1023.5 binary digits on, half a digit before it would have to
  /// be.
  static double exp(double x) {
    double power = Math.rint(x * BINARY_DIGITS_PER_E);
    if (x > OVERFLOW || power > Double.MAX_EXPONENT) {
      return Double.POSITIVE_INFINITY;
    }
    if (power < LEAST_POWER) {
      return 0;
    }
    double rest = Math.fma(-power, LN2_LOW, Math.fma(-power, LN2_HIGH, x)) * 0.0625;
    double series = Math.fma(rest, 2.48015873015873e-05, 0.0001984126984126984);
    series = Math.fma(rest, series, 0.001388888888888889);
    series = Math.fma(rest, series, 0.008333333333333333);
    series = Math.fma(rest, series, 0.041666666666666664);
    series = Math.fma(rest, series, 0.16666666666666666);
    series = Math.fma(rest, series, 0.5);
    series = Math.fma(rest, series, 1.0);
    double lessOne = rest * series;
    lessOne *= lessOne + 2;
    lessOne *= lessOne + 2;
    lessOne *= lessOne + 2;
    return scaled(Math.fma(lessOne, lessOne + 2, 1.0), (int) power);
  }

  /// Two to the power of `x`.
  static double exp2(double x) {
    if (x > 1023.9999999999999) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < Double.MIN_EXPONENT - MANTISSA_BITS) {
      return 0;
    }
    int power = (int) (x + Math.copySign(0.5, x));
    double rest = x - power;
    double high = rest * Logarithms.LN2_HIGH;
    double low = -rest * Logarithms.LN2_LOW;
    double r = high - low;
    double square = r * r;
    double series = -1.6533902205465252e-06 + square * 4.1381367970572385e-08;
    series = 6.613756321437934e-05 + square * series;
    series = -0.0027777777777015593 + square * series;
    series = 0.16666666666666666 + square * series;
    double c = r - square * series;
    return scaled(1 - ((low - (r * c) / (2 - c)) - high), power);
  }

  static double sinh(double x) {
    double size = Math.abs(x);
    double value;
    if (size > 21) {
      value = exp(size) / 2;
    } else if (size > 0.5) {
      double growing = exp(size);
      value = (growing - 1 / growing) / 2;
    } else {
      double square = x * x;
      double above = -26.30563213397497 * square + -2894.211355989564;
      above = above * square + -89912.72022039509;
      above = above * square + -630767.3640497717;
      double below = square + -173.6789535582337;
      below = below * square + 15215.17378790019;
      below = below * square + -630767.3640497717;
      return above * x / below;
    }
    return x < 0 ? -value : value;
  }

  static double cosh(double x) {
    double size = Math.abs(x);
    double growing = exp(size);
    return size > 21 ? growing / 2 : (growing + 1 / growing) / 2;
  }

  static double tanh(double x) {
    double size = Math.abs(x);
    if (size > 0.5 * 88.02969193111305) {
      return Math.signum(x);
    }
    if (size >= 0.625) {
      double value = 1 - 2 / (exp(2 * size) + 1);
      return x < 0 ? -value : value;
    }
    if (x == 0) {
      return x;
    }
    double square = x * x;
    double above = -0.9643991794250523 * square + -99.28772310019185;
    above = above * square + -1614.6876844170845;
    double below = square + 112.81167849163293;
    below = below * square + 2235.4883906010045;
    below = below * square + 4844.063053251255;
    return x + x * square * above / below;
  }

  /// `value` times a power of two, rounded once.
  static double scaled(double value, int power) {
    return power >= Double.MIN_EXPONENT && power <= Double.MAX_EXPONENT
        ? value * Double.longBitsToDouble((long) (power + BIAS) << MANTISSA_BITS)
        : Math.scalb(value, power);
  }
}
