package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Batch jobs push, and the server goes down in between.
class PushedGroupsTest {
  private static final String TEXT = "text/plain";

  @TempDir private Path home;

  @Test
  void aPushedGroupIsStoredUnderItsOwnLabelsAndOutlivesARestart() throws IOException {
    RunningServer.configure(home, "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n");
    try (var server = RunningServer.open(home)) {
      assertThat(server.push("PUT", "/metrics/job/backup/zone/a", TEXT, "size 12\n").statusCode())
          .isEqualTo(200);
      assertThat(server.push("POST", "/metrics/job@base64/Yi9j", TEXT, "size 13\n").statusCode())
          .isEqualTo(200);
      assertThat(server.push("PUT", "/metrics/job/bad", TEXT, "size x\n").statusCode())
          .isEqualTo(400);
      assertThat(server.push("PUT", "/metrics/job/a?ttl=x", TEXT, "a 1\n").statusCode())
          .isEqualTo(400);
      assertThat(server.get("/metrics/job/backup").statusCode()).isEqualTo(405);
      assertThat(server.push("PUT", "/api/v1/admin/wipe", TEXT, "").statusCode()).isEqualTo(404);
      assertThat(server.get("/metrics").body()).contains("barograph_");
      assertThat(sizes(server, 2))
          .extracting(series -> series.path("metric").toString())
          .containsExactlyInAnyOrder(
              "{\"__name__\":\"size\",\"job\":\"b/c\"}",
              "{\"__name__\":\"size\",\"job\":\"backup\",\"zone\":\"a\"}");
      assertThat(server.delete("/metrics/job@base64/Yi9j").statusCode()).isEqualTo(202);
      assertThat(sizes(server, 1).path(0).path("metric").path("job").asString())
          .isEqualTo("backup");
    }
    try (var server = RunningServer.open(home)) {
      assertThat(server.get("/api/v1/metrics").body())
          .contains("\"labels\":{\"job\":\"backup\",\"zone\":\"a\"},\"last_push_successful\":true")
          .doesNotContain("b/c");
      server.push("POST", "/metrics/job/backup/zone/a", TEXT, "files 3\n");
      RunningServer.eventually(
          "another visit", () -> server.query("files"), result -> result.size() == 1);
      assertThat(sizes(server, 1).path(0).path("value").path(1).asString()).isEqualTo("12");
    }
  }

  private static JsonNode sizes(RunningServer server, int count) {
    return RunningServer.eventually(
        count + " series", () -> server.query("size"), result -> result.size() == count);
  }
}
