package barograph.server.beside;

import barograph.server.Barograph;
import barograph.server.api.StatusApi.Build;
import barograph.server.cli.Flags;
import barograph.server.cli.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Barograph on one side, Prometheus and Alertmanager on the other, the same things for them to
/// watch, and the same rules and routes.
final class World implements AutoCloseable {
  static final String OURS = "barograph";
  static final String THEIRS = "peers";
  private static final String EXTERNAL_URL = "http://watch.example.org";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final Things things = new Things();
  final Ears ears = new Ears();
  private final Path home;
  private final int ourPort = Peer.freePort();
  private final int prometheusPort = Peer.freePort();
  private final int alertmanagerPort = Peer.freePort();
  private final Peer prometheus;
  private final Peer alertmanager;
  private final Map<String, List<String>> silences = new HashMap<>();
  private @Nullable Barograph ours;

  /// @param home a folder of its own
  /// @param binaries where the peers' programs lie
  World(Path home, Path binaries) throws IOException {
    this.home = home;
    prometheus =
        new Peer(
            List.of(
                Peer.binary(binaries, "prometheus"),
                "--config.file=" + home.resolve("prometheus.peers.yml"),
                "--storage.tsdb.path=" + home.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + prometheusPort,
                "--web.external-url=" + EXTERNAL_URL,
                "--web.enable-lifecycle"),
            home.resolve("prometheus.log"),
            prometheusPort);
    alertmanager =
        new Peer(
            List.of(
                Peer.binary(binaries, "alertmanager", "prometheus-alertmanager"),
                "--config.file=" + home.resolve("alertmanager.peers.yml"),
                "--storage.path=" + home.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + alertmanagerPort,
                "--web.external-url=" + EXTERNAL_URL,
                "--cluster.listen-address="),
            home.resolve("alertmanager.log"),
            alertmanagerPort);
  }

  /// Writes both sides' files.
  ///
  /// @param routes an `alertmanager.yml` in which `{name}` stands for the address of a receiver
  void configure(String rules, String routes) throws IOException {
    Files.writeString(home.resolve("rules.yml"), rules);
    var common =
        """
        global:
          scrape_interval: 250ms
          scrape_timeout: 250ms
          evaluation_interval: 1s
          external_labels: {site: attic}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: things
            static_configs:
              - targets: ["%s"]
        """
            .formatted(things.address());
    Files.writeString(home.resolve("prometheus.ours.yml"), common);
    Files.writeString(
        home.resolve("prometheus.peers.yml"),
        common
            + """
            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ["127.0.0.1:%d"]
            """
                .formatted(alertmanagerPort));
    Files.writeString(home.resolve("alertmanager.ours.yml"), addressed(routes, OURS));
    Files.writeString(home.resolve("alertmanager.peers.yml"), addressed(routes, THEIRS));
  }

  private String addressed(String routes, String side) {
    return routes.replaceAll("\\{\\{(\\w+)}}", ears.url(side, "$1"));
  }

  void start() throws IOException {
    alertmanager.start();
    prometheus.start();
    startOurs();
  }

  private void startOurs() throws IOException {
    var flags = new ArrayList<String>();
    flags.add("--config.file=" + home.resolve("prometheus.ours.yml"));
    flags.add("--alertmanager.config.file=" + home.resolve("alertmanager.ours.yml"));
    flags.add("--storage.tsdb.path=" + home.resolve("barograph"));
    flags.add("--web.listen-address=127.0.0.1:" + ourPort);
    flags.add("--web.external-url=" + EXTERNAL_URL);
    flags.add("--web.route-prefix=/");
    flags.add("--web.enable-lifecycle");
    var build = new Build("0.0.1-test", "0123abc", "trial", "2026-01-01T00:00:00Z");
    ours =
        Barograph.open(
            Options.from(Flags.parse(flags.toArray(new String[0])), home),
            new Barograph.Host(build, () -> {}, cause -> {}),
            InstantSource.system());
  }

  /// Stops both sides in an orderly way and starts them again.
  void restart() throws IOException {
    stopAll();
    start();
  }

  private void stopAll() {
    if (ours != null) {
      ours.close();
    }
    prometheus.close();
    alertmanager.close();
  }

  /// Reads the rules anew.
  void reloadRules() throws IOException {
    reload(ourPort, prometheusPort);
  }

  /// Reads the routes anew.
  void reloadRoutes() throws IOException {
    reload(ourPort, alertmanagerPort);
  }

  private static void reload(int... ports) throws IOException {
    for (int port : ports) {
      var answer = Peer.send(port, "POST", "/-/reload", "");
      if (!answer.startsWith("200")) {
        throw new IllegalStateException("reload on port %d: %s".formatted(port, answer));
      }
    }
  }

  /// The millisecond of a second in which the rules are evaluated, on both sides.
  int evaluationPhase() throws IOException {
    var answer = Peer.send(ourPort, "GET", "/api/v1/rules", "").substring(4);
    var group = MAPPER.readTree(answer).path("data").path("groups").path(0);
    return (int) (Instant.parse(group.path("lastEvaluation").asString()).toEpochMilli() % 1000);
  }

  /// Silences on both sides what the matchers say, under a name of the scenario's own.
  void silence(String name, String matchers, int seconds) throws IOException {
    var now = Instant.now();
    var body =
        """
        {"matchers": %s, "startsAt": "%s", "endsAt": "%s", "createdBy": "scenario", "comment": "%s"}
        """
            .formatted(matchers, now, now.plusSeconds(seconds), name);
    var ids = new ArrayList<String>();
    for (int port : new int[] {ourPort, alertmanagerPort}) {
      var answer = Peer.send(port, "POST", "/api/v2/silences", body);
      if (!answer.startsWith("200")) {
        throw new IllegalStateException("silence on port %d: %s".formatted(port, answer));
      }
      ids.add(MAPPER.readTree(answer.substring(4)).path("silenceID").asString());
    }
    silences.put(name, ids);
  }

  void expire(String name) throws IOException {
    var ids = silences.getOrDefault(name, List.of());
    Peer.send(ourPort, "DELETE", "/api/v2/silence/" + ids.getFirst(), "");
    Peer.send(alertmanagerPort, "DELETE", "/api/v2/silence/" + ids.getLast(), "");
  }

  /// Posts an alert to both sides as an outsider.
  void post(String alerts) throws IOException {
    for (int port : new int[] {ourPort, alertmanagerPort}) {
      var answer = Peer.send(port, "POST", "/api/v2/alerts", alerts);
      if (!answer.startsWith("200")) {
        throw new IllegalStateException("alerts on port %d: %s".formatted(port, answer));
      }
    }
  }

  /// The alerts of a side as its API shows them, without what must differ.
  List<String> alerts(String side) throws IOException {
    int port = side.equals(OURS) ? ourPort : alertmanagerPort;
    var shown = new ArrayList<String>();
    for (JsonNode alert :
        MAPPER.readTree(Peer.send(port, "GET", "/api/v2/alerts", "").substring(4))) {
      shown.add(
          "%s %s %s %s"
              .formatted(
                  alert.path("labels"),
                  alert.path("annotations"),
                  alert.path("status").path("state"),
                  alert.path("receivers")));
    }
    shown.sort(null);
    return shown;
  }

  @Override
  public void close() {
    stopAll();
    things.close();
    ears.close();
  }
}
