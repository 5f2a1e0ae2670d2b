package barograph.storage.head;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The code in which an open stream keeps its values: a few bits each, appended in place.
///
/// While all values are the same, only their number is kept. The first that differs writes the
/// length of that run (16 bits) and its value (64), and from then on each value is
///
/// ```
/// 0                      the same as before
/// in decimals, value = mantissa / 10^exponent:
/// 1 0   + width bits     zigzag difference of the mantissas
/// 1 1 0 + 7 + width bits the same with a new width
/// 1 1 1 0 + 64 bits      as it is, mantissa unchanged (NaN, infinities, -0)
/// 1 1 1 1 + 5 bits       new exponent, and a code follows; 31 goes over to XOR for good;
///                        30: a hole, a row without a value
/// in XOR:
/// 1 0   + length bits    difference in the window of the one before
/// 1 1   + 5 + 6 + bits   leading zeros, length (0 is 64), difference; 31 and 0: a hole
/// ```
///
/// The exponent begins as the smallest that gives the first value exactly, which the reader finds
/// again by itself. XOR windows are those of Gorilla (Pelkonen and others, VLDB 2015).
final class ValueStream {
  /// Most bits that one more value can take, the leading run's end included.
  static final int MOST_BITS = 16 + 64 + 9 + 1 + 1 + 1 + 7 + 64;

  /// Most bits that a hole can take, besides the leading run's end.
  static final int MOST_HOLE_BITS = 13;

  /// Differences of more bits do not fit into a word together with what says so.
  private static final int MOST_STEP_BITS = 54;

  private static final int MOST_XOR_BITS = 62;
  private static final int MOST_WINDOW_BITS = 51;

  private static final int XOR = 31;
  private static final int HOLE = 30;
  private static final int XOR_HOLE_LEAD = 31;
  private static final int MAX_EXPONENT = 15;
  private static final double MAX_MANTISSA = 9e15;
  private static final long INEXACT = Long.MIN_VALUE;

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private ValueStream() {}

  /// Appends one value to the stream of the record at `at`, counting its row.
  static void append(Cells cells, ByteBuffer record, int at, double value) {
    long bits = Double.doubleToRawLongBits(value);
    int rows = record.getShort(at + Series.ROWS);
    record.putShort(at + Series.ROWS, (short) (rows + 1));
    if (rows == 0) {
      record.putLong(at + Series.LAST_BITS, bits);
      record.putShort(at + Series.LEAD, (short) 1);
      return;
    }
    long last = record.getLong(at + Series.LAST_BITS);
    int lead = record.getShort(at + Series.LEAD);
    if (bits == last) {
      if (lead != 0) {
        record.putShort(at + Series.LEAD, (short) (rows + 1));
      } else {
        BitStream.put(cells, record, at, 0, 1);
      }
      return;
    }
    if (lead != 0) {
      endLeadingRun(cells, record, at, rows, last);
    }
    record.putLong(at + Series.LAST_BITS, bits);
    int exponent = record.get(at + Series.EXPONENT);
    if (exponent != XOR) {
      long mantissa = mantissa(value, bits, exponent);
      if (mantissa != INEXACT) {
        putMantissa(cells, record, at, mantissa);
        return;
      }
      if (isSpecial(value, bits)) {
        BitStream.put(cells, record, at, 0b0111, 4);
        BitStream.put(cells, record, at, bits, 64);
        return;
      }
      if (putInFinerExponent(cells, record, at, value, bits, exponent)) {
        return;
      }
      BitStream.put(cells, record, at, 0b1111 | (XOR << 4), 9);
      record.put(at + Series.EXPONENT, (byte) XOR);
    }
    putXor(cells, record, at, bits ^ last);
  }

  /// Goes on with a leading run for as long as the values are its own: those at `from` and from
  /// there on `stride` apart, `most` at most.
  ///
  /// @return how many were
  static int extendRun(ByteBuffer record, int at, double[] values, int from, int stride, int most) {
    long last = record.getLong(at + Series.LAST_BITS);
    int done = 0;
    while (done < most && Double.doubleToRawLongBits(values[from + done * stride]) == last) {
      done++;
    }
    short rows = (short) (record.getShort(at + Series.ROWS) + done);
    record.putShort(at + Series.ROWS, rows);
    record.putShort(at + Series.LEAD, rows);
    return done;
  }

