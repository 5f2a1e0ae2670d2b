package barograph.server.beside;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;

/// What both sides watch: a page of gauges that the scenario sets.
final class Things implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Double> values = new ConcurrentSkipListMap<>();

  Things() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/metrics", this::show);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  void set(String series, double value) {
    values.put(series, value);
  }

  void remove(String series) {
    values.remove(series);
  }

  private void show(HttpExchange exchange) throws IOException {
    try (exchange) {
      var page = new StringBuilder();
      values.forEach((series, value) -> page.append(series).append(' ').append(value).append('\n'));
      var bytes = page.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
