package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersAndStringsTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "1, 1",
    "010, 8",
    "089, 89",
    "0x1F, 31",
    "1_000, 1000",
    "0x_F, 15",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "1E-3, 0.001",
    "Inf, Infinity",
    "iNf, Infinity",
    "nan, NaN",
    "1h30m, 5400",
    "250ms, 0.25",
    "1y2w3d, 33004800",
  })
  void readsNumbers(String text, double value) {
    var literal = (Expr.NumberLiteral) QueryParser.parse(text, Features.STABLE);
    assertThat(Double.valueOf(literal.value())).isEqualTo(Double.valueOf(value));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '\0',
      textBlock =
          """
          "a'b" § a'b
          'a"b' § a"b
          'a\\'b' § a'b
          `a\\nb"` § a\\nb"
          "\\x41\\102\\u00fc\\U0001F600" § ABü😀
          "\\xc3\\xbc" § ü
          """)
  void readsStrings(String text, String value) {
    assertThat(((Expr.StringLiteral) QueryParser.parse(text, Features.STABLE)).value())
        .isEqualTo(value);
  }
}
