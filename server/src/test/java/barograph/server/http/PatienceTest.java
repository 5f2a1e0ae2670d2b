package barograph.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.server.http.Lanes.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A connection's waits, on a clock that the test moves.
class PatienceTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8, 1 << 20, Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(5));

  /// Answered without a thread.
  private static final String WHOLE = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final String HALF = "GET /nowhere HTTP/1.1\r\nHo";

  private final MockTicker ticker = Ticker.newMockTicker();
  private final Lanes lanes = new Lanes(1, 1, 1);
  private final EmbeddedChannel client = connected();

  private EmbeddedChannel connected() {
    var router = new Router().add("POST", "/body", Lane.WRITE, r -> Response.empty(204));
    var dispatcher = new Dispatcher("/", router, Pattern.compile(""), (p, s, n, b) -> {});
    var patience = new Patience(LIMITS, ticker);
    return EmbeddedChannel.builder()
        .ticker(ticker)
        .handlers(
            new StrictRequestDecoder(new HttpDecoderConfig(), patience),
            new HttpResponseEncoder(),
            new Connection(lanes, dispatcher, new BodyBudget(1 << 20), patience))
        .build();
  }

  @AfterEach
  void stop() {
    client.finishAndReleaseAll();
    lanes.close();
  }

  private void send(String bytes) {
    client.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  private String received() {
    var text = new StringBuilder();
    for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
      text.append(part.toString(ISO_8859_1));
      part.release();
    }
    return text.toString();
  }

  private boolean isCutOffAfter(Duration time) {
    ticker.advance(time.toNanos() - 1, TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
    boolean before = client.isOpen();
    ticker.advance(1, TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
    return before && !client.isOpen();
  }

  private void pass(Duration time) {
    ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
  }

  @Test
  void aNewClientHasTheTimeOfAHead() {
    assertThat(isCutOffAfter(LIMITS.headTimeout())).isTrue();
  }

  @Test
  void aNewClientGainsNothingByBeginningLate() {
    pass(Duration.ofSeconds(9));
    send(HALF);

    assertThat(isCutOffAfter(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void aClientThatWasAnsweredMayBeSilentForLong() {
    send(WHOLE);

    assertThat(received()).startsWith("HTTP/1.1 404");
    assertThat(isCutOffAfter(LIMITS.idleTimeout())).isTrue();
  }

  @Test
  void silenceIsCountedFromTheLastAnswer() {
    send(WHOLE);
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofMinutes(4));
      send(WHOLE);
    }

    assertThat(isCutOffAfter(LIMITS.idleTimeout())).isTrue();
  }

  @Test
  void aLaterHeadHasItsTimeFromItsFirstByteHoweverItTrickles() {
    send(WHOLE);
    pass(Duration.ofMinutes(3));
    send("G");
    pass(Duration.ofSeconds(6));
    send("E");

    assertThat(isCutOffAfter(Duration.ofSeconds(4))).isTrue();
  }

  @Test
  void eachHeadHasATimeOfItsOwn() {
    send(HALF);
    pass(Duration.ofSeconds(9));
    send("st: a\r\n\r\n" + HALF);

    assertThat(received()).startsWith("HTTP/1.1 404");
    assertThat(isCutOffAfter(LIMITS.headTimeout())).isTrue();
  }

  @Test
  void aHeadThatEndsInTimeIsFollowedByALongSilence() {
    send(WHOLE);
    send(HALF);
    pass(Duration.ofSeconds(9));
    send("st: a\r\n\r\n");

    assertThat(isCutOffAfter(LIMITS.idleTimeout())).isTrue();
  }

  @Test
  void anEmptyLineBehindARequestBeginsNoHead() {
    send(WHOLE);
    send("\r\n");

    assertThat(isCutOffAfter(LIMITS.idleTimeout())).isTrue();
  }

  @Test
  void aBodyHasItsTimeFromTheEndOfItsHeadHoweverItTrickles() {
    send(WHOLE);
    pass(Duration.ofMinutes(1));
    send("POST /body HTTP/1.1\r\nContent-Length: 10\r\n\r\na");
    pass(Duration.ofSeconds(90));
    send("b");

    assertThat(isCutOffAfter(Duration.ofSeconds(30))).isTrue();
  }
}
