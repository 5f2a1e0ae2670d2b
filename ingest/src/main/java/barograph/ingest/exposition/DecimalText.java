package barograph.ingest.exposition;

import barograph.storage.model.Staleness;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Reads a decimal number from bytes, exactly: the nearest double, ties to even.
///
/// Up to nineteen digits are gathered in a `long`. Small ones are finished by one exact
/// multiplication or division (Clinger, "How to read floating point numbers accurately", 1990), the
/// others by a product with a 128-bit power of five (Lemire, "Number parsing at a gigabyte per
/// second", 2021), which tells when it cannot be sure. What remains, and numbers with more digits,
/// goes to [Double#parseDouble].
public final class DecimalText {
  private static final int LEAST_POWER = -342;
  private static final int MOST_POWER = 308;
  private static final long LONGEST_EXACT = 1L << 53;
  private static final double[] EXACT_TENS = exactTens();

  /// For each power of ten from [#LEAST_POWER]: the upper and lower half of its 128-bit mantissa.
  private static final long[] FIVES = fives();

  private DecimalText() {}

  /// The number that `[from, to)` spells: digits with an optional fraction and exponent, `Inf`,
  /// `Infinity` or `NaN` in any case; every NaN comes back as the one with [Staleness#NAN_BITS].
  ///
  /// @throws BadPageException if it is no number, or too large for a double
  public static double parse(byte[] text, int from, int to) throws BadPageException {
    int at = from;
    boolean negative = false;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      negative = text[at] == '-';
      at++;
    }
    long mantissa = 0;
    int digits = 0;
    int afterPoint = 0;
    int seen = 0;
    boolean point = false;
    for (; at < to; at++) {
      int c = text[at];
      if (c >= '0' && c <= '9') {
        seen++;
        if (digits > 0 || c != '0') {
          digits++;
        }
        if (digits <= 19) {
          mantissa = mantissa * 10 + (c - '0');
        }
        if (point) {
          afterPoint++;
        }
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (seen == 0) {
      return special(text, from, to, point ? to : at, negative);
    }
    int exponent = 0;
    if (at < to) {
      exponent = exponent(text, from, at, to);
    }
    if (digits > 19) {
      return slow(text, from, to);
    }
    double magnitude = assemble(mantissa, exponent - afterPoint);
    if (Double.isNaN(magnitude)) {
      return slow(text, from, to);
    }
    if (magnitude == Double.POSITIVE_INFINITY) {
      throw outOfRange(text, from, to);
    }
    return negative ? -magnitude : magnitude;
  }

  /// The exponent at `at`, cut to a range in which every number is zero or too large.
  private static int exponent(byte[] text, int from, int at, int to) throws BadPageException {
    if (text[at] != 'e' && text[at] != 'E') {
      throw malformed(text, from, to);
    }
    int i = at + 1;
    boolean negative = false;
    if (i < to && (text[i] == '-' || text[i] == '+')) {
      negative = text[i] == '-';
      i++;
    }
    if (i == to) {
      throw malformed(text, from, to);
    }
    int exponent = 0;
    for (; i < to; i++) {
      int c = text[i];
      if (c < '0' || c > '9') {
        throw malformed(text, from, to);
      }
      exponent = Math.min(exponent * 10 + (c - '0'), 100_000);
    }
    return negative ? -exponent : exponent;
  }

  /// `mantissa · 10^power`, or NaN if the exact path must decide.
  private static double assemble(long mantissa, int power) {
    if (mantissa == 0) {
      return 0;
    }
    if (mantissa > 0 && mantissa <= LONGEST_EXACT && power >= -22 && power <= 22) {
      return power < 0 ? mantissa / EXACT_TENS[-power] : mantissa * EXACT_TENS[power];
    }
    if (power > MOST_POWER) {
      return Double.POSITIVE_INFINITY;
    }
    if (power < LEAST_POWER) {
      return 0;
    }
    int zeros = Long.numberOfLeadingZeros(mantissa);
    long w = mantissa << zeros;
    int row = 2 * (power - LEAST_POWER);
    long upper = Math.unsignedMultiplyHigh(w, FIVES[row]);
    long lower = w * FIVES[row];
    if ((upper & 0x1ff) == 0x1ff) {
      long carry = Math.unsignedMultiplyHigh(w, FIVES[row + 1]);
      lower += carry;
      if (Long.compareUnsigned(lower, carry) < 0) {
        upper++;
      }
    }
    if (lower == -1L && (power < -27 || power > 55)) {
      return Double.NaN;
    }
    int top = (int) (upper >>> 63);
    int shift = top + 9;
    long bits = upper >>> shift;
    int exponent = ((217_706 * power) >> 16) + 63 + top - zeros + 1023;
    if (exponent <= 0) {
      return Double.NaN;
    }
    if (Long.compareUnsigned(lower, 1) <= 0
        && power >= -4
        && power <= 23
        && (bits & 3) == 1
        && bits << shift == upper) {
      bits &= ~1L;
    }
    bits = (bits + (bits & 1)) >>> 1;
    if (bits == LONGEST_EXACT) {
      bits >>>= 1;
      exponent++;
    }
    if (exponent >= 0x7ff) {
      return Double.POSITIVE_INFINITY;
    }
    return Double.longBitsToDouble((bits & ((1L << 52) - 1)) | ((long) exponent << 52));
  }

  private static double slow(byte[] text, int from, int to) throws BadPageException {
    double value = Double.parseDouble(new String(text, from, to - from, StandardCharsets.US_ASCII));
    if (Double.isInfinite(value)) {
      throw outOfRange(text, from, to);
    }
    return value;
  }

  private static double special(byte[] text, int from, int to, int at, boolean negative)
      throws BadPageException {
    if (spells(text, at, to, "inf") || spells(text, at, to, "infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (at == from && spells(text, at, to, "nan")) {
      return Double.longBitsToDouble(Staleness.NAN_BITS);
    }
    throw malformed(text, from, to);
  }

  private static boolean spells(byte[] text, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((text[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static BadPageException malformed(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == 'p' || text[i] == 'P' || text[i] == '_') {
        return new BadPageException("unsupported character in float");
      }
    }
    return new BadPageException(
        "strconv.ParseFloat: parsing %s: invalid syntax".formatted(Quoted.bytes(text, from, to)));
  }

  private static BadPageException outOfRange(byte[] text, int from, int to) {
    return new BadPageException(
        "strconv.ParseFloat: parsing %s: value out of range"
            .formatted(Quoted.bytes(text, from, to)));
  }

  private static double[] exactTens() {
    var tens = new double[23];
    double ten = 1;
    for (int i = 0; i < tens.length; i++) {
      tens[i] = ten;
      ten *= 10;
    }
    return tens;
  }

  /// Powers of five scaled into `[2^127, 2^128)`: cut for positive exponents, one above the cut for
  /// negative ones, as the proof of the method wants them.
  private static long[] fives() {
    var table = new long[2 * (MOST_POWER - LEAST_POWER + 1)];
    for (int power = LEAST_POWER; power <= MOST_POWER; power++) {
      BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
      BigInteger scaled;
      if (power >= 0) {
        int shift = 128 - five.bitLength();
        scaled = shift >= 0 ? five.shiftLeft(shift) : five.shiftRight(-shift);
      } else {
        int z = five.subtract(BigInteger.ONE).bitLength();
        int b = power >= -27 ? z + 127 : 2 * z + 128;
        scaled = BigInteger.ONE.shiftLeft(b).divide(five).add(BigInteger.ONE);
        scaled = scaled.shiftRight(Math.max(0, scaled.bitLength() - 128));
      }
      int row = 2 * (power - LEAST_POWER);
      table[row] = scaled.shiftRight(64).longValue();
      table[row + 1] = scaled.longValue();
    }
    return table;
  }
}