  /// Appends `count` values to the stream of the record at `at`, which has one already, unless its
  /// fragments become too full for more before that: those at `from` and from there on `stride`
  /// apart.
  ///
  /// @return how many were appended
  static int appendAll(
      Cells cells, ByteBuffer record, int at, double[] values, int from, int stride, int count) {
    int done = 0;
    while (done < count && !BitStream.hasFewFragmentsLeft(record, at)) {
      int here = from + done * stride;
      int steps = 0;
      if (record.getShort(at + Series.LEAD) == 0) {
        steps =
            record.get(at + Series.EXPONENT) == XOR
                ? appendXors(cells, record, at, values, here, stride, count - done)
                : appendSteps(cells, record, at, values, here, stride, count - done);
      }
      if (steps == 0) {
        append(cells, record, at, values[here]);
        steps = 1;
      }
      done += steps;
    }
    return done;
  }

  /// Appends values as [#append] would, as long as they are decimals of the stream's exponent: with
  /// everything at hand that it would look up and put back each time.
  ///
  /// @return how many were; it ends early where a new fragment was begun
  private static int appendSteps(
      Cells cells, ByteBuffer record, int at, double[] values, int from, int stride, int count) {
    double power = POWERS[record.get(at + Series.EXPONENT)];
    long last = record.getLong(at + Series.LAST_BITS);
    long mantissa = record.getLong(at + Series.MANTISSA);
    int width = record.get(at + Series.WIDTH);
    long word = record.getLong(at + BitStream.ACCUMULATOR);
    int filled = record.get(at + BitStream.ACCUMULATED);
    int fragments = record.get(at + BitStream.FRAGMENTS);
    int done = 0;
    while (done < count) {
      double value = values[from + done * stride];
      long bits = Double.doubleToRawLongBits(value);
      long code = 0;
      int length = 1;
      if (bits != last) {
        double scaled = value * power;
        if (!(Math.abs(scaled) < MAX_MANTISSA)) {
          break;
        }
        long next = (long) Math.rint(scaled);
        if (Double.doubleToRawLongBits(next / power) != bits) {
          break;
        }
        long step = next - mantissa;
        long zigzag = (step << 1) ^ (step >> 63);
        int needed = 64 - Long.numberOfLeadingZeros(zigzag);
        if (needed > MOST_STEP_BITS) {
          break;
        }
        if (needed <= width && needed >= width - 7) {
          code = 0b01 | (zigzag << 2);
          length = 2 + width;
        } else {
          width = needed;
          code = 0b011 | (needed << 3) | (zigzag << 10);
          length = 10 + needed;
        }
        mantissa = next;
        last = bits;
      }
      done++;
      word |= code << filled;
      filled += length;
      if (filled >= 64) {
        BitStream.spill(cells, record, at, word);
        filled -= 64;
        word = filled == 0 ? 0 : code >>> (length - filled);
        if (record.get(at + BitStream.FRAGMENTS) != fragments) {
          break;
        }
      }
    }
    record.putLong(at + Series.LAST_BITS, last);
    record.putLong(at + Series.MANTISSA, mantissa);
    record.put(at + Series.WIDTH, (byte) width);
    putBack(record, at, word, filled, done);
    return done;
  }

  /// The same of a stream that has gone over to XOR.
  private static int appendXors(
      Cells cells, ByteBuffer record, int at, double[] values, int from, int stride, int count) {
    long last = record.getLong(at + Series.LAST_BITS);
    int windowLead = record.get(at + Series.XOR_LEAD);
    int windowLength = record.get(at + Series.XOR_LENGTH);
    long word = record.getLong(at + BitStream.ACCUMULATOR);
    int filled = record.get(at + BitStream.ACCUMULATED);
    int fragments = record.get(at + BitStream.FRAGMENTS);
    int done = 0;
    while (done < count) {
      long bits = Double.doubleToRawLongBits(values[from + done * stride]);
      long xor = bits ^ last;
      long code = 0;
      int length = 1;
      if (xor != 0) {
        int lead = Math.min(31, Long.numberOfLeadingZeros(xor));
        int trail = Long.numberOfTrailingZeros(xor);
        int windowTrail = 64 - windowLead - windowLength;
        if (windowLength != 0 && lead >= windowLead && trail >= windowTrail) {
          if (windowLength > MOST_XOR_BITS) {
            break;
          }
          code = 0b01 | ((xor >>> windowTrail) << 2);
          length = 2 + windowLength;
        } else {
          int needed = 64 - lead - trail;
          if (needed > MOST_WINDOW_BITS) {
            break;
          }
          windowLead = lead;
          windowLength = needed;
          code = 0b11 | (lead << 2) | (needed << 7) | ((xor >>> trail) << 13);
          length = 13 + needed;
        }
        last = bits;
      }
      done++;
      word |= code << filled;
      filled += length;
      if (filled >= 64) {
        BitStream.spill(cells, record, at, word);
        filled -= 64;
        word = filled == 0 ? 0 : code >>> (length - filled);
        if (record.get(at + BitStream.FRAGMENTS) != fragments) {
          break;
        }
      }
    }
    record.putLong(at + Series.LAST_BITS, last);
    record.put(at + Series.XOR_LEAD, (byte) windowLead);
    record.put(at + Series.XOR_LENGTH, (byte) windowLength);
    putBack(record, at, word, filled, done);
    return done;
  }

