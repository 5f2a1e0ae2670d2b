package barograph.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.scrape.NameEscaping;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedNamesTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a_b:c  | a_b:c   | a_b:c           | a_b:c
          1x     | _x      | __x             | U___31_x
          a_b.c1 | a_b_c1  | a__b_dot_c1     | U__a__b_2e_c1
          dü     | d_      | d__             | U__d_fc_
          d😀    | d_      | d__             | U__d_1f600_
          """)
  void classicNamesStayAndOthersAreEscaped(
      String name, String underscores, String dots, String values) {
    assertThat(new EscapedNames(NameEscaping.UNDERSCORES).metric(name)).isEqualTo(underscores);
    assertThat(new EscapedNames(NameEscaping.DOTS).metric(name)).isEqualTo(dots);
    assertThat(new EscapedNames(NameEscaping.VALUES).metric(name)).isEqualTo(values);
    assertThat(new EscapedNames(NameEscaping.ALLOW_UTF_8).metric(name)).isEqualTo(name);
  }

  @Test
  void aColonIsClassicInMetricsAlone() {
    var names = new EscapedNames(NameEscaping.UNDERSCORES);
    assertThat(names.metric("a:b")).isEqualTo("a:b");
    assertThat(names.label("a:b")).isEqualTo("a_b");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void namesEscapedByValuesAreReadBack(long seed) {
    var random = new Random(seed);
    var names = new EscapedNames(NameEscaping.VALUES);
    for (int i = 0; i < 1_000; i++) {
      String name =
          random
              .ints(1 + random.nextInt(8), 0, 8)
              .mapToObj(letter -> new String[] {"a", "Z", "_", ".", "7", ":", "é", "😀"}[letter])
              .reduce("", String::concat);
      String escaped = names.label(name);
      assertThat(EscapedNames.isClassicLabel(escaped)).isTrue();
      // A classic name stays, and one that begins like an escaped one is taken for it.
      if (!name.startsWith("U__")) {
        assertThat(escaped.equals(name) ? name : LabelNames.unescape(escaped)).isEqualTo(name);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                                  | underscores
          */*                                                                 | underscores
          text/plain;escaping=dots                                            | dots
          text/plain; version=0.0.4; escaping = values                        | values
          text/plain;escaping=unheard-of                                      | underscores
          text/plain;version=7;escaping=dots                                  | dots
          a/b;escaping=allow-utf-8;q=0.5,text/plain;q=0.2                     | allow-utf-8
          a/b;escaping=allow-utf-8;q=0.1,text/plain;q=0.2                     | underscores
          a/b;escaping=dots;q=0.5,text/plain;escaping=values;q=0.2,*/*;q=0.1  | values
          a/b;escaping=dots;q=much,text/plain;q=0.2                           | underscores
          """)
  void theEscapingIsThatOfTheBestKindDownToText(String accept, String escaping) {
    assertThat(EscapedNames.accepted(accept).escaping().configName()).isEqualTo(escaping);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                                        | false
          application/vnd.google.protobuf                                           | false
          %1$s                                                                      | true
          %1$s;q=0.5,text/plain;version=0.0.4;q=0.4                                 | true
          %1$s;q=0.3,application/openmetrics-text;version=1.0.0,text/plain;q=0.4    | false
          application/openmetrics-text;version=1.0.0,%1$s;q=0.2,*/*;q=0.1           | true
          """)
  void messagesAreForThoseWhoPreferThemToText(String accept, boolean preferred) {
    String messages =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    assertThat(EscapedNames.prefersProtobuf(accept.formatted(messages))).isEqualTo(preferred);
  }
}
