package barograph.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Router.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that have to wait, over real sockets.
class WaitingRoomTest {
  private static final int BUDGET = 1 << 20;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Transport transport = new Transport(1);
  private final Lanes lanes = new Lanes(1, 1, 1);
  private final List<Socket> clients = new ArrayList<>();
  private Dispatcher dispatcher;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    var router = Router.holding(Lane.WRITE);
    router.add(
        "POST",
        "/write",
        new Route(
            Lane.WRITE,
            BUDGET,
            Handler.of(r -> Response.text(200, "got " + r.body().length + "."))));
    router.add("GET", "/healthy", Lane.CONTROL, r -> Response.text(200, "well."));
    dispatcher = new Dispatcher("/", router, Pattern.compile(""), (p, s, n, b) -> {});
    server =
        HttpServer.start(
            transport,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            lanes,
            dispatcher,
            new HttpLimits(
                2 * WaitingRoom.MOST_WAITING,
                BUDGET,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1)));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    dispatcher.close();
    server.close();
    lanes.close();
    transport.close();
  }

  private Socket post(int bytes) throws IOException {
    return send("POST /write", bytes);
  }

  private Socket send(String request, int bytes) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    clients.add(socket);
    socket.setSoTimeout(30_000);
    String head =
        "%s HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n".formatted(request, bytes);
    socket.getOutputStream().write(head.getBytes(UTF_8));
    socket.getOutputStream().write(new byte[bytes]);
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private void awaitWaiting(int count) {
    long start = System.nanoTime();
    while (dispatcher.waiting() != count) {
      assertThat(System.nanoTime() - start).isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aRequestWaitsAndIsAnsweredOnceTheDispatcherServes() throws IOException {
    Socket first = post(3);
    awaitWaiting(1);
    assertThat(answer(send("GET /healthy", 0))).endsWith("well.");
    assertThat(first.getInputStream().available()).isZero();

    dispatcher.serve(new Router());

    assertThat(answer(first)).startsWith("HTTP/1.1 200").endsWith("got 3.");
    assertThat(answer(post(5))).as("the new router has no such path").startsWith("HTTP/1.1 404");
  }

  @Test
  void whatWaitsIsBoundedByTheBudgetOfBodiesAndThoseWhoHangUpGiveTheirPartBack()
      throws IOException {
    Socket first = post(700_000);
    awaitWaiting(1);

    assertThat(answer(post(400_000)))
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("retry-after: 1");

    first.close();
    awaitWaiting(0);
    Socket second = post(700_000);
    awaitWaiting(1);
    dispatcher.serve(new Router());
    assertThat(answer(second)).endsWith("got 700000.");
  }

  @Test
  void soManyWaitAndNoMore() throws IOException {
    var waiting = new ArrayList<Socket>();
    for (int i = 0; i < WaitingRoom.MOST_WAITING; i++) {
      waiting.add(post(1));
    }
    awaitWaiting(WaitingRoom.MOST_WAITING);

    assertThat(answer(post(1))).startsWith("HTTP/1.1 503");

    dispatcher.serve(new Router());
    for (Socket client : waiting) {
      assertThat(answer(client)).endsWith("got 1.");
    }
  }

  @Test
  void whatWaitsIsSentAwayWhenTheServerStops() throws IOException {
    Socket first = post(3);
    awaitWaiting(1);

    dispatcher.close();

    assertThat(answer(first)).startsWith("HTTP/1.1 503");
    assertThat(answer(post(3))).as("and nobody waits any more").startsWith("HTTP/1.1 503");
  }
}
