package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `/api/v1/rules` as Prometheus 3.5.3 answers it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesApiTest {
  private static final String RULES =
      """
      groups:
      - name: zz
        labels: {g: x}
        rules:
        - {alert: A, expr: "up > 0", labels: {severity: page, t: "{{ $value }}"}}
        - {alert: B, expr: up == 2, for: 1m, keep_firing_for: 90s, labels: {severity: warn}}
        - {record: r, expr: "sum( up )", labels: {severity: page}}
      - name: aa
        limit: 1
        rules:
        - {alert: C, expr: up}
      - name: bb
        rules:
        - {record: s, expr: up}
      """;

  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    RunningServer.configure(home, "global: {evaluation_interval: 1h}\nrule_files: ['../*.yml']");
    Files.writeString(home.resolve("r.yml"), RULES);
    Files.writeString(home.resolve("q.yml"), RULES);
    server = RunningServer.open(home);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /// Groups with their rules, as in `zz.q(A B)`.
  private String shown(String query) {
    var groups = new ArrayList<String>();
    for (var group : server.data("/api/v1/rules?" + query).path("groups")) {
      var rules = new ArrayList<String>();
      group.path("rules").forEach(rule -> rules.add(rule.path("name").asString()));
      var file = group.path("file").asString();
      groups.add(
          "%s.%s(%s)"
              .formatted(
                  group.path("name").asString(),
                  file.charAt(file.length() - 5),
                  String.join(" ", rules)));
    }
    return String.join(" ", groups);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'', aa.q(C) bb.q(s) zz.q(A B r) aa.r(C) bb.r(s) zz.r(A B r)",
    "type=alert, aa.q(C) zz.q(A B) aa.r(C) zz.r(A B)",
    "type=record, bb.q(s) zz.q(r) bb.r(s) zz.r(r)",
    "rule_name[]=A&rule_name[]=r, zz.q(A r) zz.r(A r)",
    "rule_group[]=aa&rule_group[]=bb, aa.q(C) bb.q(s) aa.r(C) bb.r(s)",
    "rule_name[]=none, ''",
    "match[]=%7Bseverity%3D%22page%22%7D, zz.q(A r) zz.r(A r)",
    "match[]=%7Bseverity%3D%22warn%22%7D&match[]=%7Bg%3D%22y%22%7D, zz.q(B) zz.r(B)",
    "match[]=%7Bt%3D%22%7B%7B%20%24value%20%7D%7D%22%7D, zz.q(A) zz.r(A)",
    "group_limit=2, aa.q(C) bb.q(s)",
    "group_limit=100, aa.q(C) bb.q(s) zz.q(A B r) aa.r(C) bb.r(s) zz.r(A B r)",
  })
  void rulesAreChosen(String query, String shown) {
    assertThat(shown(query)).isEqualTo(shown);
  }

  @Test
  void aFileIsChosenByItsWholePath() {
    var first = server.data("/api/v1/rules").path("groups").path(0);
    var path = RunningServer.encoded(first.path("file").asString());
    assertThat(shown("rule_group[]=bb&file[]=" + path)).isEqualTo("bb.q(s)");
    assertThat(shown("file[]=q.yml")).isEmpty();
  }

  @Test
  void pagesLeadFromOneToTheNextThroughAllGroups() {
    var pages = new ArrayList<String>();
    var token = "";
    do {
      var query = "group_limit=4" + (token.isEmpty() ? "" : "&group_next_token=" + token);
      pages.add(shown(query));
      token = server.data("/api/v1/rules?" + query).path("groupNextToken").asString("");
    } while (!token.isEmpty());
    assertThat(pages).containsExactly("aa.q(C) bb.q(s) zz.q(A B r) aa.r(C)", "bb.r(s) zz.r(A B r)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "type=x | invalid parameter \"type\": not supported value \"x\"",
        "exclude_alerts=x | invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"x\": invalid syntax",
        "group_limit=0 | invalid parameter \"group_limit\": group_limit needs to be greater than 0",
        "group_limit=x | invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax",
        "group_next_token=a | invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups",
        "group_limit=2&group_next_token=a | invalid parameter \"group_next_token\": invalid group_next_token 'a'. were rule groups changed?",
      })
  void wrongParametersAreRefusedInPrometheussWords(String query, String error) {
    var answer = server.json("/api/v1/rules?" + query);
    assertThat(answer.path("errorType").asString()).isEqualTo("bad_data");
    assertThat(answer.path("error").asString()).isEqualTo(error);
  }

  @Test
  void alertsAreLeftOutOnDemand() {
    var rule = "/api/v1/rules?rule_name[]=C&exclude_alerts=";
    assertThat(firstRule(rule + "true").path("alerts").isNull()).isTrue();
    assertThat(firstRule(rule + "false").path("alerts").isArray()).isTrue();
  }

  private JsonNode firstRule(String path) {
    return server.data(path).path("groups").path(0).path("rules").path(0);
  }
}
