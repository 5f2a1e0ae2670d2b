package barograph.query.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementFunctionTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void theCalendarIsTheOneOfTheJdk(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long seconds = random.nextLong(-100_000_000_000L, 300_000_000_000L);
      var date = Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC);
      assertThat(ElementFunction.MINUTE.apply((double) seconds)).isEqualTo(date.getMinute());
      assertThat(ElementFunction.HOUR.apply((double) seconds)).isEqualTo(date.getHour());
      assertThat(ElementFunction.DAY_OF_MONTH.apply((double) seconds))
          .isEqualTo(date.getDayOfMonth());
      assertThat(ElementFunction.DAY_OF_YEAR.apply((double) seconds))
          .isEqualTo(date.getDayOfYear());
      assertThat(ElementFunction.MONTH.apply((double) seconds)).isEqualTo(date.getMonthValue());
      assertThat(ElementFunction.YEAR.apply((double) seconds)).isEqualTo(date.getYear());
      assertThat(ElementFunction.DAYS_IN_MONTH.apply((double) seconds))
          .isEqualTo(date.toLocalDate().lengthOfMonth());
      var day = date.getDayOfWeek();
      assertThat(ElementFunction.DAY_OF_WEEK.apply((double) seconds))
          .isEqualTo(day == DayOfWeek.SUNDAY ? 0 : day.getValue());
    }
  }

  @Test
  void theCalendarBearsTimesThatAreNone() {
    for (double value : new double[] {Double.NaN, 1e300, Double.NEGATIVE_INFINITY}) {
      assertThat(ElementFunction.MONTH.apply(value)).isBetween(1.0, 12.0);
    }
  }

  @Test
  void log2OfPowersOfTwoIsExact() {
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      assertThat(GoMath.log2(Math.scalb(1.0, exponent))).isEqualTo(exponent);
    }
    assertThat(GoMath.log2(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(GoMath.log2(-1)).isNaN();
  }

  @Test
  void powersAndExtremesMeetNanAsGoDoes() {
    assertThat(GoMath.pow(1, Double.NaN)).isEqualTo(1);
    assertThat(GoMath.pow(-1, Double.NEGATIVE_INFINITY)).isEqualTo(1);
    assertThat(GoMath.max(Double.NaN, Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(GoMath.min(Double.NaN, Double.NEGATIVE_INFINITY)).isInfinite();
    assertThat(GoMath.max(Double.NaN, 1)).isNaN();
  }

  @Test
  void hyperbolicInversesUndoWhatTheyInvert() {
    for (double x : new double[] {1e-10, 0.3, 1, 3, 20, 300}) {
      assertThat(Logarithms.asinh(Math.sinh(x))).isCloseTo(x, within(x));
      assertThat(Logarithms.asinh(-Math.sinh(x))).isCloseTo(-x, within(x));
      assertThat(Logarithms.acosh(Math.cosh(x))).isCloseTo(x, Offset.offset(1e-7));
    }
    assertThat(Logarithms.atanh(Math.tanh(0.7))).isCloseTo(0.7, within(0.7));
    assertThat(Logarithms.atanh(1)).isInfinite();
    assertThat(Logarithms.acosh(0.5)).isNaN();
  }

  private static Offset<Double> within(double x) {
    return Offset.offset(1e-12 * x);
  }
}
