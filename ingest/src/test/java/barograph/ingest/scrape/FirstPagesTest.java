package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.Appender;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.testkit.NaiveStore;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstPagesTest {
  private static final int LARGE = 1000;

  private final NaiveStore store = new NaiveStore();
  private final FakeWeb web = new FakeWeb();
  private final FirstPages turns = new FirstPages(1, LARGE);

  @Test
  void aLargeFirstPageIsNotReadBeforeTheStoreHasTheOneBeforeIt() throws Exception {
    page("first", 100);
    page("second", 100);
    page("small", 1);
    var held = new HeldStore(store, "first");

    FutureTask<Void> first = visitOnThread(scraper(held, "first"));
    held.reached.await();
    FutureTask<Void> second = visitOnThread(scraper(held, "second"));
    while (turns.waiting() == 0) {
      Thread.onSpinWait();
    }
    assertThat(samples("second")).isEmpty();
    scraper(held, "small").visit(1000, "");
    assertThat(samples("small")).hasSize(1);

    held.release.countDown();
    first.get();
    second.get();
    assertThat(samples("first")).hasSize(100);
    assertThat(samples("second")).hasSize(100);
  }

  @Test
  void aPageThatIsKnownWaitsForNobody() throws Exception {
    page("first", 100);
    page("second", 100);
    var held = new HeldStore(store, "first");
    TargetScraper known = scraper(held, "second");
    known.visit(1000, "");

    FutureTask<Void> first = visitOnThread(scraper(held, "first"));
    held.reached.await();
    known.visit(2000, "");

    assertThat(samples("second")).hasSize(200);
    held.release.countDown();
    first.get();
  }

  @Test
  void aBadFirstPageEndsItsTurn() throws Exception {
    web.page(url("bad"), "no_value{} \n".repeat(LARGE));
    page("good", 100);

    scraper(store, "bad").visit(1000, "");
    scraper(store, "good").visit(1000, "");

    assertThat(samples("good")).hasSize(100);
  }

  private void page(String host, int series) {
    web.page(
        url(host),
        IntStream.range(0, series)
            .mapToObj("some_metric{number=\"%d\"} 1\n"::formatted)
            .collect(Collectors.joining()));
  }

  private static String url(String host) {
    return "http://%s:1/metrics".formatted(host);
  }

  private TargetScraper scraper(Appender appender, String host) {
    var config =
        new ScrapeConfig(
            host,
            ScrapeConfig.Timing.DEFAULT,
            ScrapeConfig.Asking.DEFAULT,
            ScrapeConfig.Labelling.DEFAULT,
            ScrapeLimits.NONE,
            HistogramWishes.CLASSIC,
            List.of(new StaticTargets(List.of(host + ":1"), Labels.EMPTY)));
    var workshop =
        new TargetScraper.Workshop(
            appender,
            web,
            new HandPace(0),
            new ScrapeCounters(),
            new PageBuffers(),
            turns,
            new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}),
            new FakeDirectory().discoveries());
    return new TargetScraper(
        workshop, config, new TargetNaming(config).all(List.of()).targets().getFirst(), null);
  }

  private static FutureTask<Void> visitOnThread(TargetScraper scraper) {
    var visit =
        new FutureTask<Void>(() -> {
          scraper.visit(1000, "");
          return null;
        });
    Thread.ofVirtual().start(visit);
    return visit;
  }

  private List<String> samples(String job) {
    return store.lines(Matcher.equal("job", job), Matcher.equal("__name__", "some_metric"));
  }

  /// Names no series of one job until it is released.
  private static final class HeldStore extends StoreFront {
    private final String job;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    HeldStore(NaiveStore store, String job) {
      super(store);
      this.job = job;
    }

    @Override
    public int seriesFor(Labels labels, String target) {
      if (labels.get("job").equals(job)) {
        reached.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return store.seriesFor(labels, target);
    }
  }
}
