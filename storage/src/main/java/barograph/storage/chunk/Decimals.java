package barograph.storage.chunk;

/// Decimal numbers as people and programs write them: integers over a power of ten.
///
/// Dividing two exact doubles rounds correctly, so `mantissa / 10^e` is the very double that the
/// decimal text reads as, as long as the mantissa is exact and `e` at most 22. Every value is
/// nevertheless compared when it is encoded.
final class Decimals {
  static final int MAX_EXPONENT = 17;

  private static final double[] POWERS = new double[MAX_EXPONENT + 1];
  private static final long[] INTEGER_POWERS = new long[MAX_EXPONENT + 1];

  static {
    long power = 1;
    for (int i = 0; i <= MAX_EXPONENT; i++) {
      POWERS[i] = (double) power;
      INTEGER_POWERS[i] = power;
      power *= 10;
    }
  }

  private static final double MANTISSA_LIMIT = 9.2e18;
  private static final long EXACT_LIMIT = 1L << 53;

  /// Quotients of mantissas up to this differ by more than their last place.
  private static final long UNIQUE_LIMIT = 1L << 50;

  /// Says that there is no mantissa.
  static final long NO_MANTISSA = Long.MIN_VALUE;

  private Decimals() {}

  static double power(int exponent) {
    return POWERS[exponent];
  }

  /// Writes the mantissas of all values over the smallest common power of ten that gives back each
  /// bit for bit, and returns the exponent; -1 if there is none.
  static int mantissas(double[] values, int from, int count, long[] into) {
    int exponent = 0;
    double power = 1;
    for (int i = 0; i < count; i++) {
      double value = values[from + i];
      double scaled = value * power;
      // A cast cuts off where a rounded number would need two more steps.
      long mantissa = exponent == 0 ? (long) value : (long) Math.rint(scaled);
      if (!gives(mantissa, power, value)) {
        int next = exponentOf(value, exponent + 1);
        if (next < 0 || !rescale(values, from, i, into, exponent, next)) {
          return -1;
        }
        exponent = next;
        power = POWERS[next];
        mantissa = (long) Math.rint(value * power);
      }
      into[i] = mantissa;
    }
    return exponent;
  }

  private static boolean gives(long mantissa, double power, double value) {
    return Double.doubleToRawLongBits((double) mantissa / power)
        == Double.doubleToRawLongBits(value);
  }

  private static int exponentOf(double value, int least) {
    for (int exponent = least; exponent <= MAX_EXPONENT; exponent++) {
      double power = POWERS[exponent];
      double scaled = value * power;
      if (!(Math.abs(scaled) < MANTISSA_LIMIT)) {
        return -1;
      }
      if (gives((long) Math.rint(scaled), power, value)) {
        return exponent;
      }
    }
    return -1;
  }

  /// Brings the first `count` mantissas to a larger exponent.
  private static boolean rescale(
      double[] values, int from, int count, long[] mantissas, int exponent, int next) {
    long factor = INTEGER_POWERS[next - exponent];
    for (int i = 0; i < count; i++) {
      if (Math.multiplyHigh(mantissas[i], factor) != (mantissas[i] * factor) >> 63) {
        return false;
      }
      long scaled = mantissas[i] * factor;
      if (Math.abs(scaled) > EXACT_LIMIT && !gives(scaled, POWERS[next], values[from + i])) {
        return false;
      }
      mantissas[i] = scaled;
    }
    return true;
  }

  /// The one mantissa that gives `value` over `10^exponent`; [#NO_MANTISSA] if there is none, or so
  /// large that its neighbours may give the same.
  static long onlyMantissa(double value, int exponent) {
    double power = POWERS[exponent];
    long mantissa = (long) Math.rint(value * power);
    return Math.abs(mantissa) < UNIQUE_LIMIT && gives(mantissa, power, value)
        ? mantissa
        : NO_MANTISSA;
  }

  /// The values of `mantissas[from, from + count)` over `10^exponent`.
  static void values(long[] mantissas, int from, int count, int exponent, double[] into, int at) {
    if (exponent == 0) {
      for (int i = 0; i < count; i++) {
        into[at + i] = (double) mantissas[from + i];
      }
    } else {
      double power = POWERS[exponent];
      for (int i = 0; i < count; i++) {
        into[at + i] = (double) mantissas[from + i] / power;
      }
    }
  }

  /// The exponent under which neighbouring values need the fewest bits as rounded mantissas and
  /// what is left of them, by a sample; of several the least.
  ///
  /// @param likely tried first, as all others are given up once they need more
  static int bestRoundedExponent(double[] values, int from, int count, int likely) {
    int best = likely;
    long bestBits = roundedBits(values, from, count, likely, Long.MAX_VALUE);
    for (int exponent = 0; exponent < MAX_EXPONENT; exponent++) {
      if (exponent != likely) {
        // One that is before the best takes its place if it needs as many.
        long limit = exponent < best ? bestBits + 1 : bestBits;
        long bits = roundedBits(values, from, count, exponent, limit);
        if (bits < limit) {
          bestBits = bits;
          best = exponent;
        }
      }
    }
    return best;
  }

  /// Bits that a sample of the values needs under `exponent`, or any number from `limit` on.
  private static long roundedBits(double[] values, int from, int count, int exponent, long limit) {
    int step = Math.max(1, count / 48);
    double power = POWERS[exponent];
    long bits = 0;
    for (int i = from; i + 1 < from + count && bits < limit; i += step) {
      double here = values[i] * power;
      double next = values[i + 1] * power;
      if (!(Math.abs(here) < MANTISSA_LIMIT / 4) || !(Math.abs(next) < MANTISSA_LIMIT / 4)) {
        bits += 64;
        continue;
      }
      long mantissa = (long) Math.rint(next);
      bits += Bits.width(Bits.zigzag(mantissa - (long) Math.rint(here)));
      bits += Bits.width(Bits.zigzag(distance(values[i + 1], (double) mantissa / power)));
    }
    return bits;
  }

  /// Splits every value into a rounded mantissa and the distance of the quotient from the value in
  /// steps of the last place.
  static void split(
      double[] values, int from, int count, int exponent, long[] mantissas, long[] distances) {
    double power = POWERS[exponent];
    long last = 0;
    for (int i = 0; i < count; i++) {
      double value = values[from + i];
      double scaled = value * power;
      // A value that is out of reach leans on its neighbour's mantissa: the distance takes all.
      last = Math.abs(scaled) < MANTISSA_LIMIT ? (long) Math.rint(scaled) : last;
      mantissas[i] = last;
      distances[i] = distance(value, (double) last / power);
    }
  }

  /// The inverse of [#split], of those from `from` on.
  static void join(
      long[] mantissas,
      long[] distances,
      int from,
      int count,
      int exponent,
      double[] into,
      int at) {
    double power = POWERS[exponent];
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToRawLongBits((double) mantissas[from + i] / power);
      into[at + i] = Double.longBitsToDouble(bits + distances[from + i]);
    }
  }

  private static long distance(double value, double quotient) {
    return Double.doubleToRawLongBits(value) - Double.doubleToRawLongBits(quotient);
  }
}
