package barograph.server;

import barograph.server.cli.Flags;
import barograph.server.cli.Logging;
import barograph.server.cli.Options;
import barograph.server.practice.LoopbackClient;
import barograph.server.practice.RehearsedWrites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// Starts the server on an empty folder, stores a small fleet, asks what dashboards ask and starts
/// again on what is there, so that the JDK can keep what it loaded, linked and learnt on the way:
/// the ahead-of-time cache that later starts begin from.
///
/// What is written and asked often is compiled early by those starts, for how it ran here: the
/// first samples and queries of a new server are not slower than they have to be.
public final class Rehearsal {
  private static final List<String> PAGES =
      List.of(
          "/",
          "/-/healthy",
          "/metrics",
          "/metrics/host",
          "/api/v1/targets",
          "/api/v1/rules",
          "/api/v1/status/tsdb",
          "/api/v1/status/metric_usage");

  /// How often each question is asked of the head, and again of a block.
  private static final int ROUNDS = 20;

  /// How often those are that take a moment: what each runs through but once, such as the way from
  /// the wire to a plan and back, has to be seen at work thousands of times before it is found
  /// worth the best that the compiler can do.
  private static final int BRIEF_ROUNDS = 140;

  private Rehearsal() {}

  /// Rehearses one start.
  ///
  /// @param arguments the folder where Barograph lies
  public static void main(String[] arguments) throws IOException {
    Path data = Files.createTempDirectory("barograph-rehearsal");
    try {
      Logging.configure("error", "logfmt");
      var flags =
          Flags.parse(
              "--web.listen-address=127.0.0.1:0",
              "--web.enable-admin-api",
              "--storage.tsdb.path=" + data);
      var options = Options.from(flags, Path.of(arguments[0]));
      var clock = InstantSource.system();
      var fleet = new RehearsedFleet(clock.millis() / 60_000 * 60_000);
      try (var server = open(options, clock);
          var client = new Client(server.port())) {
        visit(client);
        // The oldest first: a start that finds newer samples may not take them any more.
        for (String body : fleet.bodies()) {
          client.send("POST", "/api/v1/import", body);
        }
        var writes = new RehearsedWrites(clock.instant());
        while (writes.hasNext()) {
          client.write(writes.next());
        }
      }
      // This one has something to replay.
      try (var server = open(options, clock);
          var client = new Client(server.port())) {
        rehearse(client, fleet);
      }
    } finally {
      try (var files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Barograph open(Options options, InstantSource clock) throws IOException {
    return Barograph.open(options, new Barograph.Host(Main.build(), () -> {}, _ -> {}), clock);
  }

  private static void visit(Client client) throws IOException {
    for (String page : PAGES) {
      client.send("GET", page, "");
    }
  }

  private static void rehearse(Client client, RehearsedFleet fleet) throws IOException {
    ask(client, fleet);
    client.send("POST", "/api/v1/admin/tsdb/compact", "");
    ask(client, fleet);
  }

  private static void ask(Client client, RehearsedFleet fleet) throws IOException {
    ask(client, fleet.questions(), ROUNDS);
    ask(client, fleet.briefQuestions(), BRIEF_ROUNDS);
  }

  private static void ask(Client client, List<String> paths, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      for (String path : paths) {
        client.send("GET", path, "");
      }
    }
  }

  /// One connection, on which everything has to succeed.
  private static final class Client implements AutoCloseable {
    private final LoopbackClient connection;

    private Client(int port) throws IOException {
      connection = new LoopbackClient(port);
    }

    void send(String method, String path, String body) throws IOException {
      send(method, path, "", body.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a request of remote write.
    void write(byte[] request) throws IOException {
      send("POST", "/api/v1/write", "Content-Encoding: snappy\r\n", request);
    }

    private void send(String method, String path, String header, byte[] content)
        throws IOException {
      int status = connection.send(method, path, header, content);
      if (status / 100 != 2) {
        throw new IllegalStateException(
            "%s %s is answered with %d, expected success".formatted(method, path, status));
      }
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