  /// Puts back what is the same in each encoding after `done` values: the bits not yet spilled, and
  /// the rows.
  private static void putBack(ByteBuffer record, int at, long word, int filled, int done) {
    record.putLong(at + BitStream.ACCUMULATOR, word);
    record.put(at + BitStream.ACCUMULATED, (byte) filled);
    record.putShort(at + Series.ROWS, (short) (record.getShort(at + Series.ROWS) + done));
  }

  /// Appends a row without a value to the stream of the record at `at`, which has a value already.
  static void appendHole(Cells cells, ByteBuffer record, int at) {
    if (record.getShort(at + Series.LEAD) != 0) {
      endLeadingRun(
          cells, record, at, Series.rows(record, at), record.getLong(at + Series.LAST_BITS));
    }
    if (record.get(at + Series.EXPONENT) == XOR) {
      BitStream.put(cells, record, at, 0b11 | (XOR_HOLE_LEAD << 2), 13);
    } else {
      BitStream.put(cells, record, at, 0b1111 | (HOLE << 4), 9);
    }
    int rows = record.getShort(at + Series.ROWS);
    record.putShort(at + Series.ROWS, (short) (rows + 1 + (1 << Series.ROW_BITS)));
  }

  private static void endLeadingRun(Cells cells, ByteBuffer record, int at, int rows, long first) {
    BitStream.put(cells, record, at, rows, 16);
    BitStream.put(cells, record, at, first, 64);
    int exponent = exponentOf(first);
    record.putShort(at + Series.LEAD, (short) 0);
    record.put(at + Series.EXPONENT, (byte) exponent);
    record.put(at + Series.WIDTH, (byte) 0);
    record.put(at + Series.XOR_LENGTH, (byte) 0);
    record.putLong(
        at + Series.MANTISSA,
        exponent == XOR ? 0 : mantissa(Double.longBitsToDouble(first), first, exponent));
  }

  private static boolean isSpecial(double value, long bits) {
    return !Double.isFinite(value) || bits == Long.MIN_VALUE;
  }

  private static boolean putInFinerExponent(
      Cells cells, ByteBuffer record, int at, double value, long bits, int exponent) {
    long last = record.getLong(at + Series.MANTISSA);
    for (int e = exponent + 1; e <= MAX_EXPONENT; e++) {
      double scale = POWERS[e - exponent];
      if (Math.abs((double) last) >= MAX_MANTISSA / scale) {
        return false;
      }
      long mantissa = mantissa(value, bits, e);
      if (mantissa != INEXACT) {
        BitStream.put(cells, record, at, 0b1111 | (e << 4), 9);
        record.put(at + Series.EXPONENT, (byte) e);
        record.putLong(at + Series.MANTISSA, last * (long) scale);
        putMantissa(cells, record, at, mantissa);
        return true;
      }
    }
    return false;
  }

  private static void putMantissa(Cells cells, ByteBuffer record, int at, long mantissa) {
    long step = mantissa - record.getLong(at + Series.MANTISSA);
    record.putLong(at + Series.MANTISSA, mantissa);
    long zigzag = (step << 1) ^ (step >> 63);
    int needed = 64 - Long.numberOfLeadingZeros(zigzag);
    int width = record.get(at + Series.WIDTH);
    // Up to seven bits of slack are cheaper than saying a new width.
    if (needed <= width && needed >= width - 7) {
      put(cells, record, at, 0b01, 2, zigzag, width);
    } else {
      record.put(at + Series.WIDTH, (byte) needed);
      put(cells, record, at, 0b011 | (needed << 3), 10, zigzag, needed);
    }
  }

