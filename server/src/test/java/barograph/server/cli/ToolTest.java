package barograph.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.server.cli.Flags.UsageException;
import barograph.storage.testkit.SharedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

  @TempDir Path folder;

  /// The verdicts are those of promtool on its own examples.
  @ParameterizedTest(name = "{0} gives {1}")
  @CsvSource({
    "at-modifier-test.yml, 0",
    "bad-input-series.yml, 1",
    "bad-promql.yml, 1",
    "bad-rules-error-test.yml, 1",
    "bad-rules-syntax-test.yml, 1",
    "failing.yml, 1",
    "long-period.yml, 0",
    "negative-offset-test.yml, 0",
    "no-test-group-interval.yml, 0",
    "rules_run.yml, 1",
    "rules_run_extrafields.yml, 1",
    "rules_run_fuzzy.yml, 1",
    "rules_run_no_fuzzy.yml, 1",
    "start-time-test.yml, 0",
    "unittest.yml, 0",
  })
  void ruleTestsGetPromtoolsVerdict(String name, int exitCode) {
    var file = SharedData.require("spec/data/promtool/" + name);
    assertThat(run("test", "rules", file.toString())).as(said()).isEqualTo(exitCode);
  }

  @Test
  void aHistogramThatIsAnotherIsShownBesideTheOneExpected() throws IOException {
    var file = folder.resolve("histograms.yml");
    Files.writeString(
        file,
        """
        tests:
          - input_series:
              - series: h
                values: '{{sum:3 count:2 buckets:[2]}}+{{sum:1 count:1 buckets:[1]}}x2'
            promql_expr_test:
              - expr: h
                eval_time: 2m
                exp_samples:
                  - labels: h
                    histogram: '{{sum:5 count:5 counter_reset_hint:not_reset buckets:[5]}}'
        """);
    assertThat(run("test", "rules", file.toString())).isEqualTo(1);
    assertThat(said())
        .contains("- h {count:5, sum:5, (0.5,1]:5} not_reset")
        .contains("+ h {count:4, sum:5, (0.5,1]:4} not_reset");
  }

  @Test
  void onlyTheTestsRunThatAreAskedFor() {
    var file = SharedData.require("spec/data/promtool/rules_run.yml").toString();
    assertThat(run("test", "rules", "--run=correct", file)).as(said()).isZero();
    assertThat(run("test", "rules", "--run=wrong", file)).isEqualTo(1);
    var fuzzy = SharedData.require("spec/data/promtool/rules_run_fuzzy.yml").toString();
    assertThat(run("test", "rules", "--run=correct", fuzzy)).as(said()).isZero();
    var exact = SharedData.require("spec/data/promtool/rules_run_no_fuzzy.yml").toString();
    assertThat(run("test", "rules", "--run=correct", exact)).isEqualTo(1);
    var extra = SharedData.require("spec/data/promtool/rules_run_extrafields.yml").toString();
    assertThat(run("test", "rules", "--ignore-unknown-fields", extra)).as(said()).isZero();
  }

  @Test
  void aFailedTestShowsWhatWasMissedAndWhatCameInstead() throws IOException {
    write(
        "rules.yml",
        """
        groups:
        - name: g
          rules:
          - alert: Down
            expr: up == 0
            for: 2m
            annotations: {summary: "{{ $labels.job }} is down"}
        """);
    var tests =
        write(
            "tests.yml",
            """
            rule_files: [rules.yml]
            tests:
            - name: two jobs
              input_series:
              - {series: 'up{job="a"}', values: '0x5'}
              - {series: 'up{job="b"}', values: '0 1x4'}
              alert_rule_test:
              - eval_time: 3m
                alertname: Down
                exp_alerts:
                - {exp_labels: {job: b}, exp_annotations: {summary: b is down}}
              promql_expr_test:
              - expr: up
                eval_time: 1m
                exp_samples:
                - {labels: 'up{job="a"}', value: 0}
                - {labels: 'up{job="b"}', value: 0}
            """);
    assertThat(run("test", "rules", tests)).isEqualTo(1);
    assertThat(complaints.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
              FAILED:
                name: two jobs,
                alertname: Down, time: 3m,
                    - {alertname="Down", job="b"} annotations: {summary="b is down"}  (expected, does not fire)
                    + {alertname="Down", job="a"} annotations: {summary="a is down"}  (fires, not expected)
                name: two jobs,
                expr: "up", time: 1m,
                    - up{job="b"} 0E+00  (expected, is not there)
                    + up{job="b"} 1E+00  (there, not expected)
                    = 1 as expected
            """);
  }

  @Test
  void aBrokenRuleFileIsBlamedWithItsPlace() throws IOException {
    var rules =
        write(
            "rules.yml",
            "groups:\n- name: g\n  rules:\n  - record: x\n    exp: up\n    expr: up\n");
    assertThat(run("check", "rules", rules)).isEqualTo(1);
    assertThat(said()).contains("rules.yml:5:5", "unknown key \"exp\"; did you mean \"expr\"?");
    assertThat(run("check", "rules", "--ignore-unknown-fields", rules)).isZero();
  }

  @Test
  void rulesThatComeTwiceAreDoubtful() {
    var file = SharedData.require("spec/data/promtool/prometheus-rules.lint.yml").toString();
    assertThat(run("check", "rules", file)).isZero();
    assertThat(said()).contains("duplicate rule(s) found");
    assertThat(run("check", "rules", "--lint-fatal", file)).isEqualTo(3);
    assertThat(run("check", "rules", "--lint=none", "--lint-fatal", file)).isZero();
  }

  @Test
  void rulesAreReadFromStandardInput() {
    var in =
        new ByteArrayInputStream("groups: [{name: a}, {name: a}]".getBytes(StandardCharsets.UTF_8));
    assertThat(Tool.run(List.of("check", "rules"), in, print(out), print(complaints))).isEqualTo(1);
    assertThat(said()).contains("groupname: \"a\" is repeated");
  }

  @Test
  void configurationsOfBothKindsAreChecked() throws IOException {
    var prometheus = write("prometheus.yml", "rule_files: [r.yml]\n");
    var alertmanager = write("alertmanager.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n");
    assertThat(run("check", "config", prometheus, alertmanager)).isEqualTo(1);
    assertThat(said()).contains("r.yml\" does not exist").contains("1 receivers found");
    write("r.yml", "groups: []\n");
    assertThat(run("check", "config", prometheus)).isZero();
    assertThat(said()).contains("1 rule files found");
  }

  @Test
  void unknownFlagsAndMissingFilesAreWrongUsage() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> run("check", "config", "--strict"))
        .withMessageContaining("knows no flag --strict");
    assertThatExceptionOfType(UsageException.class).isThrownBy(() -> run("test", "rules"));
    assertThat(Tool.serves(List.of("check"))).isFalse();
    assertThat(Tool.serves(List.of("check", "rules"))).isTrue();
  }

  private int run(String... arguments) {
    out.reset();
    complaints.reset();
    return Tool.run(
        new ArrayList<>(List.of(arguments)),
        new ByteArrayInputStream(new byte[0]),
        print(out),
        print(complaints));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8) + complaints.toString(StandardCharsets.UTF_8);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
