package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.scrape.Targets.Health;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.testkit.NaiveStore;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages that are made to cost their reader dear: the target is down and says why, and what is
/// allocated stays in proportion to what a page may have.
class ScrapeBombTest {
  private static final String URL = "http://host:1/metrics";
  private static final int LIMIT = 1 << 20;

  /// Room for a page grows by doubling; beside it stand what the gzip reader needs and the report.
  private static final long MOST_FOR_BYTES = 4L * LIMIT + (1 << 20);

  /// Names and values as strings, in a map and in order, take some ten times the bytes.
  private static final long MOST_FOR_LABELS = 64L * LIMIT;

  static List<Arguments> bombs() {
    return List.of(
        Arguments.of("gzip", gzip(), "gzip", "body size limit exceeded", MOST_FOR_BYTES),
        Arguments.of("a long page", new byte[2 * LIMIT], "", "body size limit", MOST_FOR_BYTES),
        Arguments.of(
            "a name without end",
            text("a".repeat(LIMIT - 1)),
            "",
            "has labels of",
            4 * MOST_FOR_BYTES),
        Arguments.of(
            "a value without end",
            text("a{b=\"" + "c".repeat(LIMIT - 20)),
            "",
            "expected label value",
            4 * MOST_FOR_BYTES),
        Arguments.of(
            "a value longer than any",
            text("a{b=\"" + "c".repeat(LIMIT - 20) + "\"} 1\n"),
            "",
            "expected at most 1000000 characters",
            4 * MOST_FOR_BYTES),
        Arguments.of(
            "too many labels", manyLabels(), "", "expected at most 50000", MOST_FOR_LABELS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void isRefusedWithItsReasonAtLittleCost(
      String name, byte[] body, String encoding, String reason, long most)
      throws InterruptedException {
    var store = new NaiveStore();
    var web = new FakeWeb();
    web.page(URL, "text/plain", encoding.isEmpty() ? null : encoding, body);
    var config =
        new ScrapeConfig(
            "j",
            ScrapeConfig.Timing.DEFAULT,
            ScrapeConfig.Asking.DEFAULT,
            ScrapeConfig.Labelling.DEFAULT,
            new ScrapeLimits(LIMIT, 0, 0, 0, 0, 0, 0, false),
            HistogramWishes.CLASSIC,
            List.of(new StaticTargets(List.of("host:1"), Labels.EMPTY)));
    var workshop =
        new TargetScraper.Workshop(
            store,
            web,
            new HandPace(0),
            new ScrapeCounters(),
            new PageBuffers(),
            FirstPages.usual(),
            new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}),
            new FakeDirectory().discoveries());
    var target = new TargetNaming(config).all(List.of()).targets().getFirst();
    // Whatever is made once is made before.
    new TargetScraper(workshop, config, target, null).visit(1000, "");
    var scraper = new TargetScraper(workshop, config, target, null);
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    scraper.visit(2000, "");
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    assertThat(scraper.status().health()).isEqualTo(Health.DOWN);
    assertThat(scraper.status().lastError()).contains(reason);
    assertThat(store.lines(Matcher.equal("__name__", "up")))
        .containsExactly(
            "up{instance=\"host:1\", job=\"j\"} 1000 0.0",
            "up{instance=\"host:1\", job=\"j\"} 2000 0.0");
    assertThat(store.lines(Matcher.equal("__name__", "a"))).isEmpty();
    assertThat(allocated).isLessThan(most);
  }

  private static byte[] gzip() {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      byte[] line = text("a{b=\"" + "c".repeat(1000) + "\"} 1\n");
      for (int i = 0; i < 32 * LIMIT / line.length; i++) {
        gzip.write(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static byte[] manyLabels() {
    var page = new StringBuilder("a{");
    for (int i = 0; page.length() < LIMIT - 100; i++) {
      page.append('l').append(i).append("=\"x\",");
    }
    return text(page.append("} 1\n").toString());
  }

  private static byte[] text(String page) {
    byte[] bytes = page.getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(bytes, bytes.length);
  }
}
