package barograph.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// amtool takes this server for an Alertmanager.
///
/// Runs where `BAROGRAPH_PEERS` names a folder with `amtool`.
class AmtoolBesidePeersTest {
  @TempDir private Path home;

  /// What a run of amtool printed, with its exit code as the first word.
  private String amtool(RunningServer server, String... arguments)
      throws IOException, InterruptedException {
    var peers = System.getenv("BAROGRAPH_PEERS");
    assumeTrue(peers != null, "BAROGRAPH_PEERS names no folder with the peers' binaries");
    var command = new ArrayList<String>();
    command.add(Path.of(String.valueOf(peers)).resolve("amtool").toString());
    command.add("--alertmanager.url=http://127.0.0.1:%d/".formatted(server.port()));
    command.add("--no-version-check");
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + text;
  }

  private RunningServer server() throws IOException {
    Files.writeString(
        home.resolve("am.yml"),
        """
        route:
          receiver: team
          group_by: [alertname]
          routes:
          - matchers: ['severity="page"']
            receiver: pager
            continue: true
            routes: [{matchers: ['team=~"db|sql"'], receiver: dba}]
        receivers: [{name: team}, {name: pager}, {name: dba}]
        """);
    RunningServer.configure(home, "{}");
    return RunningServer.open(home, "--alertmanager.config.file=" + home.resolve("am.yml"));
  }

  @Test
  void alertsAreAddedAndFound() throws IOException, InterruptedException {
    try (var server = server()) {
      String added =
          amtool(
              server,
              "alert",
              "add",
              "alertname=Disk",
              "severity=page",
              "node=a",
              "--annotation=summary=\"it is full\"",
              "--start=2026-11-21T00:00:00Z");
      assertThat(added).startsWith("0 ");
      assertThat(amtool(server, "alert", "add", "alertname=Net", "node=b")).startsWith("0 ");
      assertThat(amtool(server, "alert", "query")).contains("Disk", "it is full", "Net");
      assertThat(amtool(server, "alert", "query", "alertname=~\"D.*\"", "node=a"))
          .contains("Disk", "active")
          .doesNotContain("Net");
      assertThat(amtool(server, "alert", "query", "node!=a")).contains("Net");
      assertThat(amtool(server, "alert", "query", "--receiver=pager"))
          .contains("Disk")
          .doesNotContain("Net");
      assertThat(amtool(server, "alert", "query", "-o", "json", "node=b"))
          .contains("\"alertname\":\"Net\"", "\"state\":\"active\"");
    }
  }

  @Test
  void silencesAreMadeChangedEndedAndBroughtBack() throws IOException, InterruptedException {
    try (var server = server()) {
      amtool(server, "alert", "add", "alertname=Disk", "node=a");
      String made =
          amtool(server, "silence", "add", "alertname=Disk", "-c", "swap", "-a", "me", "-d", "2h");
      assertThat(made).startsWith("0 ");
      String id = made.substring(2).strip();
      assertThat(amtool(server, "alert", "query")).doesNotContain("Disk");
      assertThat(amtool(server, "alert", "query", "--silenced")).contains("Disk", "suppressed");
      assertThat(amtool(server, "silence", "update", id, "-d", "4h", "-c", "longer"))
          .startsWith("0 ")
          .contains("longer");
      var saved = home.resolve("silences.json");
      Files.writeString(
          saved, amtool(server, "silence", "query", "-o", "json").substring(2).strip());
      String updated = amtool(server, "silence", "query", "-q", "alertname=Disk").substring(2);
      assertThat(amtool(server, "silence", "expire", updated.strip())).startsWith("0 ");
      assertThat(amtool(server, "silence", "query")).doesNotContain("longer");
      assertThat(amtool(server, "silence", "query", "--expired")).contains("longer");
      assertThat(amtool(server, "silence", "import", saved.toString())).startsWith("0 ");
      assertThat(amtool(server, "silence", "query")).contains("longer", "alertname=\"Disk\"");
      assertThat(amtool(server, "silence", "expire", "00000000-0000-0000-0000-000000000000"))
          .startsWith("1 ")
          .contains("404");
    }
  }

  @Test
  void routesAreShownAndTried() throws IOException, InterruptedException {
    try (var server = server()) {
      assertThat(amtool(server, "config", "routes", "show"))
          .startsWith("0 ")
          .contains(
              "default-route  receiver: team",
              "{severity=\"page\"}  continue: true  receiver: pager",
              "{team=~\"db|sql\"}  receiver: dba");
      assertThat(amtool(server, "config", "routes", "test", "severity=page", "team=sql"))
          .isEqualTo("0 dba\n");
      assertThat(
              amtool(
                  server, "config", "routes", "test", "--verify.receivers=team", "severity=page"))
          .startsWith("1 ")
          .contains("did not match");
      assertThat(amtool(server, "config", "show")).startsWith("0 ").contains("receiver: dba");
      assertThat(amtool(server, "cluster", "show")).startsWith("0 ").contains("disabled");
    }
  }
}
