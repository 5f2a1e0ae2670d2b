package barograph.ingest.scrape;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.scrape.Targets.Health;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TargetScraperTest extends ScrapeOfOneTarget {

  @Test
  void storesThePageAndHowItWentUnderOneTimestamp() throws InterruptedException {
    web.page(URL, "# TYPE a counter\na 1\nb{x=\"y\"} 2.5\n");
    visitAll(scraper(job()), 1);

    assertThat(samples("a")).containsExactly("a{instance=\"host:1\", job=\"j\"} 1000 1.0");
    assertThat(samples("b")).containsExactly("b{instance=\"host:1\", job=\"j\", x=\"y\"} 1000 2.5");
    assertThat(values("up")).containsExactly("1000 1.0");
    assertThat(values("scrape_samples_scraped")).containsExactly("1000 2.0");
    assertThat(values("scrape_samples_post_metric_relabeling")).containsExactly("1000 2.0");
    assertThat(values("scrape_series_added")).containsExactly("1000 2.0");
    assertThat(values("scrape_duration_seconds")).hasSize(1);
  }

  @Test
  void marksASeriesStaleOnceItHasVanishedFromThePage() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "a 1\nb 1\n");
    visitAll(scraper, 2);
    web.page(URL, "b 2\n");
    visitAll(scraper, 2);
    web.page(URL, "a 3\nb 3\n");
    visitAll(scraper, 1);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 1.0", "3000 stale", "5000 3.0");
    assertThat(values("b"))
        .containsExactly("1000 1.0", "2000 1.0", "3000 2.0", "4000 2.0", "5000 3.0");
  }

  @Test
  void marksEverythingStaleOnceWhenAVisitFails() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "a 1\n");
    visitAll(scraper, 1);
    web.status(URL, 500);
    visitAll(scraper, 2);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 stale");
    assertThat(values("up")).containsExactly("1000 1.0", "2000 0.0", "3000 0.0");
    assertThat(values("scrape_samples_scraped"))
        .containsExactly("1000 1.0", "2000 0.0", "3000 0.0");
    assertThat(scraper.status().health()).isEqualTo(Health.DOWN);
    assertThat(scraper.status().lastError())
        .isEqualTo("server returned HTTP status 500 Internal Server Error");
  }

  @Test
  void tellsOfLimitsAndSizesWhereThatIsWanted() throws InterruptedException {
    var limits = new ScrapeLimits(1000, 7, 0, 0, 0, 0, 0, true);
    var scraper = scraper(job(ScrapeConfig.Labelling.DEFAULT, limits));
    web.page(URL, "a 1\n");
    visitAll(scraper, 1);
    web.page(URL, "# " + "x".repeat(1000) + "\na 1\n");
    visitAll(scraper, 1);
    web.status(URL, 500);
    visitAll(scraper, 1);

    assertThat(values("scrape_sample_limit")).containsExactly("1000 7.0", "2000 7.0", "3000 7.0");
    assertThat(values("scrape_body_size_bytes"))
        .containsExactly("1000 4.0", "2000 -1.0", "3000 0.0");
    assertThat(values("scrape_timeout_seconds")).hasSize(3);
  }

  @Test
  void storesNothingOfABadPage() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "a 1\nb 1\nc\n");
    visitAll(scraper, 1);

    assertThat(values("a")).isEmpty();
    assertThat(values("up")).containsExactly("1000 0.0");
    assertThat(values("scrape_samples_scraped")).containsExactly("1000 2.0");
    assertThat(scraper.status().lastError()).startsWith("expected value after metric");
  }

  @Test
  void keepsAPagesOwnTimestampsAndLeavesSuchSeriesOutOfStaleness() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "a 1 500\nb 1\n");
    visitAll(scraper, 1);
    web.page(URL, "b 1\n");
    visitAll(scraper, 1);

    assertThat(values("a")).containsExactly("500 1.0");
  }

  @Test
  void replacesAPagesTimestampsWhereTheyAreNotHonoured() throws InterruptedException {
    var labelling = new ScrapeConfig.Labelling(false, false, false, false, List.of(), List.of());
    var scraper = scraper(job(labelling, ScrapeLimits.NONE));
    web.page(URL, "a 1 500\n");
    visitAll(scraper, 1);
    web.page(URL, "b 1\n");
    visitAll(scraper, 1);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 stale");
  }

  @Test
  void tracksStalenessOfTimestampedSeriesWhenAsked() throws InterruptedException {
    var labelling = new ScrapeConfig.Labelling(false, true, true, false, List.of(), List.of());
    var scraper = scraper(job(labelling, ScrapeLimits.NONE));
    web.page(URL, "a 1 500\n");
    visitAll(scraper, 1);
    web.page(URL, "b 1\n");
    visitAll(scraper, 1);

    assertThat(values("a")).containsExactly("500 1.0", "2000 stale");
  }

  @Test
  void storesExemplarsAndUnitsOfAnOpenMetricsPage() throws InterruptedException {
    web.page(
        URL,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        null,
        """
        # TYPE a_seconds counter
        # UNIT a_seconds seconds
        a_seconds_total 3 # {trace="x"} 0.5
        a_seconds_total{l="m"} 3 0.25 # {trace="y"} 0.5 0.125
        # EOF
        """
            .getBytes(StandardCharsets.UTF_8));
    var scraper = scraper(job());
    visitAll(scraper, 2);

    assertThat(values("a_seconds_total")).containsExactly("1000 3.0", "2000 3.0", "250 3.0");
    assertThat(
            store
                .exemplars(
                    List.of(List.of(Matcher.equal(Labels.METRIC_NAME, "a_seconds_total"))),
                    new TimeRange(0, 5000))
                .stream()
                .flatMap(series -> series.exemplars().stream()))
        .extracting(Object::toString)
        .containsExactly(
            "Exemplar[labels={trace=\"x\"}, value=0.5, timestampMillis=1000]",
            "Exemplar[labels={trace=\"x\"}, value=0.5, timestampMillis=2000]",
            "Exemplar[labels={trace=\"y\"}, value=0.5, timestampMillis=125]");
    assertThat(scraper.metadata())
        .containsExactly(
            new Targets.Metadata(scraper.target().labels(), "a_seconds", "counter", "", "seconds"));
  }

  @Test
  void readsAKnownLineAnewWhereThePageIsWrittenInAnotherFormat() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "a \t1\n");
    visitAll(scraper, 1);
    web.page(URL, "application/openmetrics-text", null, "a 2\n# EOF\n".getBytes(US_ASCII));
    visitAll(scraper, 1);
    web.page(URL, "application/openmetrics-text", null, "a \t2\n# EOF\n".getBytes(US_ASCII));

    assertThat(values("a")).containsExactly("1000 1.0", "2000 2.0");
    assertThat(errorAfter(scraper, web)).startsWith("strconv.ParseFloat");
  }

  @Test
  void refusesNamesThatAreNotTheClassicOnesWhereOnlyTheseAreAllowed() throws InterruptedException {
    var labelling = new ScrapeConfig.Labelling(false, true, false, true, List.of(), List.of());
    var scraper = scraper(job(labelling, ScrapeLimits.NONE));
    web.page(URL, "a:b{c=\"\u00e9\"} 1\n");
    visitAll(scraper, 1);
    assertThat(values("a:b")).containsExactly("1000 1.0");
    assertThat(errorAfter(scraper, web.page(URL, "{\"a.b\"} 1\n")))
        .startsWith("invalid metric name or label names: ");
    assertThat(errorAfter(scraper, web.page(URL, "a{\"c.d\"=\"1\"} 1\n")))
        .startsWith("invalid metric name or label names: ");
  }

  @Test
  void dropsTheSecondOfTwoSamplesOfASeries() throws InterruptedException {
    web.page(URL, "a 1\na 2\na{} 3\n");
    visitAll(scraper(job()), 2);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 1.0");
    assertThat(counters.duplicates()).isEqualTo(4);
    assertThat(values("up")).containsExactly("1000 1.0", "2000 1.0");
  }

  @Test
  void letsAReportThatThePageBringsItselfWin() throws InterruptedException {
    web.page(URL, "up 7\n");
    visitAll(scraper(job()), 1);

    assertThat(values("up")).containsExactly("1000 7.0");
    assertThat(counters.duplicates()).isZero();
  }

  @Test
  void storesNothingBeyondTheSampleLimitAndMakesNoSeries() throws InterruptedException {
    var scraper =
        scraper(job(ScrapeConfig.Labelling.DEFAULT, new ScrapeLimits(0, 2, 0, 0, 0, 0, 0, false)));
    web.page(URL, "a 1\nb 1\nc 1\n");
    visitAll(scraper, 1);

    assertThat(values("a")).isEmpty();
    assertThat(values("scrape_samples_scraped")).containsExactly("1000 3.0");
    assertThat(scraper.status().lastError()).isEqualTo("sample limit exceeded");
    assertThat(counters.sampleLimitExceeded()).isEqualTo(1);
  }

  @Test
  void refusesAPageThatIsTooLargePackedOrUnpacked() throws IOException, InterruptedException {
    var scraper =
        scraper(
            job(ScrapeConfig.Labelling.DEFAULT, new ScrapeLimits(1000, 0, 0, 0, 0, 0, 0, false)));
    web.page(URL, "#" + "x".repeat(1200) + "\n");
    visitAll(scraper, 1);
    assertThat(scraper.status().lastError()).isEqualTo("body size limit exceeded");
    web.page(URL, "text/plain", "gzip", gzip("#" + "x".repeat(1200) + "\n"));
    visitAll(scraper, 1);
    assertThat(scraper.status().lastError()).isEqualTo("body size limit exceeded");
    assertThat(counters.bodyLimitExceeded()).isEqualTo(2);
    web.page(URL, "text/plain", "gzip", gzip("a 1\n#" + "x".repeat(900)));
    visitAll(scraper, 1);
    assertThat(scraper.status().lastError()).isEmpty();
    assertThat(values("a")).containsExactly("3000 1.0");
  }

  @Test
  void tellsWhyAPageCouldNotBeRead() throws InterruptedException {
    var scraper = scraper(job());
    assertThat(errorAfter(scraper, web.fault(URL, "connection refused")))
        .isEqualTo("Get \"http://host:1/metrics\": connection refused");
    assertThat(errorAfter(scraper, web.fault(URL, "timeout")))
        .isEqualTo("Get \"http://host:1/metrics\": context deadline exceeded");
    assertThat(errorAfter(scraper, web.page(URL, "text/html", null, new byte[0])))
        .isEqualTo(
            "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol"
                + " specified for target");
    assertThat(errorAfter(scraper, web.page(URL, null, null, new byte[0])))
        .isEqualTo(
            "non-compliant scrape target sending blank Content-Type and no"
                + " fallback_scrape_protocol specified for target");
    assertThat(errorAfter(scraper, web.page(URL, "text/plain", "br", new byte[0])))
        .isEqualTo("cannot unpack the page: content encoding \"br\", expected gzip");
    assertThat(errorAfter(scraper, web.page(URL, "text/plain", "gzip", new byte[] {1, 2, 3})))
        .startsWith("cannot unpack the page: ");
  }

  @Test
  void asksForWhatItCanRead() throws InterruptedException {
    web.page(URL, "a 1\n");
    visitAll(scraper(job()), 1);
    HttpFetch.Request request = web.requests().getFirst();
    assertThat(request.headers())
        .containsEntry(
            "Accept",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
        .containsEntry("Accept-Encoding", "gzip")
        .containsEntry("X-Prometheus-Scrape-Timeout-Seconds", "10");
    assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void keepsMetadataOfMetricsAsLongAsTheyAreShown() throws InterruptedException {
    var scraper = scraper(job());
    web.page(URL, "# HELP a Some\\nhelp.\n# TYPE a counter\na 1\n# TYPE b untyped\nb 1\n");
    visitAll(scraper, 3);
    assertThat(scraper.metadata())
        .extracting(m -> m.metric() + "|" + m.type() + "|" + m.help())
        .containsExactlyInAnyOrder("a|counter|Some\nhelp.", "b|unknown|");
    web.page(URL, "# TYPE b gauge\nb 1\n");
    visitAll(scraper, 13);
    assertThat(scraper.metadata())
        .extracting(m -> m.metric() + "|" + m.type())
        .containsExactly("b|gauge");
  }

  @Test
  void goesOnMarkingAfterItsConfigurationChanged() throws InterruptedException {
    web.page(URL, "a 1\nb 1\n");
    var before = scraper(job());
    visitAll(before, 1);
    var labelling =
        new ScrapeConfig.Labelling(
            false,
            true,
            false,
            false,
            List.of(),
            List.of(RelabelRule.filter(RelabelRule.Action.DROP, List.of(Labels.METRIC_NAME), "b")));
    ScrapeConfig changed = job(labelling, ScrapeLimits.NONE);
    var after = new TargetScraper(workshop(store), changed, target(changed), before);
    visitAll(after, 1);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 1.0");
    assertThat(values("b")).containsExactly("1000 1.0", "2000 stale");
  }

  private String errorAfter(TargetScraper scraper, FakeWeb unused) throws InterruptedException {
    visitAll(scraper, 1);
    return scraper.status().lastError();
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
