package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.wire.ProtoWriter;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Zeros where pages say that series began.
class StartTimesTest {
  private static final String URL = "http://host:1/metrics";
  private static final long HOUR = 3_600_000;
  private static final HistogramWishes CONVERTED = new HistogramWishes(true, true, true, 0, 0);

  private final NaiveStore store = new NaiveStore();
  private final FakeWeb web = new FakeWeb();
  private long now = 10 * HOUR;

  @Test
  void storesAZeroWhereACounterBeganOnce() throws InterruptedException {
    var scraper = scraper(true, HistogramWishes.CLASSIC);
    page("# TYPE c counter\nc_total{a=\"1\"} 5\nc_created{a=\"1\"} 35990.5\n# EOF\n");
    visit(scraper);
    visit(scraper);
    assertThat(values("c_total")).containsExactly("35990500 0.0", "36001000 5.0", "36002000 5.0");
    assertThat(values("c_created")).isEmpty();
    assertThat(values("scrape_samples_scraped")).containsExactly("36001000 1.0", "36002000 1.0");

    page("# TYPE c counter\nc_total{a=\"1\"} 2\nc_created{a=\"1\"} 36002.5\n# EOF\n");
    visit(scraper);
    assertThat(values("c_total"))
        .endsWith("36002000 5.0", "36002500 0.0", "36003000 2.0")
        .hasSize(5);
  }

  @Test
  void passesOverAStartThatIsOldOrAheadOrBeforeALaterSample() throws InterruptedException {
    page("# TYPE c counter\nc_total 5\nc_created 32000\n# EOF\n");
    var scraper = scraper(true, HistogramWishes.CLASSIC);
    visit(scraper);
    page("# TYPE c counter\nc_total 5\nc_created 99999\n# EOF\n");
    visit(scraper);
    page("# TYPE c counter\nc_total 5\nc_created 36000.5\n# EOF\n");
    visit(scraper);
    assertThat(values("c_total")).containsExactly("36001000 5.0", "36002000 5.0", "36003000 5.0");
  }

  @Test
  void givesEachPointOfAFamilyItsOwnStart() throws InterruptedException {
    page(
        """
        # TYPE h histogram
        h_bucket{le="1.0",a="1"} 1
        h_bucket{a="1",le="+Inf"} 1
        h_count{a="1"} 1
        h_sum{a="1"} 1
        h_created{a="1"} 35991
        h_count{a="2"} 1
        h_created{a="3"} 35992
        # TYPE s summary
        s{quantile="0.5"} 1
        s_count 1
        s_created 35993
        # TYPE g gauge
        g_created 35994
        # EOF
        """);
    var scraper = scraper(true, CONVERTED);
    for (int i = 0; i < 3; i++) {
      visit(scraper);
    }
    assertThat(values("h_bucket")).filteredOn(line -> line.startsWith("35991000 0.0")).hasSize(2);
    assertThat(values("h_sum")).startsWith("35991000 0.0").hasSize(4);
    assertThat(values("h_count")).filteredOn(line -> line.endsWith(" 0.0")).hasSize(1);
    assertThat(values("h")).filteredOn(line -> line.startsWith("35991000 {count 0 ")).hasSize(1);
    assertThat(values("s")).startsWith("35993000 0.0");
    assertThat(values("s_count")).startsWith("35993000 0.0");
    assertThat(values("g_created")).hasSize(3).allMatch(line -> line.endsWith(" 35994.0"));
  }

  @Test
  void takesACreatedLineForASeriesWhereThatIsNotWanted() throws InterruptedException {
    page("# TYPE c counter\nc_total 5\nc_created 35990.5\n# EOF\n");
    visit(scraper(false, HistogramWishes.CLASSIC));
    assertThat(values("c_total")).containsExactly("36001000 5.0");
    assertThat(values("c_created")).containsExactly("36001000 35990.5");
  }

  @Test
  void readsTheStartsOfProtobuf() throws InterruptedException {
    var began = new ProtoWriter().varint(1, 35_990).varint(2, 500_000_000);
    var page =
        new ProtoWriter()
            .delimited(
                new ProtoWriter()
                    .text(1, "c_total")
                    .varint(3, 0)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(3, new ProtoWriter().number(1, 7).message(3, began))))
            .delimited(
                new ProtoWriter()
                    .text(1, "h")
                    .varint(3, 4)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(
                                7,
                                new ProtoWriter()
                                    .varint(1, 2)
                                    .zigzag(5, 3)
                                    .number(6, 1e-5)
                                    .varint(7, 2)
                                    .message(15, began))));
    web.page(URL, "application/vnd.google.protobuf", null, page.toBytes());
    visit(scraper(true, CONVERTED));
    assertThat(values("c_total")).containsExactly("35990500 0.0", "36001000 7.0");
    assertThat(values("h"))
        .first()
        .isEqualTo(
            "35990500 {count 0 sum 0.0 (0000000000000000) zero 0 buckets; schema 3 zero 1.0E-5"
                + " positive [] negative [], UNKNOWN}");
  }

  private void page(String text) {
    web.page(
        URL,
        "application/openmetrics-text; version=1.0.0",
        null,
        text.getBytes(StandardCharsets.UTF_8));
  }

  private void visit(TargetScraper scraper) throws InterruptedException {
    now += 1000;
    scraper.visit(now, "");
  }

  private TargetScraper scraper(boolean startTimes, HistogramWishes histograms) {
    var config =
        new ScrapeConfig(
            "j",
            ScrapeConfig.Timing.DEFAULT,
            ScrapeConfig.Asking.DEFAULT,
            new ScrapeConfig.Labelling(false, true, false, startTimes, false, List.of(), List.of()),
            ScrapeLimits.NONE,
            histograms,
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
    return new TargetScraper(
        workshop, config, new TargetNaming(config).all(List.of()).targets().getFirst(), null);
  }

  private List<String> values(String metric) {
    var found = new ArrayList<String>();
    var range = new TimeRange(0, Long.MAX_VALUE / 2);
    var columns = new SampleColumns();
    try (var selection = store.select(List.of(Matcher.equal("__name__", metric)), range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        for (int k = 0; k < columns.size(); k++) {
          found.add(columns.timestamps()[k] + " " + columns.values()[k]);
        }
        for (int k = 0; k < columns.histogramCount(); k++) {
          found.add(columns.histograms().timestamps()[k] + " " + columns.histograms().histogram(k));
        }
      }
    }
    return found;
  }
}
