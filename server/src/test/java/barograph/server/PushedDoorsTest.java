package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that may be pushed, through the whole server.
class PushedDoorsTest {
  @TempDir Path home;

  @Test
  void openTelemetrysMetricsAreStoredAsConfigured() throws IOException {
    RunningServer.configure(home, "otlp: {promote_resource_attributes: [zone]}");
    String body =
        """
        {"resourceMetrics": [{"resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "cart"}},
            {"key": "zone", "value": {"stringValue": "z"}}]},
          "scopeMetrics": [{"metrics": [{"name": "used", "unit": "1", "gauge": {
            "dataPoints": [{"timeUnixNano": "%d", "asDouble": 0.5}]}}]}]}]}
        """
            .formatted(System.currentTimeMillis() * 1_000_000);
    String path = "/api/v1/otlp/v1/metrics";
    try (var server = RunningServer.open(home, "--web.enable-lifecycle")) {
      var answer = server.push("POST", path, "application/json", body);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{}");
      assertThat(server.query("used_ratio{job=\"cart\",zone=\"z\"}").toString()).contains("0.5");
      RunningServer.configure(home, "otlp: {translation_strategy: NoTranslation}");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      assertThat(server.push("POST", path, "application/json", body).statusCode()).isEqualTo(200);
      assertThat(server.query("used").toString()).contains("0.5");
      assertThat(server.push("POST", path, "text/plain", body).statusCode()).isEqualTo(415);
      assertThat(server.push("POST", path, "application/json", "[").statusCode()).isEqualTo(400);
    }
    try (var server = RunningServer.open(home, "--no-web.enable-otlp-receiver")) {
      assertThat(server.push("POST", path, "application/json", body).statusCode()).isIn(404, 405);
    }
  }

  @Test
  void linesOfBothKindsAreStored() throws IOException {
    RunningServer.configure(home, "");
    long now = System.currentTimeMillis();
    try (var server = RunningServer.open(home)) {
      for (String path : new String[] {"/write?db=d&precision=ms", "/api/v2/write?precision=ms"}) {
        assertThat(server.push("POST", path, "text/plain", "cpu,host=a idle=5 " + now).statusCode())
            .isEqualTo(204);
      }
      assertThat(server.query("cpu_idle{host=\"a\"}")).hasSize(2);
      var refused = server.push("POST", "/write", "text/plain", "cpu state=\"idle\"");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).startsWith("{\"error\":\"partial write: ");
      String series =
          """
          {"metric":{"__name__":"i"},"values":[7],"timestamps":[%d]}
          """
              .formatted(now);
      assertThat(server.push("POST", "/api/v1/import", "application/json", series).statusCode())
          .isEqualTo(204);
      assertThat(server.query("i").toString()).contains("\"7\"");
    }
  }
}
