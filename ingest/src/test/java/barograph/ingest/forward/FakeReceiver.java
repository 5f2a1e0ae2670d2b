package barograph.ingest.forward;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A server that takes remote writes over a real socket, or refuses them as a test wishes, and
/// remembers every request.
final class FakeReceiver implements AutoCloseable, Post {
  final NaiveStore store = new NaiveStore();
  private final RemoteWrite remoteWrite =
      new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT));
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Got> got = new ArrayList<>();
  private Wish wish = request -> 0;

  /// A request that came.
  record Got(Map<String, String> headers, byte[] body, int answered) {}

  /// Answers with a status, or 0 to have the request taken.
  @FunctionalInterface
  interface Wish {
    int answer(Headers headers);
  }

  FakeReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.createContext("/write", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/write");
  }

  synchronized void wish(Wish next) {
    wish = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (this) {
      var headers = new HashMap<String, String>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      int status = wish.answer(exchange.getRequestHeaders());
      if (status == 0) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        PushAnswer answer = remoteWrite.accept(type, "snappy", ByteBuffer.wrap(body)).join();
        status = answer.status();
        count(exchange, "Samples", answer.samples());
        count(exchange, "Histograms", answer.histograms());
        count(exchange, "Exemplars", answer.exemplars());
      } else if (status == 429) {
        exchange.getResponseHeaders().set("Retry-After", "0");
      }
      byte[] text = "told so".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, status == 204 ? -1 : text.length);
      if (status != 204) {
        exchange.getResponseBody().write(text);
      }
      got.add(new Got(headers, body, status));
      notifyAll();
    }
    exchange.close();
  }

  private static void count(HttpExchange exchange, String what, int number) {
    exchange
        .getResponseHeaders()
        .set("X-Prometheus-Remote-Write-" + what + "-Written", Integer.toString(number));
  }

  synchronized List<Got> got() {
    return List.copyOf(got);
  }

  /// Waits until what has come is as a test wants it.
  synchronized void await(Predicate<FakeReceiver> enough) throws InterruptedException {
    while (!enough.test(this)) {
      wait(20_000);
    }
  }

  /// Times and values of all series by their labels, as `time=value`.
  Map<String, List<String>> series() {
    var all = new TreeMap<String, List<String>>();
    var range = new TimeRange(0, Long.MAX_VALUE / 2);
    try (var selection =
        store.select(List.of(new Matcher(Matcher.Type.NOT_EQUAL, Labels.METRIC_NAME, "")), range)) {
      var columns = new SampleColumns();
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        var samples = new ArrayList<String>();
        for (int k = 0; k < columns.size(); k++) {
          samples.add(columns.timestamps()[k] + "=" + columns.values()[k]);
        }
        all.put(selection.labels(i).toString(), samples);
      }
    }
    return all;
  }

  int samples() {
    return series().values().stream().mapToInt(List::size).sum();
  }

  @Override
  public Answer post(Request request) throws IOException {
    var asked =
        HttpRequest.newBuilder(request.uri())
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(asked::header);
    try {
      var answer = client.send(asked.build(), HttpResponse.BodyHandlers.ofString());
      var headers = new HashMap<String, String>();
      answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
      return new Answer(answer.statusCode(), headers, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.shutdownNow();
    client.close();
  }
}
