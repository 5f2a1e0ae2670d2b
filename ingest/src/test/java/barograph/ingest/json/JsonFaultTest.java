package barograph.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// What senders of broken JSON are told.
class JsonFaultTest {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(9).build())
          .build();

  private static void parse(byte[] text) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isNumeric()) {
          var _ = parser.getDoubleValue();
        } else if (parser.currentToken().isScalarValue()) {
          var _ = parser.getString();
        }
      }
    }
  }

  private static String told(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    var refusal = assertThrows(JacksonException.class, () -> parse(bytes));
    return JsonFault.inSeveral(bytes, bytes.length, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":[1,2      | line 1, column 10: found the end, expected "," or "]"
          {"a":}         | line 1, column 6: found "}", expected a value
          {"a" 1}        | line 1, column 6: found "1", expected ":"
          {"a":1 "b":2}  | line 1, column 8: found a quote, expected "," or "}"
          {a:1}          | line 1, column 2: found "a", expected a name in quotes or "}"
          {"a":1,}       | line 1, column 8: found "}", expected a name in quotes
          [1,]           | line 1, column 4: found "]", expected a value
          [,]            | line 1, column 2: found ",", expected a value or "]"
          [1}            | line 1, column 3: found "}", expected "," or "]"
          [tru]          | line 1, column 2: found "tru", expected a value or "]"
          [NaN]          | line 1, column 2: found "NaN", expected a value or "]"
          [1,01]         | line 1, column 4: found "01", expected a value
          [1.]           | line 1, column 2: found "1.", expected a value or "]"
          ["\\q"]        | line 1, column 3: found "\\", expected an escape, as "\\n" or "\\u00e9" is one
          ["\\u00g9"]    | line 1, column 3: found "\\", expected an escape, as "\\n" or "\\u00e9" is one
          ["ab           | line 1, column 5: found the end, expected the quote that ends the string
          ]              | line 1, column 1: found "]", expected a value
          <html>         | line 1, column 1: found "<", expected a value
          """)
  void namesThePlaceWhatIsThereAndWhatBelongsThere(String text, String message) {
    assertThat(told(text)).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everythingThatAParserRefusesIsToldWithItsPlaceAndWithoutTheParser(long seed) {
    var random = new Random(seed);
    var pieces =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"b\":1",
            "{\"a\":[1,2]}",
            "1",
            "-0.5e3",
            "true",
            "nul",
            "null",
            "\\n",
            "\n",
            "é");
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int k = random.nextInt(8); k >= 0; k--) {
        text.append(pieces.get(random.nextInt(pieces.size())))
            .append(random.nextInt(3) > 0 ? " " : "");
      }
      byte[] bytes = text.toString().getBytes(random.nextBoolean() ? ISO_8859_1 : UTF_8);
      try {
        parse(bytes);
      } catch (JacksonException e) {
        refused++;
        assertThat(JsonFault.inSeveral(bytes, bytes.length, e))
            .as(text.toString())
            .startsWith("line ")
            .containsAnyOf("found ", "root-level values")
            .doesNotContain("Source", "`");
      }
    }
    assertThat(refused).isBetween(1_000, 4_999);
  }
}
