package barograph.ingest.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.exposition.LinePage.Line;
import barograph.storage.model.Labels;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMetricsPageTest {

  @Test
  void findsRemarksSeriesTimestampsAndExemplars() throws BadPageException {
    assertThat(
            read(
                """
                # HELP a_seconds The \\"time\\"\\nit took.
                # TYPE a_seconds histogram
                # UNIT a_seconds seconds
                a_seconds_bucket{le="1.0",x="4\\"0\\\\0\\n"} 4 1520879607.789 # {trace="x",span="y"} 0.67 1520879606.5
                a_seconds_bucket{le="+Inf"} 4 # {} 9
                {"my.metric","l.x"="v"} -1e3
                # EOF
                """))
        .containsExactly(
            "HELP a_seconds The \"time\"\nit took.",
            "TYPE a_seconds histogram",
            "UNIT a_seconds seconds",
            "a_seconds_bucket|le=1.0|x=4\"0\\0\n| 4.0 @1520879607789"
                + " PageExemplar[labels={span=\"y\", trace=\"x\"}, value=0.67, timestamped=true,"
                + " timestampMillis=1520879606500]",
            "a_seconds_bucket|le=+Inf| 4.0 "
                + new PageExemplar(Labels.EMPTY, 9, false, 1520879606500L),
            "my.metric|l.x=v| -1000.0");
  }

  @Test
  void wantsTheEndToBeSaidAndNothingBehindIt() throws BadPageException {
    assertThat(read("# EOF")).isEmpty();
    assertRefused("a 1\n", "data does not end with # EOF");
    assertRefused("", "data does not end with # EOF");
    assertRefused("# EOF\n\n", "unexpected data after # EOF");
  }

  @Test
  void refusesBlankLinesAndOtherRemarks() {
    assertRefused(
        "\n# EOF\n",
        "expected a valid start token, got \"\\n\" (\"INVALID\") while parsing: \"\\n\"");
    assertRefused(
        "# other\n# EOF\n",
        "expected a valid start token, got \"# o\" (\"INVALID\") while parsing: \"# o\"");
  }

  @Test
  void readsARealPage() throws IOException, BadPageException {
    byte[] page = Files.readAllBytes(SharedData.require("spec/data/textparse/1histogram.om.txt"));
    long series =
        new String(page, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .count();
    assertThat(
            read(new String(page, StandardCharsets.UTF_8)).stream()
                .filter(line -> line.contains("|")))
        .hasSize((int) series);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverFailsOtherwiseThanByARefusalWhateverTheBytes(long seed) {
    var random = new Random(seed);
    String[] pieces = {
      "# ", "HELP ", "TYPE ", "UNIT ", "EOF", "a", "_s", "{", "}", "\"", "=", ",", " ", "\n", "1",
      ".5", "e9", "#", "\\", "counter", "\t", "\u00e9", " # {"
    };
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(25); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] page = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
      if (random.nextBoolean()) {
        page[random.nextInt(page.length)] = (byte) random.nextInt(256);
        page[page.length - 1] = '\n';
      }
      try {
        read(page);
      } catch (BadPageException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(BadPageException.class).hasMessage(message);
  }

  private static List<String> read(String text) throws BadPageException {
    String page = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    return read(page.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] bytes) throws BadPageException {
    var page = new OpenMetricsPage();
    page.reset(bytes, bytes.length);
    var lines = new ArrayList<String>();
    for (Line line = page.next(); line != Line.END; line = page.next()) {
      switch (line) {
        case HELP, TYPE, UNIT -> lines.add(line + " " + page.subject() + " " + page.remark());
        case SERIES -> {
          var text = new StringBuilder(page.subject()).append('|');
          for (int i = 0; i < page.labels(); i++) {
            text.append(page.labelName(i)).append('=').append(page.labelValue(i)).append('|');
          }
          page.readValue();
          text.append(' ').append(page.value());
          if (page.timestamped()) {
            text.append(" @").append(page.timestampMillis());
          }
          if (page.hasExemplar()) {
            text.append(' ').append(page.exemplar());
          }
          lines.add(text.toString());
        }
        case COMMENT, END -> throw new AssertionError(line + " where there is none");
      }
    }
    return lines;
  }
}
