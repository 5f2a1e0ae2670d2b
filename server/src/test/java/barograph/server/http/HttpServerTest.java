package barograph.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.server.http.HttpClient.BodyTooLongException;
import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Router.Route;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The server and the client of this room, speaking to each other over a real socket.
class HttpServerTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8, 1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /// For tests that want to be hung up on; on a busy machine it would happen to the others too.
  private static final HttpLimits IMPATIENT =
      new HttpLimits(
          8, 1 << 20, Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMinutes(1));

  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch heard = new CountDownLatch(1);
  private final CountDownLatch waits = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Transport transport = new Transport(1);
  private final Lanes lanes = new Lanes(2, 1, 2);
  private final HttpClient client = new HttpClient(transport);
  private final Queue<String> answered = new ConcurrentLinkedQueue<>();
  private Dispatcher dispatcher;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    var router =
        new Router()
            .add("GET,POST", "/echo", Lane.CONTROL, HttpServerTest::echo)
            .add(
                "POST",
                "/small",
                new Route(
                    Lane.WRITE,
                    100,
                    Handler.of(r -> Response.text(200, Integer.toString(r.body().length)))))
            .add("GET", "/below/*", Lane.CONTROL, r -> Response.text(200, r.path()))
            .add("GET", "/long", Lane.CONTROL, r -> Response.text(200, "x".repeat(100_000)))
            .add(
                "GET",
                "/heard",
                Lane.CONTROL,
                r -> Response.text(200, "x".repeat(100_000)).whenSent(heard::countDown))
            .add(
                "GET",
                "/waits",
                Lane.CONTROL,
                r -> {
                  r.client().whenGone(gone::countDown);
                  waits.countDown();
                  awaitRelease();
                  return Response.text(200, "to nobody").whenSent(heard::countDown);
                })
            .add("GET", "/away", Lane.CONTROL, r -> Response.redirect(302, "/echo?a=moved"))
            .addBrief("GET", "/brief", Lane.QUERY, new WhereAnswered())
            .add(
                "GET",
                "/fails",
                Lane.CONTROL,
                r -> {
                  throw new IllegalStateException("on purpose");
                })
            .add(
                "GET",
                "/later",
                new Route(
                    Lane.CONTROL,
                    0,
                    r ->
                        CompletableFuture.supplyAsync(() -> {
                          awaitRelease();
                          return Response.text(200, "late");
                        })));
    dispatcher =
        new Dispatcher(
            "/", router, Pattern.compile("https://grafana\\..*"), (p, s, n, b) -> answered.add(p));
    server = serve(LIMITS);
  }

  private HttpServer serve(HttpLimits limits) throws IOException {
    return HttpServer.start(
        transport,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        lanes,
        dispatcher,
        limits);
  }

  /// Tells the thread that answers, which may be the event loop if it is asked for that.
  private static final class WhereAnswered implements Handler.Brief {
    @Override
    public @Nullable Response attempt(Request request) {
      return switch (request.query().first("is")) {
        case "quick" -> Response.text(200, Thread.currentThread().getName());
        case "broken" -> throw new IllegalStateException("on purpose");
        default -> null;
      };
    }

    @Override
    public CompletableFuture<Response> handle(Request request) {
      return CompletableFuture.completedFuture(
          Response.text(200, Thread.currentThread().getName()));
    }
  }

  @Test
  void whatTakesAMomentIsAnsweredByTheThreadThatHasReadIt() throws IOException {
    assertThat(text(get("/brief?is=quick"))).startsWith("net-");
    assertThat(answered).containsExactly("/brief");
    assertThat(text(get("/brief?is=quick"))).startsWith("net-");
    assertThat(lanes.isIdle()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"slow", "broken"})
  void whatIsNotAnsweredAtOnceIsAnsweredInItsLaneAndCountedOnce(String is) throws IOException {
    assertThat(text(get("/brief?is=" + is))).startsWith("http-query-");
    assertThat(answered).containsExactly("/brief");
  }

  @Test
  void whileAnythingElseIsAnsweredNothingIsAnsweredAtOnce() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      waits.await();
      assertThat(text(get("/brief?is=quick"))).startsWith("http-query-");
      release.countDown();
    }
  }

  @Test
  void ofRequestsThatComeTogetherOnlyTheFirstIsAnsweredAtOnce() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String one = "GET /brief?is=quick HTTP/1.1\r\nHost: x\r\n\r\n";
      String last = "GET /brief?is=quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write((one + last).getBytes(UTF_8));

      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answers).containsSubsequence("net-", "http-query-");
    }
  }

  @Test
  void whoCountsAnAnswersMemoryHearsThatItIsSentAlsoInAnotherForm() throws Exception {
    assertThat(send("GET", "/heard", Map.of("Accept-Encoding", "gzip"), "").status())
        .isEqualTo(200);
    heard.await();
  }

  @Test
  void whoWorksForAClientHearsThatItHasGone() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      waits.await();
    }
    gone.await();
    release.countDown();
    heard.await();
  }

  @Test
  void whatIsBeingAnsweredWhenTheServerEndsIsAnsweredAndWhoIsSilentIsLetGo() throws Exception {
    try (var silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var busy = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String echo = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
      silent.getOutputStream().write(echo.getBytes(UTF_8));
      assertThat(silent.getInputStream().read()).isEqualTo('H');
      busy.getOutputStream().write("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      waits.await();
      var end = Thread.ofPlatform().start(server::close);
      silent.getInputStream().readAllBytes();
      release.countDown();
      assertThat(new String(busy.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200 OK")
          .containsIgnoringCase("connection: close")
          .endsWith("to nobody");
      end.join();
    }
  }

  @AfterEach
  void stop() {
    release.countDown();
    client.close();
    server.close();
    lanes.close();
    transport.close();
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Response echo(Request request) {
    var form = request.form();
    return Response.text(200, "%s %s".formatted(request.method(), form.all("a")));
  }

  private Reply get(String path) throws IOException {
    return send("GET", path, Map.of(), "");
  }

  private Reply send(String method, String path, Map<String, String> headers, String body)
      throws IOException {
    return client.send(
        new Outgoing(
            method,
            URI.create("http://127.0.0.1:" + server.port() + path),
            headers,
            body.getBytes(UTF_8),
            Duration.ofSeconds(20),
            1 << 20,
            true,
            ClientSettings.PLAIN));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), UTF_8);
  }

  @Test
  void aFormBodyComesBeforeTheUrl() throws IOException {
    var reply =
        send(
            "POST",
            "/echo?a=url",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "a=%C3%A9+x&b=1");

    assertThat(text(reply)).isEqualTo("POST [é x, url]");
  }

  @Test
  void oneConnectionServesManyRequestsInTurn() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String one = "GET /echo?a=%d HTTP/1.1\r\nHost: x\r\n\r\n";
      String last = "GET /echo?a=9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      String all = one.formatted(1) + one.formatted(2) + one.formatted(3) + last;
      socket.getOutputStream().write(all.getBytes(UTF_8));

      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answers.indexOf("GET [1]")).isPositive();
      assertThat(answers.indexOf("GET [2]")).isGreaterThan(answers.indexOf("GET [1]"));
      assertThat(answers.indexOf("GET [3]")).isGreaterThan(answers.indexOf("GET [2]"));
      assertThat(answers.indexOf("GET [9]")).isGreaterThan(answers.indexOf("GET [3]"));
    }
  }

  @Test
  void anUnknownPathAndAWrongMethodSaySo() throws IOException {
    assertThat(get("/nope").status()).isEqualTo(404);
    assertThat(text(get("/nope"))).isEqualTo("404 page not found\n");
    var wrong = send("POST", "/long", Map.of(), "");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.headers()).containsEntry("allow", "GET");
  }

  @Test
  void aPathBelowAFolderIsTheFoldersRoute() throws IOException {
    assertThat(text(get("/below/a%20b/c"))).isEqualTo("/below/a b/c");
  }

  @Test
  void aLongAnswerIsSentCompressedAndComesBackWhole() throws IOException {
    assertThat(text(get("/long"))).isEqualTo("x".repeat(100_000));
    assertThat(get("/long").headers()).containsEntry("content-encoding", "gzip");
  }

  @Test
  void anAnswerLongerThanAllowedIsAnErrorAlsoWhenItsPackedFormIsShort() {
    assertThatExceptionOfType(BodyTooLongException.class)
        .isThrownBy(() ->
            client.send(
                new Outgoing(
                    "GET",
                    URI.create("http://127.0.0.1:" + server.port() + "/long"),
                    Map.of(),
                    new byte[0],
                    Duration.ofSeconds(20),
                    5_000,
                    true,
                    ClientSettings.PLAIN)))
        .withMessage("body size limit exceeded: more than 5000 bytes");
  }

  @Test
  void aBodyOverTheRoutesLimitIsRefusedByItsDeclaredLength() throws IOException {
    assertThat(text(send("POST", "/small", Map.of(), "x".repeat(100)))).isEqualTo("100");
    var refused = send("POST", "/small", Map.of(), "x".repeat(101));
    assertThat(refused.status()).isEqualTo(413);
    assertThat(text(refused)).isEqualTo("the body has 101 bytes, at most 100 are taken\n");
  }

  @Test
  void aHandlerThatThrowsIsAnInternalError() throws IOException {
    assertThat(get("/fails").status()).isEqualTo(500);
  }

  @Test
  void theClientFollowsARedirect() throws IOException {
    assertThat(text(get("/away"))).isEqualTo("GET [moved]");
  }

  @Test
  void anAnswerThatDoesNotComeIsATimeout() {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() ->
            client.send(
                new Outgoing(
                    "GET",
                    URI.create("http://127.0.0.1:" + server.port() + "/later"),
                    Map.of(),
                    new byte[0],
                    Duration.ofMillis(100),
                    1_000,
                    true,
                    ClientSettings.PLAIN)))
        .withMessage("context deadline exceeded");
  }

  @Test
  void onlyAnAllowedOriginIsNamedInTheAnswer() throws IOException {
    var allowed = send("GET", "/echo", Map.of("Origin", "https://grafana.example"), "");
    var foreign = send("GET", "/echo", Map.of("Origin", "https://evil.example"), "");

    assertThat(allowed.headers())
        .containsEntry("access-control-allow-origin", "https://grafana.example");
    assertThat(foreign.headers()).doesNotContainKey("access-control-allow-origin");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "two lengths,                 POST /small HTTP/1.1|Content-Length: 4|Content-Length: 10, 400",
    "a length and chunks,         POST /small HTTP/1.1|Content-Length: 4|Transfer-Encoding:"
        + " chunked, 400",
    "a negative length,           POST /small HTTP/1.1|Content-Length: -1, 400",
    "another protocol,            PRI * HTTP/2.0, 505",
    "no HTTP at all,              hello, 400"
  })
  void refuses(String what, String head, int status) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((head.replace("|", "\r\n") + "\r\n\r\nabcdefghij").getBytes(UTF_8));

      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      assertThat(answer).as(what).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void aHeadThatNeverEndsIsCutOff() throws IOException {
    try (var impatient = serve(IMPATIENT);
        var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET /echo HTTP/1.1\r\nX-A: ".getBytes(UTF_8));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aHeadThatNeverEndsIsCutOffAlsoOnAConnectionThatHasAnswered() throws IOException {
    try (var impatient = serve(IMPATIENT);
        var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      // Less than the minute for which a connection may be silent between two requests.
      socket.setSoTimeout(20_000);
      String whole = "GET /echo?a=1 HTTP/1.1\r\nHost: a\r\n\r\n";
      String half = "GET /echo?a=2 HTTP/1.1\r\nX-A: ";
      socket.getOutputStream().write((whole + half).getBytes(UTF_8));

      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answers).startsWith("HTTP/1.1 200").endsWith("GET [1]");
    }
  }
}
