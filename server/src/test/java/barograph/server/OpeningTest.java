package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.encoded;
import static barograph.server.RunningServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose store takes as long to open as the test likes.
class OpeningTest {
  @TempDir private Path home;

  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch mayOpen = new CountDownLatch(1);
  private volatile boolean mustFail;
  private int port;
  private CompletableFuture<RunningServer> opening;

  @BeforeEach
  void choosePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    mayOpen.countDown();
    try {
      opening.get().close();
    } catch (ExecutionException e) {
      assertThat(mustFail).as("%s", e).isTrue();
    }
    client.close();
  }

  private void start(String yaml) throws IOException {
    configure(home, yaml);
    // On a thread of its own: the pool that futures share may have no more than one.
    opening =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return RunningServer.open(home, port, this::openSlowly);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            task -> new Thread(task, "opening").start());
    eventually("the port", this::status, status -> status == 200);
  }

  private int status() {
    try {
      return get("/-/healthy").statusCode();
    } catch (UncheckedIOException e) {
      // Nobody listens yet.
      return 0;
    }
  }

  private Store openSlowly(StoreOptions options, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    try {
      mayOpen.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (mustFail) {
      throw new IOException("a disk that cannot be read");
    }
    return Store.open(options, clock, watcher);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(request(path).GET().build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private CompletableFuture<HttpResponse<String>> write(byte[] body) {
    return client.sendAsync(
        request("/api/v1/write")
            .header("Content-Type", "application/x-protobuf")
            .header("Content-Encoding", "snappy")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void awaitWaiting(int count) {
    eventually(
        "requests that wait",
        () -> get("/metrics").body(),
        page -> page.contains("barograph_http_requests_waiting " + count + "\n"));
  }

  @Test
  void whatIsWrittenBeforeTheStoreIsOpenIsAnsweredAfterwardsAndThere() throws Exception {
    start("");
    long now = System.currentTimeMillis();
    var good = write(new PushedRequest().series(Map.of("__name__", "early"), now, 42).snappy());
    var unreadable = write("no protobuf at all".getBytes(UTF_8));
    awaitWaiting(2);

    assertThat(get("/-/ready").statusCode()).isEqualTo(503);
    assertThat(get("/api/v1/query?query=early").statusCode()).isEqualTo(503);
    assertThat(get("/federate?match%5B%5D=early").statusCode()).isEqualTo(503);
    assertThat(good).isNotDone();
    mayOpen.countDown();

    assertThat(good.get().statusCode()).isEqualTo(204);
    assertThat(unreadable.get().statusCode()).isEqualTo(400);
    assertThat(opening.get().query("early").toString()).contains("\"42\"");
    awaitWaiting(0);
  }

  @Test
  void aBodyMayBeAsLongBeforeTheStoreIsOpenAsAfterwards() throws Exception {
    start("");
    var long12 = write(new byte[12 << 20]);
    var long40 = write(new byte[40 << 20]);
    awaitWaiting(1);
    assertThat(long40.get().statusCode()).isEqualTo(413);
    mayOpen.countDown();

    assertThat(long12.get().statusCode()).isEqualTo(400);
  }

  @Test
  void whatWaitsIsSentAwayIfTheStoreCannotBeOpened() throws Exception {
    start("");
    var waiting =
        write(new PushedRequest().series(Map.of("__name__", "early"), 1_000, 42).snappy());
    awaitWaiting(1);
    mustFail = true;
    mayOpen.countDown();

    var answer = waiting.get();

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  void aPageThatIsFetchedBeforeTheStoreIsOpenIsStoredUnderItsOwnTime() throws Exception {
    var visited = new CountDownLatch(1);
    var target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.createContext(
        "/metrics",
        exchange -> {
          byte[] page = "lamp 7\n".getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
          visited.countDown();
        });
    target.start();
    try {
      long began = System.currentTimeMillis();
      start(
          """
          scrape_configs:
            - job_name: house
              scrape_interval: 1s
              static_configs: [{targets: ["127.0.0.1:%d"]}]
          """
              .formatted(target.getAddress().getPort()));
      visited.await();
      long seen = System.currentTimeMillis();
      while (System.currentTimeMillis() <= seen) {
        Thread.onSpinWait();
      }
      mayOpen.countDown();
      var server = opening.get();

      for (String series : new String[] {"lamp", "up{job=\"house\"}"}) {
        String first = "min_over_time(timestamp(%s)[1m:100ms]) * 1000".formatted(series);
        var found =
            eventually(
                series,
                () -> server.data("/api/v1/query?query=" + encoded(first)).path("result"),
                result -> !result.isEmpty());
        double time = Double.parseDouble(found.get(0).path("value").get(1).stringValue());
        assertThat(time).as(series).isBetween((double) began, (double) seen);
      }
    } finally {
      target.stop(0);
    }
  }
}
