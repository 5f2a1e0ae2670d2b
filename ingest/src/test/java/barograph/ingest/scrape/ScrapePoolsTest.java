package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.discovery.Discoveries;
import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.FakeDirectory;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.relabel.RelabelRule;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.testkit.NaiveStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScrapePoolsTest {
  private final NaiveStore store = new NaiveStore();
  private final FakeWeb web = new FakeWeb();
  private final HandPace pace = new HandPace(1_000_000);
  private final FakeDirectory directory = new FakeDirectory();
  private final Discoveries discoveries = directory.discoveries();
  private final ScrapePools pools = new ScrapePools(store, web, pace, discoveries);

  @AfterEach
  void close() {
    pools.close();
    discoveries.close();
  }

  @Test
  void visitsEveryTargetOnItsOwnBeat() throws InterruptedException {
    web.page("http://a:1/metrics", "m 1\n").page("http://b:1/metrics", "m 2\n");
    pools.apply(List.of(job("j", "a:1", "b:1")));
    for (int i = 0; i < 9; i++) {
      pace.advance(2, pace.nextWake(2));
    }
    pace.awaitSleepers(2);

    List<String> samples = store.lines(Matcher.equal("__name__", "m"));
    assertThat(samples.size()).isBetween(8, 10);
    assertThat(samples)
        .anyMatch(s -> s.startsWith("m{instance=\"a:1\", job=\"j\"}"))
        .anyMatch(s -> s.startsWith("m{instance=\"b:1\", job=\"j\"}"));
    assertThat(pools.targets().active())
        .extracting(t -> t.url() + " " + t.health())
        .containsExactly("http://a:1/metrics UP", "http://b:1/metrics UP");
  }

  @Test
  void leavesAnUnchangedJobAloneOnReload() throws InterruptedException {
    web.page("http://a:1/metrics", "m 1\n");
    pools.apply(List.of(job("j", "a:1")));
    pace.advance(1, pace.nextWake(1));
    long planned = pace.nextWake(1);
    pools.apply(List.of(job("j", "a:1"), job("k")));
    assertThat(pools.figures()).extracting(PoolFigures::job).containsExactly("j", "k");
    assertThat(pace.nextWake(1)).isEqualTo(planned);
    assertThat(pools.targets().active().getFirst().health()).isEqualTo(Targets.Health.UP);
    assertThat(pools.names()).containsExactly("j", "k");
  }

  @Test
  void marksTheSeriesOfARemovedTargetAsStaleTwoIntervalsLater() throws InterruptedException {
    web.page("http://a:1/metrics", "m 1\n");
    pools.apply(List.of(job("j", "a:1")));
    long first = pace.nextWake(1);
    pace.advance(1, first);
    pace.awaitSleepers(1);
    pools.apply(List.of());
    pace.awaitSleepers(1);
    pace.advance(1, first + 10_000);
    assertThat(pace.nextWake(1)).isEqualTo(first + 21_000);
    pace.advance(1, first + 21_000);
    pace.awaitSleepers(0);
    pools.close();

    String name = "m{instance=\"a:1\", job=\"j\"} ";
    assertThat(store.lines(Matcher.equal("__name__", "m")))
        .containsExactly(name + first + " 1.0", name + (first + 10_000) + " stale");
    assertThat(store.lines(Matcher.equal("__name__", "up"))).last().asString().endsWith(" stale");
  }

  @Test
  void writesNoMarkersWhenTheProcessEnds() throws InterruptedException {
    web.page("http://a:1/metrics", "m 1\n");
    pools.apply(List.of(job("j", "a:1")));
    pace.advance(1, pace.nextWake(1));
    pace.awaitSleepers(1);
    pools.close();
    assertThat(store.lines(Matcher.equal("__name__", "m")))
        .hasSize(1)
        .noneMatch(s -> s.endsWith("stale"));
  }

  @Test
  void refusesTwoJobsOfOneNameAndKeepsWhatRuns() {
    pools.apply(List.of(job("j", "a:1")));
    assertThatThrownBy(() -> pools.apply(List.of(job("x"), job("x"))))
        .hasMessage("found multiple scrape configs with job name \"x\"");
    assertThat(pools.names()).containsExactly("j");
  }

  @Test
  void failsEveryTargetOfAJobThatHasTooMany() throws InterruptedException {
    web.page("http://a:1/metrics", "m 1\n").page("http://b:1/metrics", "m 2\n");
    ScrapeConfig config = job("j", "a:1", "b:1");
    pools.apply(
        List.of(
            new ScrapeConfig(
                "j",
                config.timing(),
                config.asking(),
                config.labelling(),
                new ScrapeLimits(0, 0, 0, 0, 0, 1, 0, false),
                HistogramWishes.CLASSIC,
                config.staticTargets())));
    pace.advance(2, 1_010_000);
    pace.awaitSleepers(2);
    assertThat(pools.targets().active())
        .extracting(Targets.Active::lastError)
        .containsOnly("target_limit exceeded (number of targets: 2, limit: 1)");
    assertThat(pools.counters().targetLimitExceeded()).isEqualTo(1);
    PoolFigures figures = pools.figures().getFirst();
    assertThat(figures).isEqualTo(new PoolFigures("j", 2, 1, 1, 0, figures.syncNanos(), 0));
    assertThat(web.requests()).isEmpty();
    assertThat(store.lines(Matcher.equal("__name__", "up")))
        .hasSize(2)
        .allMatch(s -> s.endsWith("0.0"));
  }

  @Test
  void namesTargetsByTheirRelabelledLabels() {
    var rules =
        List.of(
            RelabelRule.filter(RelabelRule.Action.DROP, List.of("__address__"), "c:1"),
            RelabelRule.replace(List.of("__address__"), "(.*)", "__param_target", "$1"),
            RelabelRule.replace(List.of("__param_target"), "(.*)", "instance", "$1"),
            RelabelRule.replace(List.of(), "(.*)", "__address__", "probe:9"),
            RelabelRule.replace(List.of("__address__"), "(.*)", "__tmp", "$1"));
    pools.apply(
        List.of(
            new ScrapeConfig(
                "j",
                new ScrapeConfig.Timing(Duration.ofSeconds(10), Duration.ofSeconds(5)),
                new ScrapeConfig.Asking(
                    "https",
                    "/probe",
                    Map.of("module", List.of("http 2xx")),
                    true,
                    ClientSettings.PLAIN,
                    ScrapeProtocol.DEFAULT,
                    NameEscaping.ALLOW_UTF_8,
                    null),
                new ScrapeConfig.Labelling(false, true, false, false, rules, List.of()),
                ScrapeLimits.NONE,
                HistogramWishes.CLASSIC,
                List.of(new StaticTargets(List.of("a:1", "c:1"), Labels.of("env", "x"))))));

    Targets targets = pools.targets();
    assertThat(targets.active()).hasSize(1);
    Targets.Active active = targets.active().getFirst();
    assertThat(active.labels()).isEqualTo(Labels.of("env", "x", "instance", "a:1", "job", "j"));
    assertThat(active.url()).isEqualTo("https://probe:9/probe?module=http+2xx&target=a%3A1");
    assertThat(active.discovered())
        .isEqualTo(
            Labels.of(
                "__address__", "a:1",
                "__metrics_path__", "/probe",
                "__param_module", "http 2xx",
                "__scheme__", "https",
                "__scrape_interval__", "10s",
                "__scrape_timeout__", "5s",
                "env", "x",
                "job", "j"));
    assertThat(targets.dropped()).hasSize(1);
    assertThat(targets.droppedCounts()).containsEntry("j", 1);
  }

  @Test
  void spreadsTargetsOverTheIntervalAndKeepsTheirMoments() {
    assertThat(ScrapeLoop.firstTick(1_000_007, 1000, 5)).isEqualTo(1_001_005);
    assertThat(ScrapeLoop.firstTick(1_000_005, 1000, 5)).isEqualTo(1_000_005);
    assertThat(ScrapeLoop.aligned(10_002, 10_000, 1000)).isEqualTo(10_000);
    assertThat(ScrapeLoop.aligned(10_003, 10_000, 1000)).isEqualTo(10_003);
    assertThat(ScrapeLoop.aligned(10_002, 10_000, 100)).isEqualTo(10_002);
    assertThat(ScrapeLoop.nextTick(10_000, 10_400, 1000)).isEqualTo(11_000);
    assertThat(ScrapeLoop.nextTick(10_000, 11_000, 1000)).isEqualTo(12_000);
    assertThat(ScrapeLoop.nextTick(10_000, 13_500, 1000)).isEqualTo(14_000);
  }

  private static ScrapeConfig job(String name, String... addresses) {
    return new ScrapeConfig(
        name,
        new ScrapeConfig.Timing(Duration.ofSeconds(10), Duration.ofSeconds(5)),
        ScrapeConfig.Asking.DEFAULT,
        ScrapeConfig.Labelling.DEFAULT,
        ScrapeLimits.NONE,
        HistogramWishes.CLASSIC,
        addresses.length == 0
            ? List.of()
            : List.of(new StaticTargets(List.of(addresses), Labels.EMPTY)));
  }

  @Test
  void discoveredTargetsComeAndGoWhileTheOthersAreVisitedUndisturbed() {
    directory.json("http://sd/", "[{\"targets\":[\"b:1\"],\"labels\":{\"__meta_x\":\"1\"}}]");
    var rules = List.of(RelabelRule.filter(RelabelRule.Action.DROP, List.of("__meta_x"), "drop"));
    var discovery =
        new DiscoveryConfig.Http(
            URI.create("http://sd/"), ClientSettings.PLAIN, Duration.ofMillis(5));
    pools.apply(
        List.of(
            new ScrapeConfig(
                "j",
                ScrapeConfig.Timing.DEFAULT,
                ScrapeConfig.Asking.DEFAULT,
                new ScrapeConfig.Labelling(false, true, false, false, rules, List.of()),
                ScrapeLimits.NONE,
                HistogramWishes.CLASSIC,
                List.of(new StaticTargets(List.of("a:1"), Labels.EMPTY)),
                List.of(discovery),
                null)));
    awaitAddresses("a:1", "b:1");
    directory.json(
        "http://sd/",
        "[{\"targets\":[\"c:1\"]},{\"targets\":[\"d:1\"],\"labels\":{\"__meta_x\":\"drop\"}}]");
    awaitAddresses("a:1", "c:1");
    assertThat(pools.targets().dropped())
        .extracting(dropped -> dropped.discovered().get("__address__"))
        .containsExactly("d:1");
    directory.json("http://sd/", "nonsense");
    assertThat(addresses()).containsExactly("a:1", "c:1");
  }

  private List<String> addresses() {
    return pools.targets().active().stream().map(t -> t.discovered().get("__address__")).toList();
  }

  private void awaitAddresses(String... wanted) {
    while (!addresses().equals(List.of(wanted))) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
