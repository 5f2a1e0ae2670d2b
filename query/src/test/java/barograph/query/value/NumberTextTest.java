package barograph.query.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0, 0, 0, 0e+00, 0",
    "-0.0, -0, -0, -0e+00, -0",
    "12, 12, 12, 1.2e+01, 12",
    "8, 8, 8, 8e+00, 8",
    "0.1, 0.1, 0.1, 1e-01, 0.1",
    "1e21, 1000000000000000000000, 1e+21, 1e+21, 1e+21",
    "1e20, 100000000000000000000, 100000000000000000000, 1e+20, 1e+20",
    "1e6, 1000000, 1000000, 1e+06, 1e+06",
    "999999, 999999, 999999, 9.99999e+05, 999999",
    "1e-7, 0.0000001, 1e-07, 1e-07, 1e-07",
    "0.00001, 0.00001, 0.00001, 1e-05, 1e-05",
    "1.7976931348623157e308, , 1.7976931348623157e+308, 1.7976931348623157e+308,"
        + " 1.7976931348623157e+308",
    "4.9E-324, , 5e-324, 5e-324, 5e-324",
    "123456789.125, 123456789.125, 123456789.125, 1.23456789125e+08, 1.23456789125e+08",
    "2.2250738585072014E-308, , 2.2250738585072014e-308, 2.2250738585072014e-308,"
        + " 2.2250738585072014e-308",
    "NaN, NaN, NaN, NaN, NaN",
    "Infinity, +Inf, +Inf, +Inf, +Inf",
    "-Infinity, -Inf, -Inf, -Inf, -Inf",
  })
  void writesEveryFormAsGoDoes(
      double value, String shortest, String sample, String exponential, String general) {
    if (shortest != null) {
      assertThat(NumberText.shortest(value)).isEqualTo(shortest);
    }
    assertThat(NumberText.sample(value)).isEqualTo(sample);
    assertThat(NumberText.exponential(value)).isEqualTo(exponential);
    assertThat(NumberText.general(value)).isEqualTo(general);
  }

  @Test
  void theSmallestNumberInPlainFormHas326Characters() {
    assertThat(NumberText.shortest(Double.MIN_VALUE)).hasSize(326).endsWith("05");
  }

  @Test
  void openMetricsBoundsOfWholeNumbersKeepAFraction() {
    assertThat(NumberText.openMetrics(1)).isEqualTo("1.0");
    assertThat(NumberText.openMetrics(0.5)).isEqualTo("0.5");
    assertThat(NumberText.openMetrics(1e22)).isEqualTo("1e+22");
    assertThat(NumberText.openMetrics(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whatEveryFormWritesReadsBackToTheSameBits(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isNaN(value)) {
        continue;
      }
      assertThat(NumberText.parse(NumberText.shortest(value))).isEqualTo(value);
      assertThat(NumberText.parse(NumberText.sample(value))).isEqualTo(value);
      assertThat(NumberText.parse(NumberText.exponential(value))).isEqualTo(value);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 4})
  void numbersOfOrdinarySizesAreTheirFewestDigitsAndAPoint(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      double size = Math.pow(10, random.nextInt(18) - 6);
      double value = random.nextGaussian() * size;
      if (random.nextBoolean()) {
        value = Math.rint(value * 100) / 100;
      }
      if (value == 0 || Math.abs(value) < 1e-6) {
        continue;
      }
      String plain = new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
      assertThat(NumberText.shortest(value)).isEqualTo(plain);
      assertThat(NumberText.sample(value)).isEqualTo(plain);
      if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6) {
        assertThat(NumberText.general(value)).isEqualTo(plain);
      }
    }
  }

  @Test
  void readsInfinitiesAndHexadecimalInAnyCase() {
    assertThat(NumberText.parse("+inf")).isInfinite();
    assertThat(NumberText.parse("-Infinity")).isNegative().isInfinite();
    assertThat(NumberText.parse("nan")).isNaN();
    assertThat(NumberText.parse("0x1p3")).isEqualTo(8);
    assertThat(NumberText.parse("+.5")).isEqualTo(0.5);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "+", "1d", "1f", " 1", "1 ", "one", "0x10", "-nan", "1_0"})
  void refusesWhatGoRefuses(String text) {
    assertThatThrownBy(() -> NumberText.parse(text)).isInstanceOf(NumberFormatException.class);
  }
}
