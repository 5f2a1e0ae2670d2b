package barograph.server.beside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Another program, started and stopped, and what is asked of it by HTTP.
public final class Peer implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> command;
  private final Path log;
  private final int port;
  private @Nullable Process process;

  /// @param port where it listens by its command
  public Peer(List<String> command, Path log, int port) {
    this.command = command;
    this.log = log;
    this.port = port;
  }

  /// The first of `names` that lies in `folder`.
  public static String binary(Path folder, String... names) {
    for (var name : names) {
      if (Files.isExecutable(folder.resolve(name))) {
        return folder.resolve(name).toString();
      }
    }
    throw new IllegalStateException("%s has none of %s".formatted(folder, List.of(names)));
  }

  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public void start() throws IOException {
    process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    awaitReady();
  }

  private void awaitReady() throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      try {
        if (send(port, "GET", "/-/ready", "").startsWith("2")) {
          return;
        }
      } catch (IOException e) {
        // Does not listen yet.
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new IllegalStateException(
        "%s does not become ready: %s".formatted(command.getFirst(), Files.readString(log)));
  }

  /// The answer's status and body.
  public static String send(int port, String method, String path, String json) throws IOException {
    try {
      var answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Content-Type", "application/json")
                  .method(method, BodyPublishers.ofString(json))
                  .build(),
              BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// Ends it in an orderly way.
  @Override
  public void close() {
    var running = process;
    process = null;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
