package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.Ingest;
import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import barograph.storage.testkit.NaiveStore;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScrapeOverHttpTest {
  private final NaiveStore store = new NaiveStore();
  private final HandPace pace = new HandPace(1_000_000);
  private final JdkHttpFetch fetch = new JdkHttpFetch();
  private final Ingest ingest = new Ingest(store, fetch, pace, FakeDirectory.NOWHERE);
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer server;
  private String address = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.createContext(
        "/metrics",
        exchange -> {
          String user = exchange.getRequestHeaders().getFirst("Authorization");
          byte[] body =
              gzip(
                  "m{query=\"%s\",user=\"%s\"} 1\n"
                      .formatted(exchange.getRequestURI().getQuery(), user));
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/slow",
        exchange -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    address = "127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    release.countDown();
    ingest.close();
    server.stop(0);
    fetch.close();
  }

  @Test
  void scrapesAPackedPageWithParametersAndCredentials() throws InterruptedException {
    ingest.apply(
        List.of(
            job(
                Duration.ofSeconds(60),
                new ScrapeConfig.Asking(
                    "http",
                    "/metrics",
                    Map.of("a", List.of("1 2")),
                    true,
                    ClientSettings.PLAIN.with(
                        new Credentials.Basic(Secret.of("user"), Secret.of("pass"))),
                    ScrapeProtocol.DEFAULT,
                    NameEscaping.ALLOW_UTF_8,
                    null))));
    pace.advance(1, pace.nextWake(1));
    pace.awaitSleepers(1);

    assertThat(store.lines(Matcher.equal("__name__", "m")))
        .singleElement()
        .asString()
        .startsWith(
            "m{instance=\"%s\", job=\"j\", query=\"a=1+2\", user=\"Basic dXNlcjpwYXNz\"}"
                .formatted(address));
    assertThat(ingest.targets().active().getFirst().health()).isEqualTo(Targets.Health.UP);
    assertThat(ingest.counters().visits()).isEqualTo(1);
  }

  @Test
  void givesUpATargetThatDoesNotAnswerInTime() throws InterruptedException {
    ingest.apply(List.of(job(Duration.ofMillis(200), ScrapeConfig.Asking.DEFAULT.at("/slow"))));
    pace.advance(1, pace.nextWake(1));
    pace.awaitSleepers(1);

    assertThat(ingest.targets().active().getFirst().lastError())
        .isEqualTo("Get \"http://%s/slow\": context deadline exceeded".formatted(address));
    assertThat(store.lines(Matcher.equal("__name__", "up")))
        .singleElement()
        .asString()
        .endsWith("0.0");
  }

  @Test
  void stopsInTheMiddleOfAVisitWithoutATrace() throws InterruptedException {
    ingest.apply(
        List.of(
            new ScrapeConfig(
                "j",
                new ScrapeConfig.Timing(Duration.ofSeconds(60), Duration.ofSeconds(60)),
                ScrapeConfig.Asking.DEFAULT.at("/slow"),
                ScrapeConfig.Labelling.DEFAULT,
                ScrapeLimits.NONE,
                HistogramWishes.CLASSIC,
                List.of(new StaticTargets(List.of(address), Labels.EMPTY)))));
    pace.advance(1, pace.nextWake(1));
    ingest.close();
    assertThat(store.lines(Matcher.equal("__name__", "up"))).isEmpty();
  }

  private ScrapeConfig job(Duration timeout, ScrapeConfig.Asking asking) {
    return new ScrapeConfig(
        "j",
        new ScrapeConfig.Timing(Duration.ofSeconds(60), timeout),
        asking,
        ScrapeConfig.Labelling.DEFAULT,
        ScrapeLimits.NONE,
        HistogramWishes.CLASSIC,
        List.of(new StaticTargets(List.of(address), Labels.EMPTY)));
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
