package barograph.query.value;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleBytesTest {
  private static final int BEFORE = 3;

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        -0.0,
        1,
        -1,
        9,
        10,
        -10,
        0.1,
        0.5,
        -0.25,
        0.000001,
        0.0000001,
        0.0000015,
        1e-6,
        1.000001,
        1.0000001,
        999_999_999.999999,
        1_000_000_000.5,
        0.1 + 0.2,
        1.0 / 3,
        123456789.123456,
        1e15,
        999_999_999_999_999.0,
        -999_999_999_999_999.5,
        1e21,
        1e20,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
      })
  void aNumberIsWrittenAsNumberTextHasIt(double value) {
    assertThat(written(value)).isEqualTo(NumberText.sample(value));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void randomNumbersOfAllLengthsAreWrittenAsNumberTextHasThem(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      double decimals = Math.pow(10, random.nextInt(12));
      double value =
          switch (i % 4) {
            case 0 -> Math.rint(random.nextDouble() * 1e9) / decimals;
            case 1 -> Math.nextUp(Math.rint(random.nextDouble() * 1e7) / decimals);
            case 2 -> random.nextGaussian() * decimals;
            default -> Double.longBitsToDouble(random.nextLong());
          };
      assertThat(written(value)).isEqualTo(NumberText.sample(value));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, -7, 10, 99, 100, -100, Long.MAX_VALUE, Long.MIN_VALUE})
  void aWholeNumberIsWrittenAsJavaHasIt(long value) {
    var bytes = new byte[BEFORE + SampleBytes.MOST_BYTES];
    int end = SampleBytes.putWhole(bytes, BEFORE, value);
    assertThat(new String(bytes, BEFORE, end - BEFORE, US_ASCII)).isEqualTo(Long.toString(value));
  }

  private static String written(double value) {
    var bytes = new byte[BEFORE + SampleBytes.MOST_BYTES];
    int end = new SampleBytes().put(bytes, BEFORE, value);
    return new String(bytes, BEFORE, end - BEFORE, US_ASCII);
  }
}
