package barograph.query.value;

/// Writes samples' times and values as ASCII straight into bytes, without an object for each: an
/// answer holds millions of them.
///
/// The texts are those of [NumberText#sample]. Whole numbers, and those of at most six decimals,
/// which most gauges have, need no search for the fewest digits: what at most fifteen digits write
/// is read back as just one double, so that they are the fewest.
public final class SampleBytes {
  /// Nothing written by one call is longer.
  public static final int MOST_BYTES = 32;

  /// Numbers from here on may not be whole though they look it.
  private static final double MOST_WHOLE = 1e15;

  private static final double DECIMALS = 1e6;

  /// With six decimals below this there are at most fifteen digits.
  private static final double MOST_DECIMAL = 1e9;

  private final StringBuilder text = new StringBuilder(MOST_BYTES);

  /// Writes what [NumberText#sample] says; there has to be room for [#MOST_BYTES].
  ///
  /// @return where it ends
  public int put(byte[] bytes, int at, double value) {
    double magnitude = Math.abs(value);
    // Zero has a sign that a whole number does not show.
    if (magnitude < MOST_WHOLE && magnitude == Math.rint(magnitude) && magnitude != 0) {
      return putWhole(bytes, at, (long) value);
    }
    if (magnitude < MOST_DECIMAL) {
      double scaled = Math.rint(magnitude * DECIMALS);
      if (scaled != 0 && scaled / DECIMALS == magnitude) {
        return putDecimal(bytes, at, value < 0, (long) scaled);
      }
    }
    text.setLength(0);
    NumberText.appendSample(text, value);
    int n = text.length();
    for (int i = 0; i < n; i++) {
      bytes[at + i] = (byte) text.charAt(i);
    }
    return at + n;
  }

  /// Writes so many millionths, which are not a whole number.
  private static int putDecimal(byte[] bytes, int at, boolean negative, long millionths) {
    int end = at;
    if (negative) {
      bytes[end++] = '-';
    }
    end = putWhole(bytes, end, millionths / 1_000_000);
    bytes[end++] = '.';
    int rest = (int) (millionths % 1_000_000);
    for (int digit = 100_000; rest > 0; digit /= 10) {
      bytes[end++] = (byte) ('0' + rest / digit);
      rest %= digit;
    }
    return end;
  }

  /// Writes a whole number; there has to be room for [#MOST_BYTES].
  ///
  /// @return where it ends
  public static int putWhole(byte[] bytes, int at, long value) {
    int start = at;
    // Of a negative one: its counterpart may be too large.
    long rest = value < 0 ? value : -value;
    if (value < 0) {
      bytes[start++] = '-';
    }
    int end = start + 1;
    for (long above = rest; above <= -10; above /= 10) {
      end++;
    }
    for (int i = end - 1; i >= start; i--) {
      bytes[i] = (byte) ('0' - rest % 10);
      rest /= 10;
    }
    return end;
  }
}
