package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.HistogramWriter;
import barograph.ingest.wire.LabelWriter;
import barograph.ingest.wire.WireWriter;
import barograph.server.beside.Peer;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import barograph.storage.testkit.RandomHistograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Prometheus and this server read from each other, and answer queries as the one that has the
/// samples.
///
/// Runs where `BAROGRAPH_PEERS` names a folder with `prometheus`.
class RemoteReadBesidePeersTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{9,}(e[-+]?\\d+)?");
  private static final int ROUNDS = 200;
  private static final int STEP = 15_000;
  private static final List<String> QUERIES =
      List.of(
          "m",
          "m{k=\"1\"}",
          "m{k!=\"1\",j=~\"a|\"}",
          "{__name__=~\"m|h.*\",k!~\"2.*\"}",
          "sum by (k) (rate(m[2m]))",
          "sum(m offset 5m)",
          "count_over_time(m[7m])",
          "max_over_time(sum(m)[10m:1m])",
          "absent(m{k=\"none\"})",
          "h",
          "histogram_count(h)",
          "histogram_sum(h)",
          "count_over_time(h[5m])",
          "histogram_quantile(0.9, rate(counter[5m]))",
          "sum(increase(counter[5m]))",
          "floatcounter",
          "histogram_avg(rate(floatcounter[5m]))",
          "gauge",
          "present_over_time(ended[1h])",
          "ended");

  @TempDir private Path home;

  private final HttpClient client = HttpClient.newHttpClient();
  private final long now = System.currentTimeMillis();

  @AfterEach
  void stop() {
    client.close();
  }

  private static Path peers() {
    var peers = System.getenv("BAROGRAPH_PEERS");
    assumeTrue(peers != null, "BAROGRAPH_PEERS names no folder with the peers' binaries");
    return Path.of(String.valueOf(peers));
  }

  /// A request of remote write with the samples of one time.
  private static final class Push {
    private final WireWriter message = new WireWriter();
    private final WireWriter series = new WireWriter();
    private final WireWriter sample = new WireWriter();
    private final LabelWriter labelWriter = new LabelWriter();

    void add(Labels labels, long time, double value) {
      labelWriter.write(labels, series.clear());
      series.field(2, sample.clear().fixedDouble(1, value).varint(2, time));
      message.field(1, series);
    }

    void add(Labels labels, long time, Histogram histogram) {
      labelWriter.write(labels, series.clear());
      series.field(4, new HistogramWriter().write(histogram, time));
      message.field(1, series);
    }
  }

  /// Sends floats, histograms of every kind, and what ends in between.
  private void fill(int port) throws IOException, InterruptedException {
    var random = new Random(1);
    var histograms = new RandomHistograms(new Random(2));
    var counter = new long[2];
    double value = 0;
    for (int i = ROUNDS; i >= 0; i--) {
      long time = now - (long) i * STEP;
      var push = new Push();
      for (int k = 0; k < 5; k++) {
        value += random.nextInt(9);
        push.add(Labels.of("__name__", "m", "k", "" + k, "j", k % 2 == 0 ? "a" : ""), time, value);
      }
      push.add(Labels.of("__name__", "m", "k", "25"), time, random.nextGaussian());
      if (i % 50 > 20) {
        push.add(Labels.of("__name__", "ended"), time, i);
      } else if (i % 50 == 20) {
        push.add(Labels.of("__name__", "ended"), time, Staleness.MARKER);
      }
      push.add(Labels.of("__name__", "h"), time, histograms.next());
      counter[0] += random.nextInt(5);
      counter[1] += random.nextInt(3);
      if (i % 70 == 5) {
        counter[0] = 0;
      }
      push.add(Labels.of("__name__", "counter"), time, KnownHistogram.of(counter, true, false));
      push.add(
          Labels.of("__name__", "floatcounter"), time, KnownHistogram.of(counter, false, false));
      push.add(Labels.of("__name__", "gauge"), time, KnownHistogram.of(counter, true, true));
      send(port, push);
    }
  }

  private void send(int port, Push push) throws IOException, InterruptedException {
    byte[] body = new SnappyPacker().pack(push.message.bytes(), push.message.size());
    var answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private JsonNode ask(int port, String query) throws IOException {
    String path =
        "/api/v1/query_range?query=%s&start=%d&end=%d&step=30"
            .formatted(encoded(query), (now - (long) ROUNDS * STEP) / 1000, now / 1000);
    String answer = Peer.send(port, "GET", path, "");
    assertThat(answer).as(query).startsWith("200 ");
    return MAPPER.readTree(answer.substring(4));
  }

  /// Holds the answers of one that reads against those of one that is read.
  private void assertSame(int reads, int isRead) throws IOException {
    for (String query : QUERIES) {
      var expected = ask(isRead, query).path("data").path("result");
      var found = ask(reads, query);
      assertThat(found.path("warnings").toString()).as(query).doesNotContain("remote");
      assertThat(lines(found.path("data").path("result")))
          .as(query)
          .containsExactlyElementsOf(lines(expected));
      assertThat(expected.isEmpty()).as(query).isFalse();
    }
  }

  /// Each series with each of its points, or of an instant query with what it finds; numbers to ten
  /// digits, as the two add up in different orders.
  private static List<String> lines(JsonNode result) {
    var lines = new ArrayList<String>();
    for (var series : result) {
      for (String kind : List.of("values", "histograms")) {
        for (var point : series.path(kind)) {
          lines.add(line(series, point));
        }
      }
      for (String kind : List.of("value", "histogram")) {
        if (series.has(kind)) {
          lines.add(line(series, series.path(kind).path(1)));
        }
      }
    }
    return lines;
  }

  private static String line(JsonNode series, JsonNode point) {
    return LONG_NUMBER
        .matcher(series.path("metric") + " " + point)
        .replaceAll(found -> "%.10g".formatted(Double.parseDouble(found.group())));
  }

  private Peer prometheus(Path binaries, int port, String yaml) throws IOException {
    var file = home.resolve("prometheus.yml");
    Files.writeString(file, yaml);
    return new Peer(
        List.of(
            Peer.binary(binaries, "prometheus"),
            "--config.file=" + file,
            "--storage.tsdb.path=" + home.resolve("prometheus"),
            "--web.listen-address=127.0.0.1:" + port,
            "--web.enable-remote-write-receiver",
            "--enable-feature=native-histograms"),
        home.resolve("prometheus.log"),
        port);
  }

  @Test
  void prometheusAnswersWhatItReadsHere() throws IOException, InterruptedException {
    var binaries = peers();
    int port = Peer.freePort();
    configure(home, "global: {external_labels: {site: attic}}");
    try (var server = RunningServer.open(home);
        var prometheus =
            prometheus(
                binaries,
                port,
                """
                global: {external_labels: {site: attic}}
                remote_read:
                - url: http://127.0.0.1:%d/api/v1/read
                  read_recent: true
                """
                    .formatted(server.port()))) {
      prometheus.start();
      fill(server.port());
      assertSame(port, server.port());
    }
  }

  @Test
  void prometheusIsReadAsIfItsSamplesLayHere() throws IOException, InterruptedException {
    var binaries = peers();
    int port = Peer.freePort();
    configure(
        home,
        """
        global: {external_labels: {site: attic}}
        remote_read: [{url: "http://127.0.0.1:%d/api/v1/read", read_recent: true}]
        """
            .formatted(port));
    try (var server = RunningServer.open(home);
        var prometheus = prometheus(binaries, port, "global: {external_labels: {site: attic}}\n")) {
      prometheus.start();
      fill(port);
      assertSame(server.port(), port);
    }
  }

  @Test
  void prometheusScrapesNativeHistogramsToo() throws IOException, InterruptedException {
    var binaries = peers();
    int port = Peer.freePort();
    configure(home, "{}");
    try (var server = RunningServer.open(home);
        var prometheus =
            prometheus(
                binaries,
                port,
                """
                scrape_configs:
                - job_name: federation
                  scrape_interval: 1s
                  metrics_path: /federate
                  honor_labels: true
                  params: {'match[]': ['{__name__=~"counter|floatcounter|gauge|m"}']}
                  static_configs: [{targets: ["127.0.0.1:%d"]}]
                """
                    .formatted(server.port()))) {
      fill(server.port());
      prometheus.start();
      for (String query : List.of("counter", "floatcounter", "gauge", "m")) {
        String path = "/api/v1/query?query=" + query;
        var expected = lines(server.query(query));
        assertThat(expected).isNotEmpty();
        RunningServer.eventually(
            query,
            () -> {
              try {
                // The job is put on what has none.
                String answer =
                    Peer.send(port, "GET", path, "").replace(",\"job\":\"federation\"", "");
                return lines(MAPPER.readTree(answer.substring(4)).path("data").path("result"));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            expected::equals);
      }
    }
  }
}
