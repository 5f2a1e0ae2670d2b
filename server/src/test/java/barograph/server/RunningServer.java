package barograph.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.server.api.StatusApi.Build;
import barograph.server.cli.Flags;
import barograph.server.cli.Options;
import barograph.storage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The whole server in this process on a port of its own, with its home in one folder, and the
/// requests that tests make of it.
final class RunningServer implements AutoCloseable {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Barograph server;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningServer(Barograph server) {
    this.server = server;
  }

  /// Starts on what lies in `home`: `config/barograph.yml`, and the data of an earlier start.
  static RunningServer open(Path home, String... flags) throws IOException {
    return open(home, 0, Store::open, flags);
  }

  /// The same on a port that is known beforehand, with a store that `opener` opens.
  static RunningServer open(Path home, int port, StoreDoor.Opener opener, String... flags)
      throws IOException {
    var all = new ArrayList<>(List.of(flags));
    all.add("--web.listen-address=127.0.0.1:" + port);
    all.add("--storage.tsdb.path=" + home.resolve("data"));
    var options = Options.from(Flags.parse(all.toArray(new String[0])), home);
    var build = new Build("0.0.1-test", "0123abc", "trial", "2026-01-01T00:00:00Z");
    var host =
        new Barograph.Host(
            build,
            () -> {},
            cause -> {
              throw new AssertionError("the disk failed", cause);
            });
    return new RunningServer(Barograph.open(options, host, InstantSource.system(), opener));
  }

  static void configure(Path home, String yaml) throws IOException {
    Files.createDirectories(home.resolve("config"));
    Files.writeString(home.resolve("config").resolve("barograph.yml"), yaml);
  }

  int port() {
    return server.port();
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(at(path)).GET());
  }

  HttpResponse<String> post(String path, String form) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  HttpResponse<String> postJson(String path, String json) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String path) {
    return send(HttpRequest.newBuilder(at(path)).DELETE());
  }

  HttpResponse<String> push(String method, String path, String type, String body) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }

  /// Writes samples by remote write, all of which are taken.
  void push(PushedRequest request) {
    var answer = write(request.snappy(), "application/x-protobuf", "snappy");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  HttpResponse<String> write(byte[] body, String type, String encoding) {
    return send(
        HttpRequest.newBuilder(at("/api/v1/write"))
            .header("Content-Type", type)
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /// The answer at `path`, as the tree that its JSON is.
  JsonNode json(String path) {
    return MAPPER.readTree(get(path).body());
  }

  /// The `data` of the answer at `path`.
  JsonNode data(String path) {
    return json(path).path("data");
  }

  /// What an instant query finds now.
  JsonNode query(String expression) {
    return data("/api/v1/query?query=" + encoded(expression)).path("result");
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /// Asks until the answer is as wanted; fails after long patience with the last one.
  static <T> T eventually(String what, Supplier<T> ask, Predicate<T> wanted) {
    long start = System.nanoTime();
    while (true) {
      T answer = ask.get();
      if (wanted.test(answer)) {
        return answer;
      }
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("%s never came; the last answer was %s".formatted(what, answer));
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
