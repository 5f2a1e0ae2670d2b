package barograph.ingest.scrape;

import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.Appender;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.testkit.NaiveStore;
import java.util.List;

/// One target `host:1` of the job `j` with a page by hand and a naive store behind: what tests of
/// visits stand on.
abstract class ScrapeOfOneTarget {
  static final String URL = "http://host:1/metrics";

  final NaiveStore store = new NaiveStore();
  final FakeWeb web = new FakeWeb();
  final ScrapeCounters counters = new ScrapeCounters();
  private long now;

  /// Visits the target once a second.
  void visitAll(TargetScraper scraper, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      now += 1000;
      scraper.visit(now, "");
    }
  }

  static ScrapeConfig job() {
    return job(ScrapeConfig.Labelling.DEFAULT, ScrapeLimits.NONE);
  }

  static ScrapeConfig job(ScrapeConfig.Labelling labelling, ScrapeLimits limits) {
    return new ScrapeConfig(
        "j",
        ScrapeConfig.Timing.DEFAULT,
        ScrapeConfig.Asking.DEFAULT,
        labelling,
        limits,
        HistogramWishes.CLASSIC,
        List.of(new StaticTargets(List.of("host:1"), Labels.EMPTY)));
  }

  TargetScraper scraper(ScrapeConfig config) {
    return scraper(store, config);
  }

  TargetScraper scraper(Appender appender, ScrapeConfig config) {
    return new TargetScraper(workshop(appender), config, target(config), null);
  }

  TargetScraper.Workshop workshop(Appender appender) {
    return new TargetScraper.Workshop(
        appender,
        web,
        new HandPace(0),
        counters,
        new PageBuffers(),
        FirstPages.usual(),
        new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}),
        new FakeDirectory().discoveries());
  }

  static Target target(ScrapeConfig config) {
    return new TargetNaming(config).all(List.of()).targets().getFirst();
  }

  /// What the store has of a metric, as times and values.
  List<String> values(String metric) {
    return samples(metric).stream().map(line -> line.substring(line.indexOf("} ") + 2)).toList();
  }

  /// The same with labels.
  List<String> samples(String metric) {
    return store.lines(Matcher.equal(Labels.METRIC_NAME, metric));
  }
}
