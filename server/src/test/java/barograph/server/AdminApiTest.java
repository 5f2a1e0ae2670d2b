package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/api/v1/admin/tsdb/*`, where the operator has opened it.
class AdminApiTest {
  private static final String ADMIN = "/api/v1/admin/tsdb/";
  private final long now = Instant.now().getEpochSecond();
  @TempDir private Path home;
  private RunningServer server;

  @BeforeEach
  void start() throws IOException {
    RunningServer.configure(home, "global: {scrape_interval: 1h}\n");
    server = RunningServer.open(home, "--web.enable-admin-api");
    var request = new PushedRequest();
    for (String host : new String[] {"a", "b"}) {
      request.series(Map.of("__name__", "m", "host", host), now * 1000, 1);
    }
    assertThat(server.write(request.snappy(), "application/x-protobuf", "snappy").statusCode())
        .isEqualTo(204);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int seriesOfM() {
    return server.data("/api/v1/query?query=m&time=" + now).path("result").size();
  }

  @Test
  void deletesSeriesAndCleansAndCompacts() {
    assertThat(seriesOfM()).isEqualTo(2);
    var nothing = server.post(ADMIN + "delete_series", "");
    assertThat(nothing.statusCode()).isEqualTo(400);
    assertThat(nothing.body()).contains("no match[] parameter provided");
    var before = "&start=0&end=" + (now - 10);
    assertThat(server.post(ADMIN + "delete_series", "match[]=m" + before).statusCode())
        .isEqualTo(204);
    assertThat(seriesOfM()).isEqualTo(2);
    assertThat(server.post(ADMIN + "delete_series", "match[]=m%7Bhost%3D%22a%22%7D").statusCode())
        .isEqualTo(204);
    assertThat(seriesOfM()).isEqualTo(1);
    assertThat(server.post(ADMIN + "compact", "").statusCode()).isEqualTo(204);
    assertThat(server.post(ADMIN + "clean_tombstones", "").statusCode()).isEqualTo(204);
    assertThat(seriesOfM()).isEqualTo(1);
  }

  @Test
  void damageIsForgottenOnDemand() {
    assertThat(server.post(ADMIN + "forget_damage", "").statusCode()).isEqualTo(204);
    assertThat(server.data("/api/v1/status/damage").path("count").asInt(-1)).isZero();
  }

  @Test
  void snapshotsAreFoldersOfBlocks() throws IOException {
    assertThat(server.post(ADMIN + "snapshot", "skip_head=perhaps").body())
        .contains("invalid parameter \\\"skip_head\\\": unable to parse boolean");
    String body = server.post(ADMIN + "snapshot", "").body();
    assertThat(body)
        .matches(
            "\\{\"status\":\"success\",\"data\":\\{\"name\":\"\\d{8}T\\d{6}Z-[0-9a-f]{16}\"}}\\n?");
    String name = body.replaceAll(".*\"name\":\"([^\"]*)\".*\\n?", "$1");
    try (var blocks = Files.list(home.resolve("data/snapshots").resolve(name))) {
      assertThat(blocks).hasSize(1).allMatch(block -> Files.exists(block.resolve("block.bg")));
    }
  }
}
