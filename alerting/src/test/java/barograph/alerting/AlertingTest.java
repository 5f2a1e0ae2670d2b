package barograph.alerting;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.evaluate.RuleQuery;
import barograph.alerting.forward.Alertmanager;
import barograph.alerting.forward.Forwarding;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.Web;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.Route;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import barograph.alerting.testkit.FakeBeat;
import barograph.alerting.testkit.FakeWeb;
import barograph.alerting.testkit.MemoryLog;
import barograph.alerting.testkit.ScriptedQuery;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.testkit.NaiveStore;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AlertingTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Labels DOWN = Labels.of("__name__", "up", "job", "node", "instance", "a:1");

  private final ScriptedQuery query = new ScriptedQuery();
  private final NaiveStore store = new NaiveStore();
  private final MemoryLog state = new MemoryLog();

  private static AlertingConfig config() {
    return config(Forwarding.NONE);
  }

  private static AlertingConfig config(Forwarding forwarding) {
    var rule =
        new AlertingRule(
            "TargetDown",
            "up == 0",
            HOLD,
            Duration.ZERO,
            Map.of("severity", "page"),
            Map.of("summary", "{{ $labels.instance }} of {{ $labels.job }} is down"));
    var group = new RuleGroup("targets", INTERVAL, null, 0, Map.of(), List.of(rule));
    var route =
        new Route(
            "team",
            List.of("alertname"),
            List.of(),
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofHours(4),
            List.of());
    return new AlertingConfig(
        Duration.ofMinutes(1),
        Duration.ZERO,
        Labels.of("site", "attic"),
        List.of(new RuleFile("rules.yml", List.of(group))),
        new NotificationConfig(
            Duration.ofMinutes(5),
            route,
            List.of(
                new Receiver(
                    "team", List.of(WebhookConfig.to(URI.create("http://127.0.0.1:1/hook")))))),
        forwarding);
  }

  private Alerting start(FakeBeat beat, FakeWeb web) {
    return start(beat, web, config());
  }

  private Alerting start(FakeBeat beat, FakeWeb web, AlertingConfig config) {
    return Alerting.start(
        AlertingOptions.at(URI.create("http://baro:9090/")),
        config,
        new AlertingPorts(query, store, store, web, state, state.recollection()),
        new AlertingThreads(Runnable::run, Runnable::run, () -> {}),
        beat);
  }

  @Test
  void aStoppedTargetIsToldWithinForAndTwoIntervalsAndSoIsItsReturn() {
    var beat = new FakeBeat(START);
    var web = new FakeWeb(beat::now);
    try (var alerting = start(beat, web)) {
      beat.pass(Duration.ofMinutes(1));
      assertThat(web.messages()).isEmpty();

      var stopped = beat.now();
      query.set("up == 0", DOWN, 0);
      beat.pass(HOLD.plus(INTERVAL.multipliedBy(2)));
      assertThat(web.messages()).hasSize(1);
      var message = web.messages().getFirst();
      assertThat(message.summary()).isEqualTo("firing a:1+");
      assertThat(message.at()).isBefore(stopped.plus(HOLD).plus(INTERVAL.multipliedBy(2)));
      assertThat(message.json().get("commonAnnotations").get("summary").asString())
          .isEqualTo("a:1 of node is down");
      assertThat(message.json().get("commonLabels").get("site").asString()).isEqualTo("attic");
      assertThat(alerting.alerts()).hasSize(1);

      beat.pass(Duration.ofMinutes(10));
      assertThat(web.messages()).hasSize(1);

      query.clear("up == 0");
      beat.pass(INTERVAL.multipliedBy(2));
      assertThat(web.messages()).hasSize(2);
      assertThat(web.messages().getLast().summary()).isEqualTo("resolved a:1-");

      beat.pass(Duration.ofHours(1));
      assertThat(web.messages()).hasSize(2);
      assertThat(alerting.notificationGroups()).isZero();
    }
  }

  @Test
  void aBlipShorterThanForIsNotTold() {
    var beat = new FakeBeat(START);
    var web = new FakeWeb(beat::now);
    try (var _ = start(beat, web)) {
      query.set("up == 0", DOWN, 0);
      beat.pass(HOLD);
      query.clear("up == 0");
      beat.pass(Duration.ofMinutes(5));
      assertThat(web.messages()).isEmpty();
    }
  }

  @Test
  void aReloadOfTheSameConfigurationChangesNothing() {
    var beat = new FakeBeat(START);
    var web = new FakeWeb(beat::now);
    try (var alerting = start(beat, web)) {
      query.set("up == 0", DOWN, 0);
      beat.pass(Duration.ofSeconds(20));
      alerting.reload(config());
      beat.pass(Duration.ofSeconds(20));
      assertThat(web.messages()).hasSize(1);
    }
  }

  @Test
  void otherAlertmanagersAreToldByTheLabelsThatAlertsLeaveWith() {
    var beat = new FakeBeat(START);
    var web = new FakeWeb(beat::now);
    var elsewhere =
        new Alertmanager(
            URI.create("http://127.0.0.1:2/api/v2/alerts"),
            ClientSettings.PLAIN,
            Duration.ofSeconds(10),
            labels -> labels.without("job"));
    var forwarding = new Forwarding(List.of(elsewhere), labels -> labels.without("severity"));
    try (var _ = start(beat, web, config(forwarding))) {
      query.set("up == 0", DOWN, 0);
      beat.pass(HOLD.plus(INTERVAL.multipliedBy(2)));
    }
    var byPort = web.messages().stream().collect(groupingBy(message -> message.uri().getPort()));
    assertThat(byPort.get(2).getFirst().json().path(0).path("labels").toString())
        .isEqualTo("{\"alertname\":\"TargetDown\",\"instance\":\"a:1\",\"site\":\"attic\"}");
    assertThat(byPort.get(1).getFirst().json().path("commonLabels").toString())
        .contains("\"job\":\"node\"")
        .doesNotContain("severity");
  }

  @Test
  @Timeout(30)
  void worksOnThreadsOfItsOwnAndTheRealClock() throws InterruptedException {
    var told = new CountDownLatch(1);
    Web web =
        request -> {
          told.countDown();
          return new Web.Answer(200, "", "");
        };
    RuleQuery always = (expr, time) -> List.of(new Sample(DOWN, time, 0));
    var rule = new AlertingRule("A", "up == 0", Duration.ZERO, Duration.ZERO, Map.of(), Map.of());
    var group = new RuleGroup("g", Duration.ofMillis(50), null, 0, Map.of(), List.of(rule));
    var route =
        new Route(
            "team", null, List.of(), false, Duration.ZERO, Duration.ofMillis(50), null, List.of());
    var config =
        new AlertingConfig(
            Duration.ofMinutes(1),
            Duration.ZERO,
            Labels.EMPTY,
            List.of(new RuleFile("r.yml", List.of(group))),
            new NotificationConfig(
                Duration.ofMinutes(5), route, config().notifications().receivers()),
            Forwarding.NONE);
    try (var alerting =
        Alerting.start(
            AlertingOptions.at(URI.create("http://baro")),
            config,
            new AlertingPorts(always, store, store, web, state, state.recollection()),
            InstantSource.system())) {
      told.await();
      assertThat(alerting.alerts()).hasSize(1);
    }
  }
}
