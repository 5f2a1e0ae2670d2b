package barograph.alerting.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleFileTest {

  private static RuleGroup group(String name, Map<String, String> labels, Rule... rules) {
    return new RuleGroup(name, null, null, 0, labels, List.of(rules));
  }

  private static AlertingRule alert(Map<String, String> labels, Map<String, String> annotations) {
    return new AlertingRule("A", "up == 0", Duration.ZERO, Duration.ZERO, labels, annotations);
  }

  @Test
  void aGroupMayComeOnceInAFile() {
    assertThatThrownBy(
            () -> new RuleFile("r.yml", List.of(group("g", Map.of()), group("g", Map.of()))))
        .hasMessage("r.yml: groupname: \"g\" is repeated in the same file");
  }

  @Test
  void aTemplateThatCannotBeReadIsRefusedWithItsRuleAndName() {
    assertThatThrownBy(() -> alert(Map.of(), Map.of("summary", "{{ $value | nope }}")))
        .hasMessageStartingWith("rule \"A\": annotation \"summary\": template: __alert_A:1: ")
        .hasMessageContaining("\"nope\" not defined");
  }

  @Test
  void theMetricNameIsNoLabelForARuleToSet() {
    assertThatThrownBy(() -> alert(Map.of("__name__", "x"), Map.of()))
        .hasMessage("rule \"A\": invalid label name: \"__name__\"");
  }

  @Test
  void anyOtherNameMayBeALabelOrAnAnnotation() {
    assertThatCode(() -> alert(Map.of("ins-tance", "x"), Map.of("ins-tance", "y")))
        .doesNotThrowAnyException();
  }

  @Test
  void aSelectorIsNoNameForARecordedMetric() {
    assertThatThrownBy(() -> new RecordingRule("strawberry{flavor=\"sweet\"}", "1", Map.of()))
        .hasMessage(
            "rule \"strawberry{flavor=\"sweet\"}\": braces present in the recording rule name;"
                + " should it be in expr?");
  }

  @Test
  void aRuleNeedsAnExpressionAndAName() {
    assertThatThrownBy(() -> new RecordingRule("r", " ", Map.of()))
        .hasMessage("rule \"r\": field 'expr' must be set");
    assertThatThrownBy(() -> new RecordingRule("", "1", Map.of()))
        .hasMessage("one of 'record' or 'alert' must be set");
  }

  @Test
  void anExpressionIsParsedAndKeptAsThePrinterWritesIt() {
    assertThat(new RecordingRule("r", " sum( up )by(job) ", Map.of()).expr())
        .isEqualTo("sum by (job) (up)");
    assertThatThrownBy(() -> new RecordingRule("r", "sum(up", Map.of()))
        .hasMessageStartingWith("rule \"r\": could not parse expression: 1:");
  }

  @Test
  void aGroupsLabelsAreItsRulesUnlessTheySetTheirOwn() {
    var group =
        group("g", Map.of("team", "infra", "zone", "a"), alert(Map.of("zone", "b"), Map.of()));
    assertThat(group.rules().getFirst().labels()).isEqualTo(Map.of("team", "infra", "zone", "b"));
  }
}
