package barograph.ingest.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.model.Staleness;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void readsEveryDecimalAsTheNearestDouble(long seed) throws BadPageException {
    var random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      assertReadsLikeTheJdk(randomDecimal(random));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6})
  void givesBackEveryDoubleThatWasPrinted(long seed) throws BadPageException {
    var random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertReadsLikeTheJdk(Double.toString(value));
        assertReadsLikeTheJdk(String.format(Locale.ROOT, "%.17e", value));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1",
        "+1",
        ".5",
        "5.",
        "00012",
        "1e5",
        "1E+5",
        "1e-5",
        "9007199254740993",
        "9007199254740992",
        "18446744073709551615",
        "9999999999999999999",
        "4.9e-324",
        "2.4703e-324",
        "2.4704e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1e22",
        "1e23",
        "8.5e22",
        "0.000000000000000000000000001",
        "123456789012345678901234567890",
        "1e-400",
        "0e999999999999",
        "1448997445238699",
        "500000000000000.5",
        "4503599627370497.5",
        "4503599627370496.5",
        "7.2057594037927933e16"
      })
  void readsHardCasesLikeTheJdk(String text) throws BadPageException {
    assertReadsLikeTheJdk(text);
  }

  @ParameterizedTest
  @CsvSource({"inf,Infinity", "+Inf,Infinity", "-INF,-Infinity", "infinity,Infinity"})
  void readsInfinitiesInAnyCase(String text, double expected) throws BadPageException {
    assertThat(parse(text)).isEqualTo(expected);
  }

  @Test
  void readsEveryNanAsTheOneThatIsAValue() throws BadPageException {
    for (String text : new String[] {"NaN", "nan", "NAN"}) {
      assertThat(Double.doubleToRawLongBits(parse(text))).isEqualTo(Staleness.NAN_BITS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1d", "1f", "true", "+nan", "--1",
        "1e5.5", "infinit", "in", " 1", "1 ", "½"
      })
  void refusesWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(BadPageException.class)
        .hasMessage("strconv.ParseFloat: parsing \"%s\": invalid syntax", text);
  }

  @Test
  void refusesWhatADoubleCannotHold() {
    assertThatThrownBy(() -> parse("1e400"))
        .hasMessage("strconv.ParseFloat: parsing \"1e400\": value out of range");
    assertThatThrownBy(() -> parse("1_000")).hasMessage("unsupported character in float");
  }

  private static void assertReadsLikeTheJdk(String text) throws BadPageException {
    assertThat(Double.doubleToRawLongBits(parse(text)))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
  }

  private static double parse(String text) throws BadPageException {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return DecimalText.parse(bytes, 1, bytes.length - 1);
  }

  private static String randomDecimal(Random random) {
    var text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
    int digits = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 19);
    int point = random.nextInt(digits + 1);
    for (int i = 0; i < digits; i++) {
      if (i == point) {
        text.append('.');
      }
      text.append((char) ('0' + random.nextInt(10)));
    }
    if (random.nextInt(3) == 0) {
      text.append('e').append(random.nextInt(560) - 300 + (random.nextBoolean() ? 0 : -30));
    }
    String decimal = text.toString();
    return Double.isInfinite(Double.parseDouble(decimal)) ? "1" : decimal;
  }
}
