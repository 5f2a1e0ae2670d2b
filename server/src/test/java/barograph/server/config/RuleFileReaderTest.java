package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileReaderTest {
  @Test
  void everyKeyOfAGroupIsRead() {
    var file =
        RuleFileReader.read(
            "r.yml",
            """
            groups:
              - name: g
                interval: 30s
                query_offset: 10s
                limit: 7
                labels: {team: blue}
                rules:
                  - record: job:up:sum
                    expr: sum by(job)(up)
                    labels: {team: red}
                  - alert: Down
                    expr: up == 0
                    for: 5m
                    keep_firing_for: 2m
                    labels: {severity: page}
                    annotations: {summary: "{{ $labels.instance }} is down"}
            """);
    var group = file.groups().getFirst();
    assertThat(group.name()).isEqualTo("g");
    assertThat(group.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(group.queryOffset()).isEqualTo(Duration.ofSeconds(10));
    assertThat(group.limit()).isEqualTo(7);
    assertThat(group.rules().get(0))
        .isEqualTo(new RecordingRule("job:up:sum", "sum by (job) (up)", Map.of("team", "red")));
    assertThat(group.rules().get(1))
        .isEqualTo(
            new AlertingRule(
                "Down",
                "up == 0",
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Map.of("severity", "page", "team", "blue"),
                Map.of("summary", "{{ $labels.instance }} is down")));
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "# none", "groups:", "groups: []"})
  void aFileMayHaveNoGroups(String text) {
    assertThat(RuleFileReader.read("r.yml", text).groups()).isEmpty();
  }

  @Test
  void onlyTheFirstDocumentCounts() {
    var file = RuleFileReader.read("r.yml", "groups: [{name: a}]\n---\ngroups: [{name: b}]\n");
    assertThat(file.groups()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{expr: 1}                       | one of 'record' or 'alert' must be set",
        "{record: a, alert: b, expr: 1}  | only one of 'record' and 'alert' must be set",
        "{record: a}                     | field 'expr' must be set in rule",
        "{record: a, expr: 1, for: 1m}   | invalid field 'for' in recording rule",
        "{record: a, expr: 1, keep_firing_for: 1m} | invalid field 'keep_firing_for' in recording"
            + " rule",
        "{record: a, expr: 1, annotations: {b: c}} | invalid field 'annotations' in recording rule",
        "{alert: a, expr: 'sum('}        | could not parse expression",
        "{alert: a, expr: 'rate(up)'}    | could not parse expression",
        "{alert: a, expr: 1, for: soon}  | rules[0].for: ",
        "{alert: a, expr: 1, labels: {__name__: b}} | invalid label name",
        "{alert: a, expr: 1, annotations: {b: '{{ .X'}} | annotation \"b\"",
        "{alert: a, expr: 1, annotation: {b: c}} | did you mean \"annotations\"?",
      })
  void aRuleThatCannotWorkIsNamedWithItsPlace(String rule, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RuleFileReader.read("r.yml", "groups:\n- name: g\n  rules:\n  - " + rule))
        .withMessageStartingWith("r.yml:4:")
        .withMessageContaining("groups[0].rules[0]")
        .withMessageContaining(words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "groups: [{name: a}, {name: a}] | groupname: \"a\" is repeated in the same file",
        "groups: [{name: ''}]           | Groupname must not be empty",
        "groups: [{name: a, interval: 0s}] | interval is",
        "groups: [{name: a, intervall: 1s}] | did you mean \"interval\"?",
        "group: []                      | did you mean \"groups\"?",
      })
  void aGroupThatCannotWorkIsRefused(String text, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RuleFileReader.read("r.yml", text))
        .withMessageStartingWith("r.yml:1:")
        .withMessageContaining(words);
  }
}
