package barograph.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alertmanagers that a file names are told of alerts, until a reload names others.
class AlertmanagerSearchTest {
  @TempDir private Path home;

  @Test
  void alertmanagersOfAFileAreTold() throws IOException, InterruptedException {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    var alertmanager =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    alertmanager.createContext(
        "/am/api/v2/alerts",
        exchange -> {
          try (exchange) {
            told.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    alertmanager.start();
    int port = alertmanager.getAddress().getPort();
    Files.writeString(
        home.resolve("am.json"),
        "[{\"targets\": [\"127.0.0.1:%d\", \"127.0.0.1:1\"]}]".formatted(port));
    Files.createDirectories(home.resolve("config"));
    Files.writeString(
        home.resolve("config").resolve("rules.yml"),
        "groups: [{name: g, interval: 1s, rules: [{alert: Always, expr: vector(1)}]}]");
    configure(
        "[{path_prefix: am, file_sd_configs: [{files: [../am.json]}],"
            + " relabel_configs: [{action: drop, source_labels: [__address__], regex: '.*:1'}]}]");
    // The rule may fire before the file has been read; then it is told of after the delay.
    try (var server =
        RunningServer.open(home, "--web.enable-lifecycle", "--rules.alert.resend-delay=1s")) {
      assertThat(told.poll(20, TimeUnit.SECONDS)).contains("\"alertname\":\"Always\"");
      assertThat(alertmanagers(server))
          .contains(
              "\"activeAlertmanagers\":[{\"url\":\"http://127.0.0.1:%d/am/api/v2/alerts\"}]"
                  .formatted(port))
          .contains("\"droppedAlertmanagers\":[{\"url\":\"http://127.0.0.1:1/am/api/v2/alerts\"}]");

      configure("[{static_configs: [{targets: ['127.0.0.1:2']}]}]");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      assertThat(alertmanagers(server))
          .contains("[{\"url\":\"http://127.0.0.1:2/api/v2/alerts\"}],\"droppedAlertmanagers\":[]");
    } finally {
      alertmanager.stop(0);
    }
  }

  private void configure(String alertmanagers) throws IOException {
    RunningServer.configure(
        home, "rule_files: [rules.yml]\nalerting: {alertmanagers: %s}\n".formatted(alertmanagers));
  }

  private static String alertmanagers(RunningServer server) {
    return server.get("/api/v1/alertmanagers").body();
  }
}
