package barograph.server;

import static barograph.server.RunningServer.configure;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// This server reads another one's samples, as its configuration's `remote_read` says.
class ReadElsewhereTest {
  @TempDir private Path home;
  @TempDir private Path elsewhere;

  private final long now = System.currentTimeMillis();

  private void push(RunningServer server, String name, String site, long time, double value) {
    var labels = site.isEmpty() ? Map.of("__name__", name) : Map.of("__name__", name, "site", site);
    var request = new PushedRequest().series(labels, time, value);
    var answer = server.write(request.snappy(), "application/x-protobuf", "snappy");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  private static String reading(int port, String more) {
    return """
    global: {external_labels: {site: attic}}
    remote_read:
    - url: http://127.0.0.1:%d/api/v1/read
      name: other
    %s
    """
        .formatted(port, more.indent(2));
  }

  @Test
  void samplesOfBothAreOneSeries() throws IOException {
    configure(elsewhere, "{}");
    try (var other = RunningServer.open(elsewhere)) {
      push(other, "m", "attic", now - 20_000, 1);
      push(other, "m", "cellar", now - 20_000, 9);
      push(other, "n", "attic", now - 20_000, 5);
      configure(home, reading(other.port(), "read_recent: true"));
      try (var server = RunningServer.open(home)) {
        push(server, "m", "", now - 10_000, 2);
        assertThat(server.query("m[1m]").toString())
            .contains("\"metric\":{\"__name__\":\"m\"}", "\"1\"],[", "\"2\"]]")
            .doesNotContain("site");
        assertThat(server.query("sum({__name__=~'m|n'})").toString()).contains("\"7\"");
        assertThat(server.query("n{site='attic'}").toString()).contains("\"site\":\"attic\"");
        assertThat(server.data("/api/v1/series?match[]=n".replace("[]", "%5B%5D")).toString())
            .isEqualTo("[{\"__name__\":\"n\"}]");
        assertThat(server.get("/api/v1/status/config").body())
            .contains("chunked_read_limit: 50000000", "read_recent: true", "name: other");
        String labels =
            "{remote_name=\"other\",url=\"http://127.0.0.1:%d/api/v1/read\""
                .formatted(other.port());
        String read = "prometheus_remote_read_client_";
        assertThat(server.get("/metrics").body())
            .contains(
                read + "queries" + labels + "} 0\n",
                read + "queries_total" + labels + ",response_type=\"chunked\",code=\"200\"} 4\n",
                read + "request_duration_seconds_bucket" + labels,
                ",response_type=\"chunked\",le=\"+Inf\"} 4\n",
                read + "request_duration_seconds_count" + labels);
      }
    }
  }

  @Test
  void whoFailsCostsAWarningAndTheNextReloadAsksNobody() throws IOException {
    int port;
    configure(elsewhere, "{}");
    try (var other = RunningServer.open(elsewhere)) {
      port = other.port();
    }
    configure(home, reading(port, "read_recent: true\nremote_timeout: 5s"));
    try (var server = RunningServer.open(home, "--web.enable-lifecycle")) {
      push(server, "m", "", now - 10_000, 2);
      var answer = server.json("/api/v1/query?query=m");
      assertThat(answer.path("status").asString()).isEqualTo("success");
      assertThat(answer.path("data").path("result").toString()).contains("\"2\"");
      assertThat(answer.path("warnings").toString()).contains("remote_read other: ");
      configure(home, "{}");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      assertThat(server.json("/api/v1/query?query=m").has("warnings")).isFalse();
    }
  }

  @Test
  void aUsersFileWithAllItsKeysLoads() throws IOException {
    Files.writeString(home.resolve("password"), "secret");
    configure(
        home,
        """
        remote_read:
        - url: https://there:9090/api/v1/read
          name: long
          required_matchers: {tier: long}
          remote_timeout: 30s
          chunked_read_limit: 1000000
          headers: {X-Scope-OrgID: one}
          read_recent: false
          filter_external_labels: false
          basic_auth: {username: u, password_file: %s}
          tls_config: {insecure_skip_verify: true}
          proxy_url: http://proxy:3128
          follow_redirects: false
          enable_http2: true
        """
            .formatted(home.resolve("password")));
    try (var server = RunningServer.open(home)) {
      push(server, "m", "", now - 10_000, 2);
      var answer = server.json("/api/v1/query?query=m");
      assertThat(answer.path("data").path("result").toString()).contains("\"2\"");
      assertThat(answer.has("warnings")).isFalse();
    }
  }
}
