package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spans of requests, queries, rules and notifications come to a collector.
class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String ASKER = "00f067aa0ba902b7";

  @TempDir private Path home;

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer collector;

  /// @param failed the words of a failure, empty without one
  private record Span(
      String trace,
      String id,
      String parent,
      String name,
      long start,
      long end,
      Map<String, String> attributes,
      String failed) {}

  TracingTest() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void collect() {
    collector.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            tokens.add(exchange.getRequestHeaders().getFirst("X-Token"));
            read(new GZIPInputStream(exchange.getRequestBody()).readAllBytes());
            exchange.sendResponseHeaders(200, -1);
          } catch (MalformedMessageException e) {
            throw new AssertionError(e);
          }
        });
    collector.createContext(
        "/hook",
        exchange -> {
          try (exchange) {
            told.add(exchange.getRequestHeaders().getFirst("traceparent"));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
    client.close();
  }

  private void read(byte[] message) throws MalformedMessageException {
    var wire = new WireReader(message).within(0, message.length);
    // The spans of the scope of the resource.
    for (int field : new int[] {1, 2}) {
      int tag = wire.tag();
      while (tag >>> 3 != field) {
        wire.skip(tag);
        tag = wire.tag();
      }
      int _ = wire.enter();
    }
    while (wire.more()) {
      int tag = wire.tag();
      if (tag >>> 3 == 2) {
        int outer = wire.enter();
        spans.add(span(message, wire));
        wire.leave(outer);
      } else {
        wire.skip(tag);
      }
    }
  }

  private static Span span(byte[] message, WireReader wire) throws MalformedMessageException {
    var bytes = new HashMap<Integer, byte[]>();
    var times = new HashMap<Integer, Long>();
    var attributes = new HashMap<String, String>();
    String failed = "";
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag >>> 3) {
        case 1, 2, 4, 5 -> bytes.put(tag >>> 3, bytes(message, wire));
        case 7, 8 -> times.put(tag >>> 3, wire.fixedLong());
        case 9 -> {
          int outer = wire.enter();
          int _ = wire.tag();
          String name = new String(bytes(message, wire), UTF_8);
          int _ = wire.tag();
          int value = wire.enter();
          boolean text = wire.tag() >>> 3 == 1;
          attributes.put(name, text ? new String(bytes(message, wire), UTF_8) : "" + wire.varint());
          wire.leave(value);
          wire.leave(outer);
        }
        case 15 -> {
          int outer = wire.enter();
          int _ = wire.tag();
          failed = new String(bytes(message, wire), UTF_8);
          wire.leave(outer);
        }
        default -> wire.skip(tag);
      }
    }
    var hex = HexFormat.of();
    return new Span(
        hex.formatHex(bytes.getOrDefault(1, new byte[0])),
        hex.formatHex(bytes.getOrDefault(2, new byte[0])),
        hex.formatHex(bytes.getOrDefault(4, new byte[0])),
        new String(bytes.getOrDefault(5, new byte[0]), UTF_8),
        times.getOrDefault(7, 0L),
        times.getOrDefault(8, 0L),
        attributes,
        failed);
  }

  private static byte[] bytes(byte[] message, WireReader wire) throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return Arrays.copyOfRange(message, from, from + length);
  }

  private String tracing(double fraction) {
    return """
    tracing:
      client_type: http
      endpoint: 127.0.0.1:%d
      insecure: true
      sampling_fraction: %s
      compression: gzip
      headers: {X-Token: hush}
    """
        .formatted(collector.getAddress().getPort(), fraction);
  }

  private void get(RunningServer server, String path, String traceparent)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + server.port() + path);
    var request = HttpRequest.newBuilder(uri).header("traceparent", traceparent).build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isBetween(200, 599);
  }

  private Span one(String name) {
    var found = spans.stream().filter(span -> span.name.equals(name)).toList();
    assertThat(found).as("%s among %s", name, spans).hasSize(1);
    return found.getFirst();
  }

  @Test
  void aQueryIsAPartOfWhoeverAsksIt() throws IOException, InterruptedException {
    configure(home, tracing(0));
    try (var server = RunningServer.open(home)) {
      get(server, "/api/v1/query?query=vector(1)", "00-%s-%s-01".formatted(TRACE, ASKER));
      get(server, "/api/v1/query?query=vector(2)", "00-%s-%s-00".formatted(TRACE, ASKER));
      get(server, "/api/v1/labels", "none");
    }
    // What there was is sent as the server closes; of the others nothing is recorded.
    var request = one("GET /api/v1/query");
    assertThat(request.trace).isEqualTo(TRACE);
    assertThat(request.parent).isEqualTo(ASKER);
    assertThat(request.attributes)
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.path", "/api/v1/query");
    var exec = one("promqlExec");
    assertThat(exec.parent).isEqualTo(request.id);
    assertThat(exec.attributes).containsEntry("query", "vector(1)");
    for (String part :
        List.of("promqlExecQueue", "promqlPrepare", "promqlInnerEval", "promqlSort")) {
      var span = one(part);
      assertThat(span.parent).isEqualTo(exec.id);
      assertThat(span.trace).isEqualTo(TRACE);
      assertThat(span.start).isBetween(exec.start, span.end);
    }
    assertThat(spans).hasSize(6);
    assertThat(tokens).containsOnly("hush");
  }

  @Test
  void aQueryThatFailsSaysHow() throws IOException, InterruptedException {
    configure(home, tracing(1));
    try (var server = RunningServer.open(home)) {
      get(server, "/api/v1/query?query=vector(1)%2Bon()vector(1)&timeout=0", "");
      get(server, "/api/v1/query_range?query=label_join(m)&start=0&end=1&step=1", "");
      get(
          server,
          "/api/v1/query?query=label_replace(vector(1),%22a%22,%22b%22,%22c%22,%22(%22)",
          "");
      assertThat(server.get("/api/v1/status/config").body())
          .contains("client_type: http", "X-Token: \\u003csecret")
          .doesNotContain("hush");
    }
    assertThat(one("promqlExec").failed).contains("label_replace");
    assertThat(spans.stream().filter(span -> span.name.startsWith("GET ")).toList()).hasSize(4);
    assertThat(spans).noneMatch(span -> !span.parent.isEmpty() && span.name.startsWith("GET "));
  }

  @Test
  void rulesAndNotificationsAreTracedUntilAReloadEndsIt() throws IOException, InterruptedException {
    Files.createDirectories(home.resolve("config"));
    Files.writeString(
        home.resolve("config").resolve("rules.yml"),
        "groups: [{name: g, interval: 1s, rules: [{alert: Always, expr: vector(1)}]}]");
    Files.writeString(
        home.resolve("am.yml"),
        """
        route: {receiver: hook, group_wait: 0s}
        receivers: [{name: hook, webhook_configs: [{url: "http://127.0.0.1:%d/hook"}]}]
        """
            .formatted(collector.getAddress().getPort()));
    configure(home, "rule_files: [rules.yml]\n" + tracing(1));
    try (var server =
        RunningServer.open(
            home,
            "--web.enable-lifecycle",
            "--alertmanager.config.file=" + home.resolve("am.yml"))) {
      String header = eventually("a notification", () -> String.join("", told), s -> !s.isEmpty());
      eventually(
          "spans of rule and notification",
          () -> spans.stream().map(Span::name).toList(),
          names -> names.containsAll(List.of("rule", "notify")));
      configure(home, "rule_files: [rules.yml]");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      // What was recorded before it has been sent by now.
      var notify = spans.stream().filter(span -> span.name.equals("notify")).findFirst();
      assertThat(notify).isPresent();
      assertThat(header).contains(notify.get().trace + "-" + notify.get().id);
      assertThat(notify.get().attributes)
          .containsEntry("server.address", "127.0.0.1")
          .containsEntry("http.response.status_code", "200");
      assertThat(spans)
          .anyMatch(
              span -> span.name.equals("rule") && "vector(1)".equals(span.attributes.get("query")));
      int before = spans.size();
      get(server, "/api/v1/query?query=vector(1)", "00-%s-%s-01".formatted(TRACE, ASKER));
      assertThat(spans).hasSize(before);
    }
  }
}
