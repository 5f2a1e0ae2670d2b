package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers of the API as Alertmanager 0.33.1 gave them to the same questions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertmanagerApiTest {
  private static final String CONFIG =
      """
      route:
        receiver: team
        group_by: [alertname]
        routes: [{receiver: other, matchers: [night=1]}]
      receivers: [{name: team}, {name: other, labels: {tier: night}, webhook_configs: [{url: "http://127.0.0.1:1/s3cret"}]}]
      inhibit_rules:
        - {source_matchers: [severity=critical], target_matchers: [severity=warning], equal: [instance]}
      """;

  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    RunningServer.configure(home, "global: {}");
    var file = Files.writeString(home.resolve("am.yml"), CONFIG);
    server = RunningServer.open(home, "--alertmanager.config.file=" + file);
    var answer =
        server.postJson(
            "/api/v2/alerts",
            """
            [{"labels": {"alertname": "A", "severity": "critical", "instance": "x"},
              "annotations": {"s": "<b>"}, "generatorURL": "http://g/a"},
             {"labels": {"alertname": "B", "severity": "warning", "instance": "x"}},
             {"labels": {"alertname": "N", "night": "1", "empty": ""}}]
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String silence(String id, String matchers, Instant start, Instant end) {
    return """
    {"id": "%s", "matchers": %s, "startsAt": "%s", "endsAt": "%s", "createdBy": "me", "comment": "why"}
    """
        .formatted(id, matchers, start, end);
  }

  @Test
  void alertsAreShownWithWhatKeepsThemQuiet() {
    assertThat(server.get("/api/v2/alerts").body().replaceAll("20\\d\\d-[0-9T:.-]+Z", "TIME"))
        .contains(
            """
            {"annotations":{"s":"\\u003cb\\u003e"},"endsAt":"TIME","fingerprint":"c62f23f5e7a9168e",\
            "receivers":[{"name":"team"}],"startsAt":"TIME","status":{"inhibitedBy":[],"mutedBy":[],\
            "silencedBy":[],"state":"active"},"updatedAt":"TIME","generatorURL":"http://g/a",\
            "labels":{"alertname":"A","instance":"x","severity":"critical"}}\
            """,
            """
            "status":{"inhibitedBy":["c62f23f5e7a9168e"],"mutedBy":[],"silencedBy":[],\
            "state":"suppressed"},"updatedAt":"TIME","labels":{"alertname":"B",\
            """,
            """
            "receivers":[{"name":"other"}]\
            """);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "filter=alertname%3DA, A",
    "filter=alertname%3D~%22A%7CB%22&filter=severity!%3Dcritical, B",
    "active=false, B",
    "active=xx, B",
    "inhibited=false, A N",
    "receiver=te.*, A B",
    "receiver=te, ''",
    "receiver_matchers=name%3Dother, N",
    "receiver_matchers=tier%3Dnight, N",
    "receiver_matchers=tier%3D, A B",
    "filter=empty%3D%22%22&receiver=other, N",
  })
  void alertsAreFiltered(String query, String names) {
    for (var prefix : new String[] {"/api/v2", "/alertmanager/api/v2"}) {
      var found = new TreeSet<String>();
      server
          .json(prefix + "/alerts?" + query)
          .forEach(alert -> found.add(alert.path("labels").path("alertname").asString()));
      assertThat(String.join(" ", found)).isEqualTo(names);
    }
  }

  @Test
  void groupsHaveTheirAlerts() {
    var groups = server.json("/api/v2/alerts/groups");
    assertThat(groups).hasSize(3);
    assertThat(groups.path(2).path("labels").toString()).isEqualTo("{\"alertname\":\"N\"}");
    assertThat(groups.path(2).path("receiver").path("name").asString()).isEqualTo("other");
    assertThat(groups.path(2).path("alerts")).hasSize(1);
    assertThat(server.json("/api/v2/alerts/groups?receiver=other")).hasSize(1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/alerts |"
            + " [{\"labels\":{}},{\"labels\":{\"alertname\":\"W\"},\"startsAt\":\"2026-11-21T11:00:00Z\",\"endsAt\":\"2026-11-21T10:00:00Z\"}]"
            + " | 400 | \"at least one label pair required\\nstart time must be before end time\"",
        "/alerts | [{\"annotations\":{}}] | 422 | {\"code\":602,\"message\":\"0.labels in body is"
            + " required\"}",
        "/alerts | [{\"labels\":{\"a\":\"b\"},\"startsAt\":\"xx\"}] | 400 |"
            + " {\"code\":400,\"message\":\"parsing alerts body from \\\"\\\" failed, because"
            + " parsing time \\\"xx\\\" as \\\"2006-01-02\\\": cannot parse \\\"xx\\\" as"
            + " \\\"2006\\\"\"}",
        "/alerts | [{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"not a url\"}] | 422 |"
            + " {\"code\":601,\"message\":\"0.generatorURL in body must be of type uri: \\\"not a"
            + " url\\\"\"}",
        "/alerts | `` | 422 | {\"code\":602,\"message\":\"alerts in body is required\"}",
        "/silences | `` | 422 | {\"code\":602,\"message\":\"silence in body is required\"}",
        "/silences | null | 422 | {\"code\":602,\"message\":\"comment in body is required\"}",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[]}"
            + " | 422 | {\"code\":612,\"message\":\"matchers in body should have at least 1"
            + " items\"}",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\"}]}"
            + " | 422 | {\"code\":602,\"message\":\"matchers.0.isRegex in body is required\"}",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"\",\"isRegex\":false}]}"
            + " | 400 | \"invalid silence: matcher set 0: at least one matcher must not match the"
            + " empty string\"",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"\",\"value\":\"x\",\"isRegex\":true}]}"
            + " | 400 | \"invalid silence: invalid label matcher 0 in set 0: invalid label name"
            + " \\\"\\\"\"",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"(\",\"isRegex\":true}]}"
            + " | 400 | \"invalid silence: invalid label matcher 0 in set 0: invalid regular"
            + " expression \\\"(\\\": error parsing regexp: missing closing ): `(`\"",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2026-01-01T00:00:00Z\",\"startsAt\":\"2026-01-02T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"x\",\"isRegex\":true}]}"
            + " | 400 | \"Failed to create silence: start time must be before end time\"",
        "/silences |"
            + " {\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2026-01-02T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"x\",\"isRegex\":true}]}"
            + " | 400 | \"Failed to create silence: end time can't be in the past\"",
        "/silences |"
            + " {\"id\":\"nope\",\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-02T00:00:00Z\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"x\",\"isRegex\":true}]}"
            + " | 404 | \"silence not found\"",
      })
  void aWrongRequestIsRefusedInTheSameWords(String path, String body, int status, String words) {
    var answer = server.postJson("/api/v2" + path, body);
    assertThat(answer.body().strip()).isEqualTo(words);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/alerts?filter=alertname | 400 | \"bad matcher format: alertname\"",
        "/silences?filter=x | 400 | \"bad matcher format: x\"",
        "/nothing | 404 | {\"code\":404,\"message\":\"path /api/v2/nothing was not found\"}",
        "/silence/xyz | 422 | {\"code\":601,\"message\":\"silenceID in path must be of type uuid:"
            + " \\\"xyz\\\"\"}",
      })
  void aWrongQuestionIsAnsweredInTheSameWords(String path, int status, String words) {
    var answer = server.get("/api/v2" + path);
    assertThat(answer.body().strip()).isEqualTo(words);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void aSilenceIsMadeChangedAndEnded() {
    var now = Instant.now();
    var matchers = "[{\"name\": \"alertname\", \"value\": \"N\", \"isRegex\": false}]";
    var made =
        server.postJson(
            "/api/v2/silences", silence("", matchers, now.minusSeconds(60), now.plusSeconds(600)));
    assertThat(made.statusCode()).isEqualTo(200);
    var id = made.body().replaceAll(".*\"silenceID\":\"([^\"]+)\".*", "$1").strip();

    var shown = server.json("/api/v2/silence/" + id);
    assertThat(shown.path("status").path("state").asString()).isEqualTo("active");
    assertThat(shown.path("matchers").toString())
        .isEqualTo("[{\"isEqual\":true,\"isRegex\":false,\"name\":\"alertname\",\"value\":\"N\"}]");
    assertThat(server.json("/api/v2/silences?filter=alertname%3DN").path(0)).isEqualTo(shown);
    assertThat(server.json("/api/v2/alerts?silenced=false&receiver=other")).isEmpty();
    assertThat(
            server
                .json("/api/v2/alerts?receiver=other")
                .path(0)
                .path("status")
                .path("silencedBy")
                .path(0)
                .asString())
        .isEqualTo(id);

    var start = Instant.parse(shown.path("startsAt").asString());
    var changed =
        server.postJson("/api/v2/silences", silence(id, matchers, start, now.plusSeconds(900)));
    assertThat(changed.body()).contains(id);
    assertThat(server.delete("/api/v2/silence/" + id).statusCode()).isEqualTo(200);
    assertThat(server.delete("/api/v2/silence/" + id).statusCode()).isEqualTo(200);
    assertThat(server.json("/api/v2/silence/" + id).path("status").path("state").asString())
        .isEqualTo("expired");
    var unknown = "/api/v2/silence/00000000-0000-0000-0000-000000000000";
    assertThat(server.get(unknown).statusCode()).isEqualTo(404);
    assertThat(server.delete(unknown).statusCode()).isEqualTo(404);
  }

  @Test
  void anotherMethodOrMediaTypeIsRefused() {
    var answer = server.delete("/api/v2/alerts");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body().strip())
        .isEqualTo(
            "{\"code\":405,\"message\":\"method DELETE is not allowed, but [GET,POST] are\"}");
    assertThat(server.post("/api/v2/alerts", "[]").statusCode()).isEqualTo(415);
  }

  @Test
  void theConfigurationIsShownWithoutSecretsAndReceiversByName() {
    var status = server.json("/api/v2/status");
    assertThat(status.path("config").path("original").asString())
        .contains("receiver: team", "<secret>")
        .doesNotContain("s3cret");
    assertThat(status.path("cluster").path("status").asString()).isEqualTo("disabled");
    assertThat(server.get("/api/v2/receivers").body().strip())
        .isEqualTo(
            "[{\"labels\":{\"name\":\"team\"},\"name\":\"team\"},"
                + "{\"labels\":{\"name\":\"other\",\"tier\":\"night\"},\"name\":\"other\"}]");
    assertThat(server.get("/alertmanager/-/ready").statusCode()).isEqualTo(200);
    assertThat(server.get("/alertmanager/api/v1/alerts").statusCode()).isEqualTo(410);
  }
}
