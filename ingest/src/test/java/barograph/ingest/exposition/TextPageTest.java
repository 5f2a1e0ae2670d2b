package barograph.ingest.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.exposition.LinePage.Line;
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

class TextPageTest {

  @Test
  void findsNamesLabelsValuesAndTimestamps() throws BadPageException {
    assertThat(
            read(
                """
                # HELP http_requests_total The \\\\ number\\nof requests.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200"} 1027 1395066363000

                http_requests_total { code = "4\\"0\\\\0\\n" , } 3e0
                # just a remark
                #HELP neither is this
                plain	1	7
                with:colon{} -Inf
                {"my.metric",l="v","l.x"="v"} .5
                {l="v","last"} 1
                """))
        .containsExactly(
            "HELP http_requests_total The \\ number\nof requests.",
            "TYPE http_requests_total counter",
            "http_requests_total|method=post|code=200| 1027.0 @1395066363000",
            "http_requests_total|code=4\"0\\0\n| 3.0",
            "plain| 1.0 @7",
            "with:colon| -Infinity",
            "my.metric|l=v|l.x=v| 0.5",
            "last|l=v| 1.0");
  }

  @Test
  void takesBlanksBeforeABareNameAsPartOfIt() throws BadPageException {
    assertThat(read("  foo 1\n")).containsExactly("  foo| 1.0");
  }

  @Test
  void readsAnEmptyPage() throws BadPageException {
    assertThat(read("")).isEmpty();
    assertThat(read("\n\n  \n")).isEmpty();
  }

  @Test
  void tellsWhatItExpectedAndWhatItFound() {
    assertRefused(
        "a\n", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"a\\n\"");
    assertRefused(
        "a{b='c'} 1\n", "expected label value, got \"'\" (\"INVALID\") while parsing: \"a{b='\"");
    assertRefused(
        "a{b=\n", "expected label value, got \"\\n\" (\"INVALID\") while parsing: \"a{b=\\n\"");
    assertRefused(
        "e{=\"\"} 0\n",
        "expected label name, got \"=\\\"\" (\"EQUAL\") while parsing: \"e{=\\\"\"");
    assertRefused("foo 1_2\n", "unsupported character in float while parsing: \"foo 1_2\"");
    assertRefused("foo 0x1p-3\n", "unsupported character in float while parsing: \"foo 0x1p-3\"");
    assertRefused(
        "a true\n",
        "strconv.ParseFloat: parsing \"true\": invalid syntax while parsing: \"a true\"");
    assertRefused(
        "foo 0 1_2\n",
        "expected next entry after timestamp, got \"_\" (\"INVALID\") while parsing: \"foo 0 1_\"");
    assertRefused(
        "foo 0 -1\n",
        "expected timestamp or new record, got \"-\" (\"INVALID\") while parsing: \"foo 0 -\"");
    assertRefused(
        "foo 1 # {a=\"b\"} 1\n",
        "expected timestamp or new record, got \"#\" (\"INVALID\") while parsing: \"foo 1 #\"");
    assertRefused("{a=\"ok\"} 1\n", "metric name not set while parsing: \"{a=\\\"ok\\\"}\"");
    assertRefused(
        "something_weird{problem=\"\n",
        "expected label value, got \"\\\"\\n\" (\"INVALID\") while parsing:"
            + " \"something_weird{problem=\\\"\\n\"");
    assertRefused(
        "# TYPE \n",
        "expected metric name after TYPE, got \"\\n\" (\"INVALID\") while parsing: \"# TYPE \\n\"");
    assertRefused(
        "1foo 1\n", "expected a valid start token, got \"1\" (\"INVALID\") while parsing: \"1\"");
    assertRefused(
        "foo{\"bar\"} 1\n", "metric name already set while parsing: \"foo{\\\"bar\\\"} \"");
    assertRefused(
        "a{b=\"c\"",
        "expected label name, got \"\\n\" (\"INVALID\") while parsing: \"a{b=\\\"c\\\"\\n\"");
  }

  @Test
  void refusesLabelValuesThatAreNoUtf8() {
    byte[] page = "a{b=\"X\"} 1\n".getBytes(StandardCharsets.US_ASCII);
    page[5] = (byte) 0xff;
    assertThatThrownBy(() -> read(page)).hasMessage("invalid UTF-8 label value: \"\\\"\\xff\\\"\"");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverFailsOtherwiseThanByARefusalWhateverTheBytes(long seed) {
    var random = new Random(seed);
    String alphabet = "ab_:{}\",= \t\n#01.e-+\\\u00e9HELPTYPE";
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
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

  @Test
  void readsALargeRealPage() throws IOException, BadPageException {
    byte[] page =
        Files.readAllBytes(SharedData.require("spec/data/textparse/alltypes.237mfs.prom.txt"));
    long series =
        new String(page, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .count();
    assertThat(read(page).stream().filter(l -> !l.startsWith("HELP ") && !l.startsWith("TYPE ")))
        .hasSize((int) series);
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(BadPageException.class).hasMessage(message);
  }

  private static List<String> read(String text) throws BadPageException {
    String page = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    return read(page.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] bytes) throws BadPageException {
    var page = new TextPage();
    page.reset(bytes, bytes.length);
    var lines = new ArrayList<String>();
    for (Line line = page.next(); line != Line.END; line = page.next()) {
      switch (line) {
        case HELP, TYPE -> lines.add(line + " " + page.subject() + " " + page.remark());
        case SERIES -> {
          var text = new StringBuilder(page.subject()).append('|');
          for (int i = 0; i < page.labels(); i++) {
            text.append(page.labelName(i)).append('=').append(page.labelValue(i)).append('|');
          }
          page.readValue();
          text.append(' ').append(page.value());
          lines.add(page.timestamped() ? text + " @" + page.timestampMillis() : text.toString());
        }
        case COMMENT, UNIT, END -> {}
      }
    }
    return lines;
  }
}
