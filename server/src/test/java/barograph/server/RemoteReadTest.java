package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.remoteread.AnswerReader;
import barograph.ingest.remoteread.ReadRequest;
import barograph.ingest.remoteread.ReadSeries;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Another server reads this one's samples at `/api/v1/read`.
class RemoteReadTest {
  private static final long SAMPLES = 0;
  private static final long CHUNKS = 1;

  @TempDir private Path home;

  private final HttpClient client = HttpClient.newHttpClient();
  private final long now = System.currentTimeMillis();

  @AfterEach
  void stop() {
    client.close();
  }

  private HttpResponse<byte[]> post(RunningServer server, byte[] body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/v1/read"))
              .header("Content-Type", "application/x-protobuf")
              .header("Content-Encoding", "snappy")
              .header("Accept-Encoding", "gzip")
              .POST(BodyPublishers.ofByteArray(body))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private HttpResponse<byte[]> ask(
      RunningServer server, List<Long> accepted, ReadRequest.Query... queries) {
    byte[] message = new ReadRequest(List.of(queries), accepted).toBytes();
    return post(server, new SnappyPacker().pack(message, message.length));
  }

  private ReadRequest.Query all(Matcher... matchers) {
    return new ReadRequest.Query(now - 60_000, now, List.of(matchers));
  }

  /// The series with their samples' values, as `m{k="v"} [1.0, 2.0]`, of either message.
  private static List<String> told(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    try {
      boolean chunks = answer.headers().firstValue("Content-Encoding").isEmpty();
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains(
              chunks
                  ? "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"
                  : "application/x-protobuf");
      var all = new ArrayList<String>();
      for (ReadSeries series :
          chunks
              ? AnswerReader.chunks(answer.body(), 1 << 20, Allowance.UNLIMITED)
              : AnswerReader.samples(answer.body(), 1 << 20, Allowance.UNLIMITED)) {
        var columns = new SampleColumns();
        series.addTo(columns, TimeRange.ALL);
        var values = new ArrayList<Double>();
        for (int i = 0; i < columns.size(); i++) {
          values.add(columns.values()[i]);
        }
        all.add(series.labels() + " " + values);
      }
      return all;
    } catch (MalformedMessageException | UnpackException e) {
      throw new AssertionError(e);
    }
  }

  private static void pushThree(RunningServer server, long now) {
    for (int i = 2; i >= 0; i--) {
      server.push(
          new PushedRequest()
              .series(PushedRequest.labels("m", "k", "v"), now - i * 1000L, 3 - i)
              .series(PushedRequest.labels("m", "k", "w"), now - i * 1000L, 10)
              .series(PushedRequest.labels("n"), now - i * 1000L, -1));
    }
  }

  @Test
  void samplesOfARangeComeInTheMessageThatIsAcceptedFirst() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      pushThree(server, now);
      var query =
          new ReadRequest.Query(
              now - 1000, now, List.of(Matcher.equal("__name__", "m"), Matcher.equal("k", "v")));
      for (var accepted : List.of(List.<Long>of(), List.of(9L, SAMPLES, CHUNKS), List.of(CHUNKS))) {
        var answer = ask(server, accepted, query);
        assertThat(told(answer)).containsExactly("m{k=\"v\"} [2.0, 3.0]");
        assertThat(answer.headers().firstValue("Content-Encoding").isEmpty())
            .isEqualTo(accepted.equals(List.of(CHUNKS)));
      }
    }
  }

  @Test
  void severalQueriesWithAnyMatchersAreAnsweredTogether() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      pushThree(server, now);
      var queries =
          new ReadRequest.Query[] {
            all(
                new Matcher(Matcher.Type.REGEX, "__name__", "m|x"),
                new Matcher(Matcher.Type.NOT_EQUAL, "k", "v")),
            all(new Matcher(Matcher.Type.NOT_REGEX, "__name__", "m.*"), Matcher.equal("k", "")),
            all(),
            new ReadRequest.Query(now, now - 1, List.of(Matcher.equal("k", "v"))),
          };
      for (long accepted : new long[] {SAMPLES, CHUNKS}) {
        assertThat(told(ask(server, List.of(accepted), queries)))
            .contains("m{k=\"w\"} [10.0, 10.0, 10.0]", "n [-1.0, -1.0, -1.0]")
            .noneMatch(each -> each.contains("k=\"v\""));
      }
    }
  }

  @Test
  void externalLabelsArePutOnAndAreNoConditionOnWhatIsStored() throws IOException {
    configure(home, "global: {external_labels: {zone: z, k: lost}}");
    try (var server = RunningServer.open(home)) {
      pushThree(server, now);
      for (long accepted : new long[] {SAMPLES, CHUNKS}) {
        assertThat(
                told(
                    ask(
                        server,
                        List.of(accepted),
                        all(Matcher.equal("__name__", "m"), Matcher.equal("zone", "z")))))
            .containsExactly(
                "m{k=\"v\", zone=\"z\"} [1.0, 2.0, 3.0]",
                "m{k=\"w\", zone=\"z\"} [10.0, 10.0, 10.0]");
        assertThat(told(ask(server, List.of(accepted), all(Matcher.equal("zone", "other")))))
            .isEmpty();
        assertThat(told(ask(server, List.of(accepted), all(Matcher.equal("k", "lost")))))
            .contains("n{k=\"lost\", zone=\"z\"} [-1.0, -1.0, -1.0]")
            .noneMatch(each -> each.startsWith("m{"));
      }
    }
  }

  @Test
  void tooManySamplesAreRefusedInOneMessageAndComeInSeveral() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home, "--storage.remote.read-sample-limit=8")) {
      pushThree(server, now);
      var query = all(new Matcher(Matcher.Type.REGEX, "__name__", "m|n"));
      var refused = ask(server, List.of(SAMPLES), query);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(new String(refused.body(), UTF_8)).isEqualTo("exceeded sample limit (8)\n");
      assertThat(told(ask(server, List.of(CHUNKS), query))).hasSize(3);
    }
  }

  @Test
  void readsThatWaitForTheirTurnAreAllAnsweredAndCounted() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home, "--storage.remote.read-concurrent-limit=1")) {
      pushThree(server, now);
      var answers =
          IntStream.range(0, 20)
              .parallel()
              .mapToObj(i -> ask(server, List.of(CHUNKS), all(Matcher.equal("__name__", "n"))))
              .toList();
      assertThat(answers)
          .allSatisfy(answer -> assertThat(told(answer)).containsExactly("n [-1.0, -1.0, -1.0]"));
      assertThat(server.get("/metrics").body())
          .contains("\nprometheus_remote_read_handler_queries 0\n");
      assertThat(server.data("/api/v1/status/flags").toString())
          .contains("\"storage.remote.read-concurrent-limit\":\"1\"");
    }
  }

  @Test
  void whatIsNoRequestIsRefusedAndCostsLittle() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      pushThree(server, now);
      // Four gibibytes, declared in five bytes, and nothing behind them.
      byte[] bomb = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0};
      byte[] zeros = new SnappyPacker().pack(new byte[8 << 20], 8 << 20);
      for (byte[] body : List.of(bomb, zeros, new byte[0], new byte[] {3, 8, 9, 9, 9})) {
        assertThat(post(server, body).statusCode()).isEqualTo(400);
      }
      var unknown = ask(server, List.of(7L), all(Matcher.equal("k", "v")));
      assertThat(unknown.statusCode()).isEqualTo(400);
      assertThat(new String(unknown.body(), UTF_8))
          .isEqualTo(
              "server does not support any of the requested response types: [7];"
                  + " supported: [SAMPLES, STREAMED_XOR_CHUNKS]\n");
      byte[] regex = "\n\14\32\12\b\2\22\1k\32\3(a[".getBytes(UTF_8);
      assertThat(
              new String(post(server, new SnappyPacker().pack(regex, regex.length)).body(), UTF_8))
          .contains("error parsing regexp");
      assertThat(server.get("/api/v1/read").statusCode()).isEqualTo(405);
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
      for (long accepted : new long[] {SAMPLES, CHUNKS}) {
        var refused = ask(server, List.of(accepted), all(Matcher.equal("__name__", "m")));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(new String(refused.body(), UTF_8)).contains("too many samples into memory");
      }
    }
  }

  @Test
  void whoReadsUsesTheMetrics() throws IOException {
    configure(home, "");
    try (var server = RunningServer.open(home)) {
      pushThree(server, now);
      assertThat(told(ask(server, List.of(CHUNKS), all(Matcher.equal("__name__", "n")))))
          .hasSize(1);
      eventually(
          "the use",
          () -> server.get("/api/v1/status/metric_usage").body(),
          body -> body.contains("{\"metric\":\"n\",\"series\":1,\"queries\":1,"));
    }
  }
}
