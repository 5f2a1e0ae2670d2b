package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
  private static final long EXACT = 1L << 53;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theExponentIsTheLeastThatGivesAllValues(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      double[] values = randomValues(random);
      var mantissas = new long[values.length];
      int exponent = Decimals.mantissas(values, 0, values.length, mantissas);
      assertThat(exponent).isEqualTo(leastExponent(values));
      for (int i = 0; exponent >= 0 && i < values.length; i++) {
        double given = (double) mantissas[i] / Math.pow(10, exponent);
        assertThat(Double.doubleToRawLongBits(given))
            .isEqualTo(Double.doubleToRawLongBits(values[i]));
      }
    }
  }

  /// The naive way: every exponent, and every value under it.
  private static int leastExponent(double[] values) {
    for (int exponent = 0; exponent <= Decimals.MAX_EXPONENT; exponent++) {
      double power = Math.pow(10, exponent);
      boolean all = true;
      for (double value : values) {
        long mantissa = (long) Math.rint(value * power);
        all &=
            Double.doubleToRawLongBits((double) mantissa / power)
                    == Double.doubleToRawLongBits(value)
                && (exponent == 0 || Math.abs(mantissa) <= EXACT);
      }
      if (all) {
        return exponent;
      }
    }
    return -1;
  }

  private static double[] randomValues(Random random) {
    int digits = random.nextInt(Decimals.MAX_EXPONENT + 1);
    double power = Math.pow(10, digits);
    int bits = 1 + random.nextInt(53);
    var values = new double[1 + random.nextInt(12)];
    for (int i = 0; i < values.length; i++) {
      long mantissa = random.nextLong() >> (63 - bits);
      values[i] =
          switch (random.nextInt(40)) {
            case 0 -> mantissa;
            case 1 -> random.nextGaussian();
            default -> mantissa / Math.pow(10, random.nextInt(3) == 0 ? digits / 2 : digits);
          };
      if (random.nextInt(500) == 0) {
        values[i] = mantissa / power + Math.ulp(mantissa / power);
      }
    }
    return values;
  }
}
