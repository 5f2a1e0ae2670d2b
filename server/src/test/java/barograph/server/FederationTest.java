package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.encoded;
import static barograph.server.RunningServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.FamilyPage;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.HistogramWriter;
import barograph.ingest.wire.LabelWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Another server scrapes this one at `/federate`.
class FederationTest {
  private static final String DEFAULT_TYPE =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  @TempDir private Path home;

  private final HttpClient client = HttpClient.newHttpClient();

  /// Times are short before this one, so that all lie within the lookback.
  private final long now = System.currentTimeMillis();

  @AfterEach
  void stop() {
    client.close();
  }

  private static String selectors(String... texts) {
    var path = new StringBuilder("/federate?");
    for (String text : texts) {
      path.append("match%5B%5D=").append(encoded(text)).append('&');
    }
    return path.toString();
  }

  private <T> HttpResponse<T> get(
      RunningServer server,
      String path,
      String header,
      String value,
      HttpResponse.BodyHandler<T> body) {
    try {
      var uri = URI.create("http://127.0.0.1:" + server.port() + path);
      return client.send(HttpRequest.newBuilder(uri).header(header, value).build(), body);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void theNewestSampleOfEachSeriesIsToldByFamilyWithItsOwnTime() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      server.push(
          new PushedRequest()
              .series(
                  PushedRequest.labels("b_total", "code", "a\\\"\n", "instance", "i"),
                  now - 9_000,
                  1e6)
              .series(PushedRequest.labels("b_total", "Apart", "x"), now - 8_000, 0.5)
              .series(PushedRequest.labels("a"), now - 7_000, Double.NEGATIVE_INFINITY)
              .series(PushedRequest.labels("a", "Apart", "x"), now - 7_000, -3));
      server.push(new PushedRequest().series(PushedRequest.labels("a"), now - 5_000, 7));
      var answer = server.get(selectors("{__name__=~\".+\"}"));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains(DEFAULT_TYPE);
      assertThat(answer.body())
          .isEqualTo(
              """
              # TYPE a untyped
              a{Apart="x",instance=""} -3 %d
              a{instance=""} 7 %d
              # TYPE b_total untyped
              b_total{Apart="x",instance=""} 0.5 %d
              b_total{code="a\\\\\\"\\n",instance="i"} 1e+06 %d
              """
                  .formatted(now - 7_000, now - 5_000, now - 8_000, now - 9_000));
    }
  }

