package barograph.query.histogram;

/// The bounds of the buckets of standard schemas: `2^(index * 2^-schema)`.
///
/// Everybody in this field rounds them in the same way, which is not always to the nearest double:
/// answers that name bounds are compared as texts. The last finite bucket reaches up to the largest
/// number, so that the one behind it holds the infinities alone.
public final class BucketBounds {
  private static final int FINEST = 8;

  /// By how many units in the last place each bound of the finest schema from 1/2 to 1 lies below
  /// its power of two, plus one.
  private static final String UNITS_BELOW =
      "111111211121111111231122222222221121112112221122112211221122122211111122223321221121"
          + "112111211111112210112133112211211121223212222122213322321232212222322333224421211121"
          + "223321322233223222332232324322323343333333333344445543542232333332442233324322333354"
          + "3344";

  private static final double[] FRACTIONS = fractions();

  private BucketBounds() {}

  private static double[] fractions() {
    var fractions = new double[1 << FINEST];
    for (int i = 0; i < fractions.length; i++) {
      double power = StrictMath.pow(2, i / (double) fractions.length) / 2;
      fractions[i] = power - (UNITS_BELOW.charAt(i) - '1') * Math.ulp(power);
    }
    return fractions;
  }

  /// The upper bound of the positive bucket `index`; the lower one is that of the bucket before.
  public static double upper(int index, int schema) {
    if (schema < 0) {
      long exponent = (long) index << -schema;
      return exponent == 1024 ? Double.MAX_VALUE : power(exponent);
    }
    int within = index & ((1 << schema) - 1);
    long exponent = (index >> schema) + 1L;
    double fraction = FRACTIONS[within << (FINEST - schema)];
    if (within == 0 && exponent == 1025) {
      return Double.MAX_VALUE;
    }
    return Math.scalb(fraction, Math.clamp(exponent, -4000, 4000));
  }

  private static double power(long exponent) {
    return Math.scalb(1.0, Math.clamp(exponent, -4000, 4000));
  }
}
