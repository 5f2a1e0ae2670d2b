package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.forward.AlertForwarder;
import barograph.alerting.forward.AlertRelabeling;
import barograph.alerting.forward.Alertmanager;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.Rule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import barograph.alerting.testkit.FakeBeat;
import barograph.alerting.testkit.FakeWeb;
import barograph.query.EngineOptions;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.testkit.NaiveStore;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What Prometheus's compliance suite asks of whoever generates alerts, in its four cases: samples
/// each 15 s, a turn each 30 s, and an Alertmanager that says what it has heard.
///
/// Times are seconds from the third turn: the series `ALERTS` is written from there on. At every
/// turn the API, the rule's own state and the series `ALERTS` must say the same.
class AlertGeneratorTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final int INTERVAL = 30;
  private static final int FOUR_MINUTES = 240;
  private static final long ZERO =
      Schedule.of("g", "r.yml", Duration.ofSeconds(INTERVAL))
          .firstAfter(START.plusSeconds(2 * INTERVAL))
          .toEpochMilli();

  private final NaiveStore store = new NaiveStore();
  private final RuleQuery query =
      new EngineQuery(new QueryEngine(store, EngineOptions.defaults()), QueryLimits.DEFAULT);
  private final FakeBeat beat = new FakeBeat(START);
  private final FakeWeb alertmanager = new FakeWeb(beat::now);
  private final AlertForwarder forwarder = new AlertForwarder(alertmanager, Runnable::run);
  private final RuleGroups groups =
      new RuleGroups(
          new Surroundings(
              query, store, store, beat, Runnable::run, forwarder::take, labels -> null));

  private static AlertingRule rule(String name, String expr, int holdSeconds) {
    return new AlertingRule(
        name,
        expr,
        Duration.ofSeconds(holdSeconds),
        Duration.ZERO,
        Map.of("foo", "bar", "rulegroup", "{{ $labels.variant }}"),
        Map.of(
            "description", "SimpleAlert is firing",
            "summary", "The value is {{ $value }} {{.Value}}"));
  }

  private void start(Rule... rules) {
    var settings =
        new EvaluationSettings(
            Duration.ofSeconds(INTERVAL),
            Duration.ZERO,
            Labels.EMPTY,
            "http://baro",
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofMinutes(10));
    forwarder.apply(
        List.of(
            new Alertmanager(
                URI.create("http://am/api/v2/alerts"),
                ClientSettings.PLAIN,
                Duration.ofSeconds(10),
                AlertRelabeling.NONE)));
    var group = new RuleGroup("g", Duration.ofSeconds(INTERVAL), null, 0, Map.of(), List.of(rules));
    groups.start(List.of(new RuleFile("r.yml", List.of(group))), settings);
  }

  /// Lets `values` come 15 s apart, so that every turn sees one that is 5 s old.
  private void samples(Labels labels, double... values) {
    for (int i = 0; i < values.length; i++) {
      long time = ZERO + i * 15_000L - 5_000;
      double value = values[i];
      beat.at(Instant.ofEpochMilli(time), () -> store.put(labels, time, value));
    }
  }

  /// Lets the turns up to `seconds` pass, and gives the states that alerts of `name` had after each
  /// of those at which something changed.
  private List<String> statesUntil(int seconds, String name) throws RuleFailure {
    var states = new ArrayList<String>();
    for (int at = 0; at <= seconds; at += INTERVAL) {
      beat.passUntil(Instant.ofEpochMilli(ZERO + at * 1000L + 1));
      var now = stateByApi(name);
      assertThat(stateBySeries(name, ZERO + at * 1000L)).isEqualTo(now);
      assertThat(stateOfRule(name)).isEqualTo(now.isEmpty() ? "inactive" : now);
      if (states.isEmpty() || !states.getLast().endsWith(": " + now)) {
        states.add(at + ": " + now);
      }
    }
    return states;
  }

  private String stateByApi(String name) {
    return groups.alerts().stream()
        .filter(alert -> alert.labels().get("alertname").equals(name))
        .map(alert -> alert.state().word())
        .distinct()
        .reduce("", String::concat);
  }

  private String stateOfRule(String name) {
    return groups.views().getFirst().rules().stream()
        .filter(rule -> rule.rule().name().equals(name))
        .map(rule -> rule.state().word())
        .findAny()
        .orElseThrow();
  }

  private String stateBySeries(String name, long timeMillis) throws RuleFailure {
    return query.at("ALERTS{alertname=\"%s\"}".formatted(name), timeMillis).stream()
        .map(Sample::labels)
        .map(labels -> labels.get("alertstate"))
        .distinct()
        .reduce("", String::concat);
  }

  /// What the Alertmanager heard: `at: alertname from start to end`.
  private List<String> heard() {
    var heard = new ArrayList<String>();
    for (var message : alertmanager.messages()) {
      for (JsonNode alert : message.json()) {
        heard.add(
            "%d: %s from %d to %d"
                .formatted(
                    seconds(message.at()),
                    alert.get("labels").get("alertname").asString(),
                    seconds(Instant.parse(alert.get("startsAt").asString())),
                    seconds(Instant.parse(alert.get("endsAt").asString()))));
      }
    }
    return heard;
  }

  private static long seconds(Instant time) {
    return (time.toEpochMilli() - ZERO) / 1000;
  }

  private static Labels series(String variant) {
    return Labels.of("__name__", "metric", "variant", variant);
  }

  @Test
  void pendingThenFiringThenResolvedThenFiringAgain() throws RuleFailure {
    start(rule("Simple", "metric > 10", 120));
    samples(series("a"), steps(2, 5, 14, 11, 14, 5, 12, 20));

    assertThat(statesUntil(780, "Simple"))
        .containsExactly(
            "0: ", "30: pending", "150: firing", "240: ", "450: pending", "570: firing");
    assertThat(heard())
        .containsExactly(
            "150: Simple from 150 to " + (150 + FOUR_MINUTES),
            // At 210 the last message is exactly one resend delay old, which is not yet too old.
            "240: Simple from 150 to 240",
            "330: Simple from 150 to 240",
            "420: Simple from 150 to 240",
            "570: Simple from 570 to " + (570 + FOUR_MINUTES),
            "660: Simple from 570 to " + (660 + FOUR_MINUTES),
            "750: Simple from 570 to " + (750 + FOUR_MINUTES));
    var first = alertmanager.messages().getFirst().json().get(0);
    assertThat(first.get("labels").toString())
        .isEqualTo(
            "{\"alertname\":\"Simple\",\"foo\":\"bar\",\"rulegroup\":\"a\",\"variant\":\"a\"}");
    assertThat(first.get("annotations").toString())
        .isEqualTo(
            "{\"description\":\"SimpleAlert is firing\",\"summary\":\"The value is 11 11\"}");
    assertThat(first.get("generatorURL").asString())
        .isEqualTo("http://baro/graph?g0.expr=metric+%3E+10&g0.tab=1");
  }

  /// Pairs of a count and a value that it is repeated, in turns of two samples.
  private static double[] steps(int... countsAndValues) {
    var values = new ArrayList<Double>();
    for (int i = 0; i < countsAndValues.length; i += 2) {
      for (int j = 0; j < countsAndValues[i]; j++) {
        values.add((double) countsAndValues[i + 1]);
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void pendingAndGoneBeforeItFires() throws RuleFailure {
    start(rule("Short", "metric > 10", 120), rule("Never", "metric > 100", 120));
    samples(series("a"), steps(4, 5, 6, 12, 20, 5));
    assertThat(statesUntil(300, "Short")).containsExactly("0: ", "60: pending", "150: ");
    assertThat(stateByApi("Never")).isEmpty();
    assertThat(heard()).isEmpty();
  }

  @Test
  void anAlertThatIsAlwaysInactiveIsNeverHeardOf() throws RuleFailure {
    start(rule("Never", "metric > 100", 0));
    samples(series("a"), steps(20, 5));
    assertThat(statesUntil(240, "Never")).containsExactly("0: ");
    assertThat(heard()).isEmpty();
  }

  @Test
  void withoutAForAnAlertFiresAtOnce() throws RuleFailure {
    start(rule("Zero", "metric > 10", 0));
    samples(series("a"), steps(2, 5, 8, 15, 10, 5));
    assertThat(statesUntil(240, "Zero")).containsExactly("0: ", "30: firing", "150: ");
    assertThat(heard())
        .containsExactly(
            "30: Zero from 30 to " + (30 + FOUR_MINUTES),
            "120: Zero from 30 to " + (120 + FOUR_MINUTES),
            "150: Zero from 30 to 150",
            "240: Zero from 30 to 150");
  }

  @Test
  void aForThatIsShorterThanTheIntervalIsOverAtTheNextTurn() throws RuleFailure {
    start(rule("Small", "metric > 10", 15));
    samples(series("a"), steps(2, 5, 8, 15, 10, 5));
    assertThat(statesUntil(240, "Small"))
        .containsExactly("0: ", "30: pending", "60: firing", "150: ");
    assertThat(heard())
        .containsExactly(
            "60: Small from 60 to " + (60 + FOUR_MINUTES),
            "150: Small from 60 to 150",
            "240: Small from 60 to 150");
  }

  @Test
  void anAlertThatIsOverIsHeardOfForAQuarterOfAnHour() throws RuleFailure {
    start(rule("Zero", "metric > 10", 0));
    samples(series("a"), steps(2, 15, 100, 5));
    assertThat(statesUntil(1500, "Zero")).containsExactly("0: firing", "30: ");
    assertThat(heard())
        .contains("840: Zero from 0 to 30")
        .last()
        .isEqualTo("930: Zero from 0 to 30");
  }

  @Test
  void newAlertsOfARuleKeepTheirOwnTimes() {
    start(rule("Many", "metric > 10", 60));
    samples(series("a"), steps(2, 5, 18, 12));
    samples(series("b"), steps(6, 5, 14, 13));
    beat.passUntil(Instant.ofEpochMilli(ZERO + 180_001));
    assertThat(heard())
        .containsExactly(
            "90: Many from 90 to " + (90 + FOUR_MINUTES),
            "150: Many from 150 to " + (150 + FOUR_MINUTES),
            "180: Many from 90 to " + (180 + FOUR_MINUTES));
    assertThat(groups.alerts())
        .extracting(alert -> seconds(alert.activeAt()))
        .containsExactly(30L, 90L);
  }

  @Test
  void aLaterRuleSeesTheAlertsOfAnEarlierOneInTheSameTurn() throws RuleFailure {
    start(
        rule("First", "metric > 10", 0),
        rule("Second", "ALERTS{alertname=\"First\",alertstate=\"firing\"}", 0));
    samples(series("a"), steps(2, 5, 6, 12, 6, 5));
    assertThat(statesUntil(150, "Second")).containsExactly("0: ", "30: firing", "120: ");
    assertThat(heard())
        .containsExactly(
            "30: First from 30 to " + (30 + FOUR_MINUTES),
            "30: Second from 30 to " + (30 + FOUR_MINUTES),
            "120: First from 30 to 120",
            "120: Second from 30 to 120");
    assertThat(alertmanager.messages()).hasSize(4);
  }
}
