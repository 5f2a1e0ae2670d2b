package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The whole road on real input: samples come in over HTTP, lie on disk, are asked for, and when
/// something breaks a webhook is called.
class FirstLightTest {
  private static final String PROTOBUF = "application/x-protobuf";

  @TempDir private Path home;

  @Test
  void aFreshServerSeesItselfAndItsMachine() throws IOException {
    configure(
        home,
        """
        global: {scrape_interval: 1s}
        scrape_configs:
          - job_name: barograph
            static_configs: [{targets: ["localhost:9090"]}]
          - job_name: host
            metrics_path: /metrics/host
            static_configs: [{targets: ["localhost:9090"]}]
        """);
    try (var server = RunningServer.open(home)) {
      String self = "localhost:" + server.port();
      for (String job : new String[] {"barograph", "host"}) {
        var up =
            eventually(
                "up of " + job,
                () -> server.query("up{job=\"%s\"}".formatted(job)),
                found -> found.size() == 1 && valueOf(found).equals("1"));
        assertThat(up.get(0).path("metric").path("instance").stringValue()).isEqualTo(self);
      }
      eventually(
          "the machine's figures",
          () -> server.query("node_memory_MemTotal_bytes"),
          f -> f.size() == 1);
      eventually(
          "a rate over its CPUs",
          () -> server.query("count(rate(node_cpu_seconds_total[1m]))"),
          found -> found.size() == 1);
      eventually(
          "the server's own figures",
          () -> server.query("prometheus_tsdb_head_series > 0"),
          found -> found.size() == 1);
    }
  }

  @Test
  void aPushedSampleIsAnsweredAtOnceAndAgainAfterARestart() throws IOException {
    configure(home, "");
    long now = System.currentTimeMillis() / 1000 * 1000 + 7;
    String question = "/api/v1/query?query=pushed&time=%d.007".formatted(now / 1000);
    String answer =
        """
        {"status":"success","data":{"resultType":"vector","result":[\
        {"metric":{"__name__":"pushed","host":"a<b"},"value":[%d.007,"42.5"]}]}}\
        """
            .formatted(now / 1000);
    var request =
        new PushedRequest().series(Map.of("__name__", "pushed", "host", "a<b"), now, 42.5);
    try (var server = RunningServer.open(home)) {
      assertThat(server.write(request.snappy(), PROTOBUF, "snappy").statusCode()).isEqualTo(204);
      assertThat(server.get(question).body()).isEqualTo(answer);
    }
    try (var server = RunningServer.open(home)) {
      assertThat(server.get(question).body()).isEqualTo(answer);
      var later =
          new PushedRequest().series(Map.of("__name__", "pushed", "host", "a<b"), now + 1, 43);
      assertThat(server.write(later.snappy(), PROTOBUF, "snappy").statusCode()).isEqualTo(204);
      assertThat(server.query("changes(pushed[1m])")).hasSize(1);
    }
  }

