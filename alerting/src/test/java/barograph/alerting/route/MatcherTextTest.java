package barograph.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
    assertThatThrownBy(() -> MatcherText.parse("{a=b"))
        .hasMessageContaining("expected \"}\" or \",\", found the end");
    assertThatThrownBy(() -> MatcherText.parse("a=~\"(\"")).hasMessageContaining("parsing regexp");
  }

  @Test
  void writesThemInOneOrderWhateverTheirs() {
    assertThat(MatcherText.canonical(MatcherText.parse("{b=\"2\",a=~\"1\",a=\"1\"}")))
        .isEqualTo("{a=\"1\",a=~\"1\",b=\"2\"}");
  }
}
