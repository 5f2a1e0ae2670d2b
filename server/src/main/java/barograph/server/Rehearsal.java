package barograph.server;

import barograph.server.cli.Flags;
import barograph.server.cli.Logging;
import barograph.server.cli.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// Starts the server once on an empty folder and asks it a few things, so that the JDK can keep
/// what it loaded and linked on the way: the ahead-of-time cache that later starts begin from.
public final class Rehearsal {
  private static final List<String> ASKED =
      List.of(
          "/",
          "/-/ready",
          "/metrics",
          "/metrics/host",
          "/api/v1/targets",
          "/api/v1/rules",
          "/api/v1/labels",
          "/api/v1/status/tsdb",
          "/api/v1/query?query=sum%20by%20(job)%20(rate(up%5B5m%5D))%20%2B%201");

  private Rehearsal() {}

  /// Rehearses one start.
  ///
  /// @param arguments the folder where Barograph lies
  public static void main(String[] arguments) throws IOException {
    Path data = Files.createTempDirectory("barograph-rehearsal");
    try {
      var flags = Flags.parse("--web.listen-address=127.0.0.1:0", "--storage.tsdb.path=" + data);
      Logging.configure("error", "logfmt");
      var host = new Barograph.Host(Main.build(), () -> {}, cause -> {});
      try (var server =
          Barograph.open(
              Options.from(flags, Path.of(arguments[0])), host, InstantSource.system())) {
        for (String path : ASKED) {
          ask(server.port(), path);
        }
      }
    } finally {
      try (var files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void ask(int port, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var _ = socket.getInputStream().readAllBytes();
    }
  }
}