  @Test
  void seriesThatHaveEndedOrAreOldAreLeftOut() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home, "--query.lookback-delta=1m")) {
      server.push(
          new PushedRequest()
              .series(PushedRequest.labels("told", "k", "v"), now - 2_000, 1)
              .series(PushedRequest.labels("ended", "k", "v"), now - 2_000, 1)
              .series(PushedRequest.labels("old", "k", "v"), now - 61_000, 1));
      server.push(
          new PushedRequest()
              .series(PushedRequest.labels("ended", "k", "v"), now - 1_000, Staleness.MARKER));
      assertThat(server.get(selectors("{k=\"v\"}")).body())
          .isEqualTo(
              "# TYPE told untyped\ntold{k=\"v\",instance=\"\"} 1 %d\n".formatted(now - 2_000));
    }
  }

  @Test
  void aSeriesThatSeveralSelectorsFindIsToldOnce() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      server.push(
          new PushedRequest()
              .series(PushedRequest.labels("m", "k", "1"), now, 1)
              .series(PushedRequest.labels("m", "k", "2"), now, 2)
              .series(PushedRequest.labels("m", "k", "3"), now, 3)
              .series(PushedRequest.labels("n"), now, 4));
      assertThat(
              server
                  .get(selectors("m{k!=\"3\"}", "{__name__=\"n\"}", "m{k!=\"1\"}", "none"))
                  .body())
          .isEqualTo(
              """
              # TYPE m untyped
              m{k="1",instance=""} 1 %1$d
              m{k="2",instance=""} 2 %1$d
              m{k="3",instance=""} 3 %1$d
              # TYPE n untyped
              n{instance=""} 4 %1$d
              """
                  .formatted(now));
    }
  }

  @Test
  void externalLabelsOfThePresentConfigurationFollowThoseOfTheSeries() throws IOException {
    configure(home, "global: {external_labels: {zone: z, cluster: c, k: lost}}");
    try (var server = RunningServer.open(home, "--web.enable-lifecycle")) {
      server.push(
          new PushedRequest().series(PushedRequest.labels("m", "k", "v", "x", "y"), now, 1));
      assertThat(server.get(selectors("m")).body())
          .contains("m{k=\"v\",x=\"y\",cluster=\"c\",instance=\"\",zone=\"z\"} 1 ");
      configure(home, "global: {external_labels: {instance: here}}");
      assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(200);
      assertThat(server.get(selectors("m")).body())
          .contains("m{k=\"v\",x=\"y\",instance=\"here\"} 1 ");
    }
  }

  @Test
  void namesAreEscapedAsTheReaderAsks() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      server.push(
          new PushedRequest()
              .series(PushedRequest.labels("a_b.c", "l.\"m", "v", "x:y", "w"), now, 1));
      String path = selectors("{\"a_b.c\"}");
      Map.of(
              "underscores", "a_b_c{l__m=\"v\",x_y=\"w\",",
              "dots", "a__b_dot_c{l_dot___m=\"v\",x__y=\"w\",",
              "values", "U__a__b_2e_c{U__l_2e__22_m=\"v\",U__x_3a_y=\"w\",",
              "allow-utf-8", "{\"a_b.c\",\"l.\\\"m\"=\"v\",\"x:y\"=\"w\",")
          .forEach((escaping, start) -> {
            String accept =
                "application/openmetrics-text;version=1.0.0;escaping=%s;q=0.6,text/plain;q=0.5"
                    .formatted(escaping);
            var answer = get(server, path, "Accept", accept, BodyHandlers.ofString());
            assertThat(answer.body()).contains("\n" + start + "instance=\"\"} 1 ");
            assertThat(answer.headers().firstValue("Content-Type"))
                .contains(DEFAULT_TYPE.replace("underscores", escaping));
          });
      assertThat(server.get(path).body()).startsWith("# TYPE a_b_c untyped\na_b_c{l__m=");
    }
  }

  /// Families, and labels and value of each of their samples, as a scraper reads them.
  private static List<String> families(byte[] page) {
    var families = new FamilyPage(new HistogramWishes(true, false, false, 0, 0));
    families.reset(page, page.length);
    var told = new ArrayList<String>();
    try {
      while (true) {
        switch (families.next()) {
          case END -> {
            return told;
          }
          case FAMILY -> told.add(families.family() + " " + families.type());
          case SERIES -> {
            var text = new StringBuilder();
            for (int i = 0; i < families.labels(); i++) {
              text.append(families.labelName(i)).append('=').append(families.labelValue(i));
              text.append(' ');
            }
            var histogram = families.histogram();
            told.add(text.toString() + (histogram == null ? families.value() : histogram));
          }
        }
      }
    } catch (BadPageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void messagesTellOfNativeHistogramsToo() throws IOException {
    configure(home, "global: {external_labels: {zone: z}}");
    var integers = KnownHistogram.of(new long[] {3, 4}, true, false);
    var floats = KnownHistogram.of(new long[] {3, 4}, false, true);
    try (var server = RunningServer.open(home)) {
      server.push(
          new PushedRequest().series(PushedRequest.labels("h", "k", "a"), now - 9_000, 1.5));
      var request = new WireWriter();
      for (var each : Map.of("b", integers, "c", floats).entrySet()) {
        var series = new WireWriter();
        new LabelWriter().write(Labels.of("__name__", "h", "k", each.getKey()), series);
        request.field(1, series.field(4, new HistogramWriter().write(each.getValue(), now)));
      }
      byte[] packed = new SnappyPacker().pack(request.bytes(), request.size());
      assertThat(server.write(packed, "application/x-protobuf", "snappy").statusCode())
          .isEqualTo(204);
      String accept =
          "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
              + "encoding=delimited;q=0.6,text/plain;q=0.5";
      var answer = get(server, selectors("h"), "Accept", accept, BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains(
              "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                  + " encoding=delimited; escaping=underscores");
      assertThat(families(answer.body()))
          .containsExactly(
              "h unknown",
              "k=a instance= zone=z 1.5",
              "h histogram",
              "k=b instance= zone=z " + integers,
              "h gaugehistogram",
              "k=c instance= zone=z " + floats);
      assertThat(server.get(selectors("h")).body())
          .isEqualTo(
              "# TYPE h untyped\nh{k=\"a\",instance=\"\",zone=\"z\"} 1.5 %d\n"
                  .formatted(now - 9_000));
    }
  }

  @Test
  void selectorsAreRefusedInPrometheussWordsAndNoneFindsNothing() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      server.push(new PushedRequest().series(PushedRequest.labels("m"), now, 1));
      for (String path : new String[] {"/federate", selectors("{}")}) {
        var nothing = server.get(path);
        assertThat(nothing.statusCode()).isEqualTo(200);
        assertThat(nothing.body()).isEmpty();
        assertThat(nothing.headers().firstValue("Content-Type")).contains(DEFAULT_TYPE);
      }
      Map.of(
              "", "unknown position: parse error: unexpected end of input\n",
              "up{", "1:4: parse error: unexpected end of input inside braces\n",
              "sum(up)", "1:4: parse error: unexpected \"(\"\n",
              "up[5m]", "1:3: parse error: unexpected \"[\"\n",
              "up offset 1m", "1:4: parse error: unexpected <offset>\n")
          .forEach((selector, words) -> {
            var refused = server.get(selectors("m", selector));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).isEqualTo(words);
          });
      assertThat(server.post("/federate", "match[]=m").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void whoFederatesUsesTheMetrics() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      server.push(new PushedRequest().series(PushedRequest.labels("m"), now, 1));
      assertThat(server.get(selectors("m")).statusCode()).isEqualTo(200);
      eventually(
          "the use",
          () -> server.get("/api/v1/status/metric_usage").body(),
          body -> body.contains("{\"metric\":\"m\",\"series\":1,\"queries\":1,"));
    }
  }

  @Test
  void anAnswerThatIsTooMuchIsRefused() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home, "--query.max-bytes=1MB")) {
      var many = new PushedRequest();
      for (int i = 0; i < 20_000; i++) {
        many.series(PushedRequest.labels("m", "k", "v" + i), now, i);
      }
      server.push(many);
      var refused = server.get(selectors("m"));
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("too many samples into memory");
    }
  }

  @Test
  void longAnswersArePacked() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      var many = new PushedRequest();
      for (int i = 0; i < 100; i++) {
        many.series(PushedRequest.labels("m", "k", "v" + i), now, i);
      }
      server.push(many);
      var packed =
          get(server, selectors("m"), "Accept-Encoding", "gzip", BodyHandlers.ofByteArray());
      assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
      var plain = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
      assertThat(new String(plain, UTF_8)).isEqualTo(server.get(selectors("m")).body());
    }
  }
}
