package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleLevelsTest {

  private static Rule record(String name, String expr) {
    return new RecordingRule(name, expr, Map.of());
  }

  private static Rule alert(String expr, String annotation) {
    return new AlertingRule(
        "A", expr, Duration.ZERO, Duration.ZERO, Map.of(), Map.of("summary", annotation));
  }

  private static List<List<Integer>> levels(Rule... rules) {
    return RuleLevels.of(List.of(rules));
  }

  @Test
  void rulesThatDoNotReadEachOtherShareALevel() {
    assertThat(levels(record("a", "x"), record("b", "sum(x)"), alert("y > 1", "")))
        .containsExactly(List.of(0, 1, 2));
  }

  @Test
  void aRuleIsAboveThoseWhoseResultsItReads() {
    assertThat(
            levels(
                record("a", "x"),
                record("b", "rate(a[5m])"),
                record("c", "x + y"),
                record("d", "max_over_time(b[10m:1m]) / c")))
        .containsExactly(List.of(0, 2), List.of(1), List.of(3));
  }

  @Test
  void aRuleIsNotBelowThoseThatReadItsLastResult() {
    assertThat(levels(record("a", "x"), record("b", "a + c"), record("c", "x")))
        .containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void aSelectorWithoutANameReadsAnything() {
    assertThat(
            levels(
                record("a", "x"),
                record("b", "{__name__=~\"x.*\"}"),
                record("c", "y"),
                record("d", "{job=\"node\"}")))
        .containsExactly(List.of(0), List.of(1, 2), List.of(3));
  }

  @Test
  void aRuleThatReadsAlertsIsAboveTheAlertsBeforeIt() {
    assertThat(levels(alert("x", ""), alert("y", ""), record("n", "count(ALERTS)")))
        .containsExactly(List.of(0, 1), List.of(2));
    assertThat(levels(alert("x", ""), record("n", "max(ALERTS_FOR_STATE)")))
        .containsExactly(List.of(0), List.of(1));
  }

  @Test
  void aTemplateThatAsksMayReadAnything() {
    assertThat(levels(record("a", "x"), alert("y", "{{ query \"a\" | first | value }}")))
        .containsExactly(List.of(0), List.of(1));
    assertThat(levels(record("a", "x"), alert("y", "{{ $value }}"))).containsExactly(List.of(0, 1));
  }
}
