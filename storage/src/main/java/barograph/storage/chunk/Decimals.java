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

  private static final int CERTAIN_BITS = 50;

  /// Pairs of neighbours in the samples that find the best exponent: first whether it is worth the
  /// search.
  private static final int FEW_PAIRS = 8;

  private static final int MANY_PAIRS = 48;

  /// Clearly fewer bits are fewer by one in so many.
  private static final int CLEARLY_FEWER = 16;

  /// Quotients of mantissas up to this differ by more than their last place.
  private static final long UNIQUE_LIMIT = 1L << 50;

  /// Says that there is no mantissa.
  static final long NO_MANTISSA = Long.MIN_VALUE;

  private Decimals() {}

  static double power(int exponent) {
    return POWERS[exponent];
  }

  /// Writes the mantissas of all values over the smallest common power of ten that gives back each
  /// bit for bit, and returns the exponent; -1 if there is none. A mantissa of a fraction stays
  /// below 2^53: beyond, nearly every double has one, and its digits are noise.
  static int mantissas(double[] values, int from, int count, long[] into) {
    int whole = integers(values, from, count, into);
    int exponent = 0;
    double power = 1;
    for (int i = whole; i < count; i++) {
      double value = values[from + i];
      long mantissa = (long) Math.rint(value * power);
      if (exponent == 0 || !isExact(mantissa) || !gives(mantissa, power, value)) {
        int next = exponentOf(value, exponent + 1);
        if (next < 0 || !rescale(i, into, INTEGER_POWERS[next - exponent])) {
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

  /// Writes the values that are integers up to the first that is none, and returns how many.
  private static int integers(double[] values, int from, int count, long[] into) {
    long different = 0;
    for (int i = 0; i < count; i++) {
      double value = values[from + i];
      long integer = (long) value;
      into[i] = integer;
      different |= Double.doubleToRawLongBits((double) integer) ^ Double.doubleToRawLongBits(value);
    }
    if (different == 0) {
      return count;
    }
    int whole = 0;
    while (gives(into[whole], 1, values[from + whole])) {
      whole++;
    }
    return whole;
  }

  private static boolean gives(long mantissa, double power, double value) {
    return Double.doubleToRawLongBits((double) mantissa / power)
        == Double.doubleToRawLongBits(value);
  }

  private static boolean isExact(long mantissa) {
    return Math.abs(mantissa) <= EXACT_LIMIT;
  }

  /// The least exponent from `least` on that gives the value; -1 if there is none.
  ///
  /// What has a mantissa under one exponent has ten times that under the next, so the greatest
  /// under which a mantissa is certain to be met tells whether there is any up to it.
  private static int exponentOf(double value, int least) {
    int certain = Math.min(MAX_EXPONENT, certainExponent(value));
    boolean below = certain >= least && gives(rounded(value, certain), POWERS[certain], value);
    for (int exponent = below ? least : Math.max(least, certain + 1);
        exponent <= MAX_EXPONENT;
        exponent++) {
      if (!(Math.abs(value * POWERS[exponent]) <= EXACT_LIMIT)) {
        return -1;
      }
      if (gives(rounded(value, exponent), POWERS[exponent], value)) {
        return exponent;
      }
    }
    return -1;
  }

  /// An exponent under which the value's mantissa has at most 50 bits, so that the product is
  /// rounded to it and not beside it.
  private static int certainExponent(double value) {
    // A decimal digit takes 3.33 bits, and 1233 / 4096 is less than that many digits a bit.
    return ((CERTAIN_BITS - 1 - Math.getExponent(value)) * 1233) >> 12;
  }

  private static long rounded(double value, int exponent) {
    return (long) Math.rint(value * POWERS[exponent]);
  }

  /// Brings the first `count` mantissas to an exponent under which they are `factor` times as
  /// large; false if one is not exact there.
  private static boolean rescale(int count, long[] mantissas, long factor) {
    long limit = EXACT_LIMIT / factor;
    for (int i = 0; i < count; i++) {
      if (mantissas[i] > limit || mantissas[i] < -limit) {
        return false;
      }
      mantissas[i] *= factor;
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
  /// what is left of them, by a sample; of several the least. -1 if a small sample tells that none
  /// needs clearly fewer than the differences of the values' own bits.
  ///
  /// @param likely tried first, as all others are given up once they need more
  static int bestRoundedExponent(double[] values, int from, int count, int likely) {
    int first = bestRoundedExponent(values, from, count, FEW_PAIRS, likely);
    return first < 0 ? -1 : bestRoundedExponent(values, from, count, MANY_PAIRS, first);
  }

  private static int bestRoundedExponent(
      double[] values, int from, int count, int pairs, int likely) {
    int step = Math.max(1, count / pairs);
    long orderedBits = orderedBits(values, from, count, step);
    long bestBits = orderedBits - orderedBits / CLEARLY_FEWER;
    int best = -1;
    long likelyBits = roundedBits(values, from, count, step, likely, bestBits);
    if (likelyBits < bestBits) {
      bestBits = likelyBits;
      best = likely;
    }
    for (int exponent = 0; exponent < MAX_EXPONENT; exponent++) {
      if (exponent != likely) {
        // One that is before the best takes its place if it needs as many.
        long most = exponent < best ? bestBits + 1 : bestBits;
        long bits = roundedBits(values, from, count, step, exponent, most);
        if (bits < most) {
          bestBits = bits;
          best = exponent;
        }
      }
    }
    return best;
  }

  /// Bits that each `step`th value needs under `exponent`, or any number from `limit` on.
  private static long roundedBits(
      double[] values, int from, int count, int step, int exponent, long limit) {
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

  /// Bits that each `step`th value needs as the difference of its turned bits.
  private static long orderedBits(double[] values, int from, int count, int step) {
    long bits = 0;
    for (int i = from; i + 1 < from + count; i += step) {
      long here = ChunkMode.turn(Double.doubleToRawLongBits(values[i]));
      long next = ChunkMode.turn(Double.doubleToRawLongBits(values[i + 1]));
      bits += Bits.width(Bits.zigzag(next - here));
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