  private static void putXor(Cells cells, ByteBuffer record, int at, long xor) {
    int lead = Math.min(31, Long.numberOfLeadingZeros(xor));
    int trail = Long.numberOfTrailingZeros(xor);
    int windowLead = record.get(at + Series.XOR_LEAD);
    int windowLength = record.get(at + Series.XOR_LENGTH);
    int windowTrail = 64 - windowLead - windowLength;
    if (windowLength != 0 && lead >= windowLead && trail >= windowTrail) {
      put(cells, record, at, 0b01, 2, xor >>> windowTrail, windowLength);
    } else {
      int length = 64 - lead - trail;
      record.put(at + Series.XOR_LEAD, (byte) lead);
      record.put(at + Series.XOR_LENGTH, (byte) length);
      put(cells, record, at, 0b11 | (lead << 2) | ((length & 63) << 7), 13, xor >>> trail, length);
    }
  }

  /// Puts a code and what belongs to it, in one go if one word has room for both.
  private static void put(
      Cells cells, ByteBuffer record, int at, long code, int length, long value, int bits) {
    if (length + bits <= Long.SIZE) {
      BitStream.put(cells, record, at, code | value << length, length + bits);
    } else {
      BitStream.put(cells, record, at, code, length);
      BitStream.put(cells, record, at, value, bits);
    }
  }

  /// The number m with `value == m / 10^exponent`, bit for bit, or [#INEXACT].
  private static long mantissa(double value, long bits, int exponent) {
    double scaled = value * POWERS[exponent];
    if (!(Math.abs(scaled) < MAX_MANTISSA)) {
      return INEXACT;
    }
    long mantissa = (long) Math.rint(scaled);
    return Double.doubleToRawLongBits(mantissa / POWERS[exponent]) == bits ? mantissa : INEXACT;
  }

  private static int exponentOf(long bits) {
    double value = Double.longBitsToDouble(bits);
    if (isSpecial(value, bits)) {
      return XOR;
    }
    for (int e = 0; e <= MAX_EXPONENT; e++) {
      if (mantissa(value, bits, e) != INEXACT) {
        return e;
      }
    }
    return XOR;
  }

  /// Decodes a stream of `rows` rows that was copied out of its record.
  ///
  /// @param lead the record's leading run: not 0 if all values are the same
  /// @param lastBits the record's last value
  /// @param holes takes the rows without a value; empty before
  /// @return the number of values in `into`
  static int decode(
      long[] words, int rows, int lead, long lastBits, double[] into, int at, Holes holes) {
    if (lead != 0) {
      Arrays.fill(into, at, at + rows, Double.longBitsToDouble(lastBits));
      return rows;
    }
    var bits = new BitStream.BitReader(words);
    int run = (int) bits.get(16);
    long last = bits.get(64);
    if (run > rows) {
      throw new IllegalStateException("a run of %d values in %d rows".formatted(run, rows));
    }
    Arrays.fill(into, at, at + run, Double.longBitsToDouble(last));
    int exponent = exponentOf(last);
    long mantissa = exponent == XOR ? 0 : mantissa(Double.longBitsToDouble(last), last, exponent);
    int width = 0;
    int windowLead = 0;
    int windowLength = 0;
    int i = run;
    int values = rows;
    while (i < values) {
      long code = bits.peek();
      if ((code & 1) == 0) {
        bits.skip(1);
      } else if (exponent != XOR) {
        if ((code & 0b10) == 0) {
          bits.skip(2);
        } else if ((code & 0b100) == 0) {
          width = (int) (code >>> 3) & 127;
          bits.skip(10);
        } else if ((code & 0b1000) == 0) {
          bits.skip(4);
          last = bits.get(64);
          into[at + i++] = Double.longBitsToDouble(last);
          continue;
        } else {
          int finer = (int) (code >>> 4) & 31;
          bits.skip(9);
          if (finer == HOLE) {
            holes.add(i + rows - values);
            values--;
            continue;
          }
          if (finer != XOR) {
            mantissa *= (long) POWERS[finer - exponent];
          }
          exponent = finer;
          continue;
        }
        long zigzag = bits.get(width);
        mantissa += (zigzag >>> 1) ^ -(zigzag & 1);
        last = Double.doubleToRawLongBits(mantissa / POWERS[exponent]);
      } else {
        if ((code & 0b10) == 0) {
          bits.skip(2);
        } else {
          int leading = (int) (code >>> 2) & 31;
          int length = (int) (code >>> 7) & 63;
          bits.skip(13);
          if (length == 0 && leading == XOR_HOLE_LEAD) {
            holes.add(i + rows - values);
            values--;
            continue;
          }
          windowLead = leading;
          windowLength = length == 0 ? 64 : length;
        }
        last ^= bits.get(windowLength) << (64 - windowLead - windowLength);
      }
      into[at + i++] = Double.longBitsToDouble(last);
    }
    return values;
  }
}