  @Test
  void aWriteThatCannotBeReadIsRefusedWithItsReason() throws IOException {
    configure(home, "storage: {tsdb: {out_of_order_time_window: 0s}}");
    try (var server = RunningServer.open(home, "--web.enable-lifecycle")) {
      byte[] garbage = "no protobuf at all".getBytes(UTF_8);
      assertThat(server.write(garbage, PROTOBUF, "br").statusCode()).isEqualTo(415);
      assertThat(server.write(garbage, PROTOBUF, "zstd").statusCode()).isEqualTo(400);
      var counted =
          server.write(
              new byte[] {0}, PROTOBUF + ";proto=io.prometheus.write.v2.Request", "snappy");
      assertThat(counted.statusCode()).isEqualTo(204);
      assertThat(counted.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
          .contains("0");
      assertThat(server.write(garbage, "text/plain", "snappy").statusCode()).isEqualTo(415);
      assertThat(server.write(garbage, PROTOBUF, "snappy").statusCode()).isEqualTo(400);
      long now = System.currentTimeMillis();
      var series = Map.of("__name__", "ordered");
      assertThat(
              server.write(new PushedRequest().series(series, now, 1).snappy(), PROTOBUF, "snappy"))
          .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(204));
      var late =
          server.write(new PushedRequest().series(series, now - 5, 2).snappy(), PROTOBUF, "snappy");
      assertThat(late.statusCode()).isEqualTo(400);
      assertThat(late.body()).contains("out of order");
      configure(home, "");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      late =
          server.write(new PushedRequest().series(series, now - 5, 2).snappy(), PROTOBUF, "snappy");
      assertThat(late.statusCode()).isEqualTo(204);
      assertThat(server.query("count_over_time(ordered[1m])").toString()).contains("\"2\"");
      late =
          server.write(
              new PushedRequest().series(series, now - 3_700_000, 2).snappy(), PROTOBUF, "snappy");
      assertThat(late.statusCode()).isEqualTo(400);
      assertThat(late.body()).contains("too old");
    }
    try (var server = RunningServer.open(home, "--no-web.enable-remote-write-receiver")) {
      assertThat(server.write(new byte[0], PROTOBUF, "snappy").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aTargetThatFailsIsToldToTheWebhookAndItsReturnToo() throws Exception {
    var broken = new AtomicBoolean(true);
    var told = new LinkedBlockingQueue<String>();
    var target =
        answering(
            exchange -> broken.get() ? Answer.of(503, "") : Answer.of(200, "fake_metric 1\n"));
    var webhook =
        answering(body -> {
          told.add(body);
          return Answer.of(200, "");
        });
    try {
      String address = "127.0.0.1:" + target.getAddress().getPort();
      configure(
          home,
          """
          global: {scrape_interval: 500ms, evaluation_interval: 200ms}
          rule_files: [rules.yml]
          scrape_configs:
            - job_name: fake
              static_configs: [{targets: ["%s"]}]
          """
              .formatted(address));
      Files.writeString(
          home.resolve("config").resolve("rules.yml"),
          """
          groups:
            - name: targets
              rules:
                - alert: TargetDown
                  expr: up{job="fake"} == 0
                  labels: {severity: page}
                  annotations: {summary: "{{ $labels.instance }} is down: {{ $value }}"}
                - record: fake:up:sum
                  expr: sum(up)
          """);
      Files.writeString(
          home.resolve("alertmanager.yml"),
          """
          route: {receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 200ms}
          receivers:
            - name: hook
              webhook_configs: [{url: "http://127.0.0.1:%d/told"}]
          """
              .formatted(webhook.getAddress().getPort()));
      try (var server =
          RunningServer.open(
              home, "--alertmanager.config.file=" + home.resolve("alertmanager.yml"))) {
        var firing = next(told, "firing");
        assertThat(firing.path("version").stringValue()).isEqualTo("4");
        assertThat(firing.path("receiver").stringValue()).isEqualTo("hook");
        assertThat(firing.path("groupLabels").path("alertname").stringValue())
            .isEqualTo("TargetDown");
        var alert = firing.path("alerts").get(0);
        assertThat(alert.path("status").stringValue()).isEqualTo("firing");
        assertThat(alert.path("labels").path("severity").stringValue()).isEqualTo("page");
        assertThat(alert.path("labels").path("instance").stringValue()).isEqualTo(address);
        assertThat(alert.path("annotations").path("summary").stringValue())
            .isEqualTo(address + " is down: 0");

        var shown = server.data("/api/v1/alerts").path("alerts").get(0);
        assertThat(shown.propertyNames())
            .containsExactly("labels", "annotations", "state", "activeAt", "value");
        assertThat(shown.path("value").stringValue()).isEqualTo("0e+00");
        eventually(
            "ALERTS",
            () -> server.query("ALERTS{alertname=\"TargetDown\",alertstate=\"firing\"}"),
            found -> found.size() == 1);
        eventually("the recorded series", () -> server.query("fake:up:sum"), f -> f.size() == 1);

        broken.set(false);
        var resolved = next(told, "resolved");
        assertThat(resolved.path("alerts").get(0).path("status").stringValue())
            .isEqualTo("resolved");
        assertThat(resolved.path("alerts").get(0).path("fingerprint").stringValue())
            .isEqualTo(alert.path("fingerprint").stringValue());
        eventually(
            "the end of the alert",
            () -> server.query("ALERTS{alertname=\"TargetDown\"}"),
            found -> found.isEmpty());
      }
    } finally {
      target.stop(0);
      webhook.stop(0);
    }
  }

  @Test
  void aReloadTakesTheNewConfigurationAndKeepsTheOldOneIfItIsBad() throws IOException {
    configure(home, "scrape_configs: [{job_name: first}]");
    try (var server = RunningServer.open(home, "--web.enable-lifecycle")) {
      assertThat(pools(server)).isEqualTo("[\"first\"]");

      configure(home, "scrape_configs: [{job_nam: second}]");
      var refused = server.post("/-/reload", "");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body()).startsWith("failed to reload config: ").contains("job_nam");
      assertThat(pools(server)).isEqualTo("[\"first\"]");
      assertThat(server.data("/api/v1/status/runtimeinfo").path("reloadConfigSuccess").asBoolean())
          .isFalse();

      configure(home, "scrape_configs: [{job_name: second}]");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      assertThat(pools(server)).isEqualTo("[\"second\"]");
      assertThat(server.data("/api/v1/status/runtimeinfo").path("reloadConfigSuccess").asBoolean())
          .isTrue();
      assertThat(server.data("/api/v1/status/config").path("yaml").stringValue())
          .contains("job_name: second");
    }
  }

  @Test
  void everythingLiesBelowTheRoutePrefix() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home, "--web.external-url=http://example.org/baro/")) {
      assertThat(server.get("/baro/-/healthy").statusCode()).isEqualTo(200);
      assertThat(server.get("/baro/api/v1/query?query=1").statusCode()).isEqualTo(200);
      assertThat(server.get("/baro/api/v1/label/a/values").statusCode()).isEqualTo(200);
      assertThat(server.get("/baro/metrics").statusCode()).isEqualTo(200);
      assertThat(server.get("/baro/").body()).contains("\"./ui/");
      assertThat(server.get("/api/v1/query?query=1").statusCode()).isEqualTo(404);
      assertThat(server.get("/barometer").statusCode()).isEqualTo(404);
      var away = server.get("/");
      assertThat(away.statusCode()).isEqualTo(302);
      assertThat(away.headers().firstValue("location")).hasValue("/baro/");
      assertThat(server.get("/baro/graph?g0.expr=up").headers().firstValue("location"))
          .hasValue("/baro/query?g0.expr=up");
    }
  }

  private static String pools(RunningServer server) {
    return server.data("/api/v1/scrape_pools").path("scrapePools").toString();
  }

  private static String valueOf(JsonNode result) {
    return result.get(0).path("value").get(1).stringValue();
  }

  /// The next message of that status; one that is repeated in between is passed over.
  private static JsonNode next(BlockingQueue<String> told, String status)
      throws InterruptedException {
    while (true) {
      String body = told.poll(60, TimeUnit.SECONDS);
      assertThat(body).as("a webhook that says " + status).isNotNull();
      var message = new ObjectMapper().readTree(body);
      if (message.path("status").stringValue().equals(status)) {
        return message;
      }
    }
  }

  private record Answer(int status, byte[] body) {
    static Answer of(int status, String body) {
      return new Answer(status, body.getBytes(UTF_8));
    }
  }

  /// What is answered to a body.
  @FunctionalInterface
  private interface Answering {
    Answer to(String body);
  }

  private static HttpServer answering(Answering answers) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var answer = answers.to(body);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(
                answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
          }
        });
    server.start();
    return server;
  }
}
