package barograph.server.beside;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// All receivers of both sides, at `/<side>/<receiver>`: takes what is told and remembers it, or
/// refuses it while the scenario wants a receiver to be out.
final class Ears implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TIMES = List.of("startsAt", "endsAt");

  private final HttpServer server;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> outages = new ConcurrentHashMap<>();

  /// A message that was taken.
  ///
  /// @param body without the times in it
  /// @param times of the alerts, by fingerprint and name, as they stand in the message
  record Heard(String side, String receiver, Instant at, String body, Map<String, String> times) {
    /// What happened to whom, as in `firing a+ b-`.
    String summary() {
      var message = MAPPER.readTree(body);
      var text = new StringBuilder(message.path("groupKey").asString());
      for (var alert : message.path("alerts")) {
        var labels = alert.path("labels");
        text.append(' ')
            .append(labels.path("alertname").asString())
            .append('/')
            .append(labels.path("name").asString())
            .append(alert.path("status").asString().equals("firing") ? '+' : '-');
      }
      return text.toString();
    }
  }

  Ears() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::hear);
    server.start();
  }

  String url(String side, String receiver) {
    return "http://127.0.0.1:%d/%s/%s".formatted(server.getAddress().getPort(), side, receiver);
  }

  /// Lets a receiver answer with `status` on both sides from now on; 200 heals it.
  void answer(String receiver, int status) {
    outages.put(receiver, status);
  }

  private void hear(HttpExchange exchange) throws IOException {
    try (exchange) {
      var at = Instant.now();
      var path = exchange.getRequestURI().getPath().split("/", -1);
      var body = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      int status = outages.getOrDefault(path[2], 200);
      if (status == 200) {
        var times = new TreeMap<String, String>();
        for (var alert : body.path("alerts")) {
          takeTimes(alert, times);
        }
        heard.add(new Heard(path[1], path[2], at, body.toString(), times));
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private static void takeTimes(JsonNode alert, Map<String, String> times) {
    for (var name : TIMES) {
      times.put(alert.path("fingerprint").asString() + " " + name, alert.path(name).asString());
    }
    ((ObjectNode) alert).remove(TIMES);
  }

  /// What a side was told, in the order in which it was.
  List<Heard> heard(String side) {
    var told = new ArrayList<Heard>();
    for (var each : heard) {
      if (each.side().equals(side)) {
        told.add(each);
      }
    }
    return told;
  }

  static Duration between(String one, String other) {
    return Duration.between(Instant.parse(one), Instant.parse(other)).abs();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
