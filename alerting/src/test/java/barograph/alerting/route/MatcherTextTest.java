package barograph.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTextTest {

  @Test
  void readsOneOrSeveralMatchersInAnyQuoting() {
    assertThat(MatcherText.parse("a=b")).hasToString("[a=\"b\"]");
    assertThat(MatcherText.parse(" { a = \"x y\" , \"b c\"!~'d'.*e ,} ".replace("'d'", "d")))
        .hasToString("[a=\"x y\", b c!~\"d.*e\"]");
    assertThat(MatcherText.parse("a!=\"q\\\"\\\\\"")).hasToString("[a!=\"q\"\\\"]");
    assertThat(MatcherText.parse("a=")).hasToString("[a=\"\"]");
  }

  @Test
  void saysWhereItIsNotAsExpected() {
    assertThatThrownBy(() -> MatcherText.parse("a"))
        .hasMessage(
            "bad matcher format: a: 2: expected an operator such as '=', '!=', '=~' or '!~',"
                + " found the end");
    assertThatThrownBy(() -> MatcherText.parse("{ü=b"))
        .hasMessageContaining("expected \"}\" or \",\", found the end");
    assertThatThrownBy(() -> MatcherText.parse("a=~\"(\"")).hasMessageContaining("parsing regexp");
  }

  @Test
  void writesThemInOneOrderWhateverTheirs() {
    assertThat(MatcherText.canonical(MatcherText.parse("{b=\"2\",a=~\"1\",a=\"1\"}")))
        .isEqualTo("{a=\"1\",a=~\"1\",b=\"2\"}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=b c=d       | [a=\"b c=d\"]",
        "a=b c,d=e     | [a=\"b c\", d=\"e\"]",
        "a==b          | [a=\"=b\"]",
        "{a=b          | [a=\"b\"]",
        "a={b}         | [a=\"{b\"]",
        "a=,b=c        | [a=\"\", b=\"c\"]",
        "a=\"\\x41\"    | [a=\"\\x41\"]",
        "a=\\d         | [a=\"\\d\"]",
        "\"a.b\"=\"\\x41\\u00fc\\303\\274\\t\" | `[a.b=\"Aüü\t\"]`",
        "foo.bar=x     | [foo.bar=\"x\"]",
        "🙂=y           | [🙂=\"y\"]",
        "{}            | []",
      })
  void whatTheClassicWayReadsMeansWhatItAlwaysHas(String text, String expected) {
    assertThat(MatcherText.parse(text)).hasToString(expected.replace("\\t", "\t"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a",
        "=b",
        "a=\"b",
        "a=b\"c",
        "a=\"b\"\"c\"",
        "a!b",
        "x ~ y",
        "{a=\"b\",,c=\"d\"}",
        "🙂=",
        "\"a.b\"=\"\\d\"",
        "a=~\"(\"",
        "\"a.b\"=\"\\x4\"",
        "\"a.b\"=\"\\ud800\""
      })
  void refusesWhatAlertmanagerRefuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> MatcherText.parse(text));
  }
}
