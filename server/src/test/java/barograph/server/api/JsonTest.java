package barograph.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.histogram.StoredHistograms;
import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

/// The very bytes that Prometheus's clients compare.
class JsonTest {
  private static String written(Consumer<Json> what) {
    var json = new Json();
    what.accept(json);
    return UTF_8.decode(json.toBody()).toString();
  }

  @Test
  void commasStandBetweenMembersAndNowhereElse() {
    assertThat(
            written(json ->
                json.beginObject()
                    .field("a", "x")
                    .field("b", 2)
                    .field("c", true)
                    .key("d")
                    .beginArray()
                    .number(1)
                    .nothing()
                    .beginObject()
                    .endObject()
                    .beginArray()
                    .endArray()
                    .endArray()
                    .key("e")
                    .strings(List.of("p", "q"))
                    .endObject()))
        .isEqualTo("{\"a\":\"x\",\"b\":2,\"c\":true,\"d\":[1,null,{},[]],\"e\":[\"p\",\"q\"]}");
  }

  @Test
  void stringsAreEscapedForHtmlAsGoDoesIt() {
    assertThat(written(json -> json.string("a<b>&c\u2028\u2029")))
        .isEqualTo("\"a\\u003cb\\u003e\\u0026c\\u2028\\u2029\"");
  }

  @Test
  void labelSetsAreNotEscapedForHtml() {
    assertThat(written(json -> json.labels(Labels.of(Map.of("b", "1<2", "a", "x&y")))))
        .isEqualTo("{\"a\":\"x&y\",\"b\":\"1<2\"}");
    assertThat(written(json -> json.plainMap(Map.of("summary", "<>"))))
        .isEqualTo("{\"summary\":\"<>\"}");
    assertThat(written(json -> json.labels(Labels.of(Map.of())))).isEqualTo("{}");
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(written(json -> json.string("\"\\\n\r\t\b\f\u0000\u001f\u007f")))
        .isEqualTo("\"\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f\u007f\"");
  }

  @Test
  void aHalfOfASurrogatePairBecomesTheReplacementCharacter() {
    assertThat(written(json -> json.string("a\ud83db"))).isEqualTo("\"a\ufffdb\"");
    assertThat(written(json -> json.string("a\ude00"))).isEqualTo("\"a\ufffd\"");
  }

  @ParameterizedTest(name = "{0} ms")
  @CsvSource({
    "1435781451781, 1435781451.781",
    "1435781451000, 1435781451",
    "1435781451070, 1435781451.070",
    "1435781451700, 1435781451.700",
    "0, 0",
    "1, 0.001",
    "-1, -0.001",
    "-1000, -1",
    "-1500, -1.500",
    "-9223372036854775808, -9223372036854775.808",
    "9223372036854775807, 9223372036854775.807",
  })
  void aTimestampHasThreeDecimalsOrNone(long millis, String text) {
    assertThat(written(json -> json.timestamp(millis))).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "1, 1",
    "0.1, 0.1",
    "-0.0, -0",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "0.000001, 0.000001",
    "1e-7, 1e-07",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf",
    "1.7976931348623157E308, 1.7976931348623157e+308",
    "4.9E-324, 5e-324",
  })
  void aPointCarriesItsValueAsTheShortestText(double value, String text) {
    assertThat(written(json -> json.point(1500, value)))
        .isEqualTo("[1.500,\"%s\"]".formatted(text));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whateverTextIsWrittenReadsBackTheSame(long seed) {
    var random = new Random(seed);
    var mapper = new ObjectMapper();
    for (int round = 0; round < 300; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(2000); i > 0; i--) {
        int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
        text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? '?' : point);
      }
      String expected = text.toString();
      String html = written(json -> json.string(expected));
      String plain = written(json -> json.plainString(expected));
      assertThat(mapper.readTree(html).stringValue()).isEqualTo(expected);
      assertThat(mapper.readTree(plain).stringValue()).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void labelSetsAreWrittenAlikeWhateverHasBeenWrittenBefore(long seed) {
    var random = new Random(seed);
    // The first two have the same hash.
    var odd = List.of("Aa", "BB", "\"", "a\\b", "\n", "ü", "", "<", "\ud83d\ude00");
    var sets =
        Stream.generate(() ->
                new Labels.Builder()
                    .set("n" + random.nextInt(9), odd.get(random.nextInt(odd.size())))
                    .set("ü" + random.nextInt(3), odd.get(random.nextInt(odd.size())))
                    .set("path", "/" + random.nextInt(2_000))
                    .build())
            .limit(5_000)
            .toList();

    String together =
        written(json -> {
          json.beginArray();
          sets.forEach(json::labels);
          json.endArray();
        });

    assertThat(together)
        .isEqualTo(
            sets.stream()
                .map(labels -> written(json -> json.labels(labels)))
                .collect(joining(",", "[", "]")));
  }

  @Test
  void aHistogramHasItsBucketsFromTheLowestOnAndNoneThatIsEmpty() {
    var layout = HistogramLayout.standard(0, 0.001, BucketSpans.of(0, 3), BucketSpans.of(1, 1));
    var stored =
        Histogram.ofFloats(layout, CounterReset.GAUGE, 8.5, 2, -1.25, new double[] {1, 0, 2.5, 3});
    var histogram = new StoredHistograms().of(stored);
    assertThat(written(json -> json.point(1_500, histogram)))
        .isEqualTo(
            "[1.500,{\"count\":\"8.5\",\"sum\":\"-1.25\",\"buckets\":["
                + "[1,\"-2\",\"-1\",\"3\"],[3,\"-0.001\",\"0.001\",\"2\"],"
                + "[0,\"0.5\",\"1\",\"1\"],[0,\"2\",\"4\",\"2.5\"]]}]");
  }

  @Test
  void aHistogramWithoutObservationsHasNoBuckets() {
    var histogram =
        new StoredHistograms()
            .of(
                Histogram.ofFloats(
                    HistogramLayout.EMPTY, CounterReset.UNKNOWN, 0, 0, 0, new double[0]));
    assertThat(written(json -> json.point(0, histogram)))
        .isEqualTo("[0,{\"count\":\"0\",\"sum\":\"0\"}]");
  }
}
