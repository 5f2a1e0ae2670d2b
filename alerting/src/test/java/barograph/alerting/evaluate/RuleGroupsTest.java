package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.Rule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import barograph.alerting.testkit.FakeBeat;
import barograph.alerting.testkit.ScriptedQuery;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RuleGroupsTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Labels DOWN = Labels.of("__name__", "up", "job", "node", "instance", "a:1");

  private final ScriptedQuery query = new ScriptedQuery();
  private final NaiveStore store = new NaiveStore();
  private final List<Alert> sent = new ArrayList<>();
  private FakeBeat beat = new FakeBeat(START);
  private RuleGroups groups = groups();

  private RuleGroups groups() {
    return new RuleGroups(
        new Surroundings(query, store, store, beat, Runnable::run, sent::addAll, labels -> null));
  }

  private static EvaluationSettings settings() {
    return new EvaluationSettings(
        INTERVAL,
        Duration.ZERO,
        Labels.of("cluster", "c1"),
        "http://baro",
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        Duration.ofMinutes(10));
  }

  private static List<RuleFile> files(Rule... rules) {
    return files(0, rules);
  }

  private static List<RuleFile> files(int limit, Rule... rules) {
    return List.of(
        new RuleFile(
            "r.yml", List.of(new RuleGroup("g", null, null, limit, Map.of(), List.of(rules)))));
  }

  private static AlertingRule targetDown(Duration holdFor) {
    return new AlertingRule(
        "TargetDown",
        "up == 0",
        holdFor,
        Duration.ZERO,
        Map.of("severity", "page", "team", "{{ $labels.job }}-team"),
        Map.of("summary", "{{ $labels.instance }} is {{ $value }}"));
  }

  private static final Labels ALERT =
      Labels.of(
          "alertname",
          "TargetDown",
          "instance",
          "a:1",
          "job",
          "node",
          "severity",
          "page",
          "team",
          "node-team");

  /// Values of the series with these labels, each after the seconds since the test's start.
  private Map<Long, String> stored(Labels labels) {
    var values = new TreeMap<Long, String>();
    var matchers = new ArrayList<Matcher>();
    labels.toMap().forEach((name, value) -> matchers.add(Matcher.equal(name, value)));
    try (var selection = store.select(matchers, TimeRange.ALL)) {
      var columns = new SampleColumns();
      for (int i = 0; i < selection.size(); i++) {
        if (selection.labels(i).equals(labels)) {
          selection.read(i, TimeRange.ALL, columns);
          for (int j = 0; j < columns.size(); j++) {
            double value = columns.values()[j];
            values.put(
                (columns.timestamps()[j] - firstTurn) / 1000,
                Staleness.isMarker(value) ? "stale" : Double.toString(value));
          }
        }
      }
    }
    return values;
  }

  private final long firstTurn =
      Schedule.of("g", "r.yml", INTERVAL).firstAfter(START).toEpochMilli();

  /// Goes on to just behind the turn that is `seconds` after the first.
  private void passTo(int seconds) {
    beat.passUntil(Instant.ofEpochMilli(firstTurn + seconds * 1000L + 1));
  }

  private static Labels state(String state) {
    return ALERT.with("__name__", "ALERTS").with("alertstate", state);
  }

  @Test
  void anAlertIsPendingThenFiringThenGoneAndItsSeriesSaySo() {
    groups.start(files(targetDown(Duration.ofSeconds(20))), settings());
    passTo(10);
    query.set("up == 0", DOWN, 0);
    passTo(50);
    query.clear("up == 0");
    passTo(70);

    assertThat(stored(state("pending"))).isEqualTo(Map.of(20L, "1.0", 30L, "1.0", 40L, "stale"));
    assertThat(stored(state("firing"))).isEqualTo(Map.of(40L, "1.0", 50L, "1.0", 60L, "stale"));
    var since = Double.toString((double) Math.floorDiv(firstTurn + 20_000, 1000));
    assertThat(stored(ALERT.with("__name__", "ALERTS_FOR_STATE")))
        .isEqualTo(Map.of(20L, since, 30L, since, 40L, since, 50L, since, 60L, "stale"));
  }

  @Test
  void tellsOfAlertsWhenTheyFireEachMinuteAndWhenTheyAreOver() {
    groups.start(files(targetDown(Duration.ofSeconds(20))), settings());
    query.set("up == 0", DOWN, 0);
    passTo(100);
    query.clear("up == 0");
    passTo(110);

    var fired = Instant.ofEpochMilli(firstTurn + 20_000);
    assertThat(sent).extracting(Alert::startsAt).containsExactly(fired, fired, fired);
    assertThat(sent)
        .extracting(alert -> Duration.between(fired, alert.endsAt()).toSeconds())
        .containsExactly(240L, 70 + 240L, 90L);
    assertThat(sent.getFirst().labels()).isEqualTo(ALERT.with("cluster", "c1"));
    assertThat(sent.getFirst().annotations()).isEqualTo(Map.of("summary", "a:1 is 0"));
    assertThat(sent.getFirst().generatorUrl())
        .isEqualTo("http://baro/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
  }

  @Test
  void anAlertIsShownWithItsStateAndValue() {
    groups.start(files(targetDown(Duration.ofSeconds(10))), settings());
    assertThat(groups.views().getFirst().rules().getFirst().state())
        .isEqualTo(RuleView.State.UNKNOWN);
    query.set("up == 0", DOWN, 0);
    passTo(0);
    assertThat(groups.alerts())
        .extracting(AlertView::state)
        .containsExactly(RuleView.State.PENDING);
    passTo(10);
    var view = groups.views().getFirst();
    assertThat(view.rules().getFirst().state()).isEqualTo(RuleView.State.FIRING);
    assertThat(view.lastEvaluation())
        .isBetween(
            Instant.ofEpochMilli(firstTurn + 10_000), Instant.ofEpochMilli(firstTurn + 10_001));
    assertThat(view.rules().getFirst().alerts().getFirst().activeAt())
        .isEqualTo(Instant.ofEpochMilli(firstTurn));
  }

  @Test
  void aLaterRuleOfTheGroupSeesWhatAnEarlierOneStoredInTheSameTurn() {
    var record = new RecordingRule("job:up:sum", "sum(up)", Map.of("kind", "sum"));
    groups.start(files(record), settings());
    query.set("sum(up)", Labels.of("job", "node", "kind", "none"), 3);
    passTo(10);
    query.clear("sum(up)");
    passTo(20);
    assertThat(stored(Labels.of("__name__", "job:up:sum", "job", "node", "kind", "sum")))
        .isEqualTo(Map.of(0L, "3.0", 10L, "3.0", 20L, "stale"));
  }

  @Test
  void aFailedRuleKeepsItsSeriesAndSaysWhy() {
    var record = new RecordingRule("r", "x", Map.of());
    groups.start(files(record), settings());
    query.set("x", Labels.of("a", "1"), 3);
    passTo(0);
    query.fail("x", "query timed out");
    passTo(10);
    var rule = groups.views().getFirst().rules().getFirst();
    assertThat(rule.health()).isEqualTo(RuleView.Health.ERR);
    assertThat(rule.lastError()).isEqualTo("query timed out");
    assertThat(groups.views().getFirst().counts()).isEqualTo(new GroupView.Counts(2, 0, 2, 1));
    assertThat(stored(Labels.of("__name__", "r", "a", "1"))).isEqualTo(Map.of(0L, "3.0"));
    query.set("x", Labels.of("a", "1"), 4);
    passTo(20);
    assertThat(groups.views().getFirst().rules().getFirst().lastError()).isNull();
  }

  @Test
  void seriesThatBecomeTheSameAreRefused() {
    groups.start(files(new RecordingRule("r", "x", Map.of("a", "same"))), settings());
    query.set("x", Labels.of("a", "1"), 3).set("x", Labels.of("a", "2"), 4);
    passTo(0);
    assertThat(groups.views().getFirst().rules().getFirst().lastError())
        .isEqualTo("vector contains metrics with the same labelset after applying rule labels");
    assertThat(stored(Labels.of("__name__", "r", "a", "same"))).isEmpty();
  }

  @Test
  void moreAlertsThanTheLimitLoseAllState() {
    groups.start(files(1, targetDown(Duration.ZERO)), settings());
    query.set("up == 0", DOWN, 0);
    passTo(0);
    assertThat(groups.alerts()).hasSize(1);
    query.set("up == 0", DOWN.with("instance", "b:1"), 0);
    passTo(10);
    assertThat(groups.alerts()).isEmpty();
    assertThat(groups.views().getFirst().rules().getFirst().lastError())
        .isEqualTo("exceeded limit of 1 with 2 alerts");
  }

  @Test
  void aQueryOffsetShiftsTheQuestionAndWhatIsStored() {
    var group =
        new RuleGroup(
            "g",
            null,
            Duration.ofSeconds(5),
            0,
            Map.of(),
            List.of(new RecordingRule("r", "x", Map.of())));
    groups.start(List.of(new RuleFile("r.yml", List.of(group))), settings());
    query.set("x", Labels.EMPTY, 1);
    passTo(10);
    assertThat(query.asked()).containsExactly(firstTurn - 5_000, firstTurn + 5_000);
    assertThat(stored(Labels.of("__name__", "r"))).isEqualTo(Map.of(-5L, "1.0", 5L, "1.0"));
  }

  @Test
  void turnsThatATooLongOneOverranAreMissedAndCounted() {
    groups.start(files(new RecordingRule("r", "x", Map.of())), settings());
    passTo(0);
    query.whileAnswering(() -> beat.spend(Duration.ofSeconds(35)));
    passTo(10);
    query.whileAnswering(() -> {});
    passTo(60);
    assertThat(query.asked().stream().map(time -> (time - firstTurn) / 1000))
        .containsExactly(0L, 10L, 40L, 50L, 60L);
    assertThat(groups.views().getFirst().counts()).isEqualTo(new GroupView.Counts(7, 2, 5, 0));
  }

  @Test
  void aClockThatIsSetBackDoesNotStopTheTurns() {
    groups.start(files(new RecordingRule("r", "x", Map.of())), settings());
    passTo(0);
    query.whileAnswering(() -> {
      query.whileAnswering(() -> {});
      beat.spend(Duration.ofHours(-1));
    });
    passTo(10);
    assertThat(query.asked()).hasSizeBetween(360, 363);
  }

  @Test
  void anUnchangedGroupDoesNotNoticeAReload() {
    groups.start(files(targetDown(Duration.ofSeconds(30))), settings());
    query.set("up == 0", DOWN, 0);
    passTo(20);
    groups.reload(files(targetDown(Duration.ofSeconds(30))), settings());
    passTo(30);
    assertThat(groups.alerts()).extracting(AlertView::state).containsExactly(RuleView.State.FIRING);
  }

  @Test
  void aChangedGroupKeepsTheStateOfItsRules() {
    groups.start(files(targetDown(Duration.ofSeconds(30))), settings());
    query.set("up == 0", DOWN, 0);
    passTo(20);
    groups.reload(
        files(new RecordingRule("r", "x", Map.of()), targetDown(Duration.ofSeconds(25))),
        settings());
    passTo(30);
    assertThat(groups.alerts()).extracting(AlertView::state).containsExactly(RuleView.State.FIRING);
    assertThat(stored(state("pending"))).containsEntry(30L, "stale");
  }

  @Test
  void theSeriesOfARemovedGroupEnd() {
    groups.start(files(targetDown(Duration.ZERO)), settings());
    query.set("up == 0", DOWN, 0);
    passTo(35);
    groups.reload(List.of(), settings());
    passTo(60);
    assertThat(stored(state("firing"))).isEqualTo(Map.of(20L, "1.0", 30L, "1.0", 35L, "stale"));
    assertThat(beat.waiting()).isZero();
  }

  @Test
  void aRestartGoesOnWithTheForOfAPendingAlert() {
    var hour = targetDown(Duration.ofMinutes(60));
    groups.start(files(hour), settings());
    query.set("up == 0", DOWN, 0);
    passTo(20 * 60);
    groups.close();

    beat = new FakeBeat(Instant.ofEpochMilli(firstTurn + (25 * 60 - 5) * 1000L));
    groups = groups();
    groups.start(files(hour), settings());
    passTo(65 * 60 - 10);
    assertThat(groups.alerts())
        .extracting(AlertView::state)
        .containsExactly(RuleView.State.PENDING);
    passTo(65 * 60 + 30);
    assertThat(groups.alerts()).extracting(AlertView::state).containsExactly(RuleView.State.FIRING);
  }

  @Test
  void anAlertThatFiredBeforeARestartFiresAtTheTurnAfterItIsRestored() {
    var quarter = targetDown(Duration.ofMinutes(15));
    groups.start(files(quarter), settings());
    query.set("up == 0", DOWN, 0);
    passTo(20 * 60);
    groups.close();

    beat = new FakeBeat(Instant.ofEpochMilli(firstTurn + (21 * 60 - 5) * 1000L));
    groups = groups();
    groups.start(files(quarter), settings());
    passTo(21 * 60 + 10);
    assertThat(groups.alerts())
        .extracting(AlertView::state)
        .containsExactly(RuleView.State.PENDING);
    passTo(21 * 60 + 20);
    assertThat(groups.alerts()).extracting(AlertView::state).containsExactly(RuleView.State.FIRING);
    assertThat(groups.alerts().getFirst().activeAt())
        .isEqualTo(Instant.ofEpochMilli(firstTurn / 1000 * 1000));
  }

  private static AlertingRule held(Duration keepFiringFor) {
    return new AlertingRule(
        "TargetDown",
        "up == 0",
        Duration.ZERO,
        keepFiringFor,
        Map.of("severity", "page", "team", "{{ $labels.job }}-team"),
        Map.of("summary", "{{ $labels.instance }} is {{ $value }}"));
  }

  @Test
  void anAlertIsHeldForAsLongAsTheRuleWantsAfterItsExpressionHasLetGoOfIt() {
    groups.start(files(held(Duration.ofSeconds(30))), settings());
    query.set("up == 0", DOWN, 0);
    passTo(10);
    query.clear("up == 0");
    passTo(40);
    assertThat(groups.alerts())
        .extracting(AlertView::keepFiringSince)
        .containsExactly(Instant.ofEpochMilli(firstTurn + 20_000));
    passTo(50);
    assertThat(groups.alerts()).isEmpty();
    assertThat(stored(state("firing"))).containsEntry(40L, "1.0").containsEntry(50L, "stale");
  }

  @Test
  void aHeldAlertThatComesBackIsNotHeldAnyMore() {
    groups.start(files(held(Duration.ofSeconds(30))), settings());
    query.set("up == 0", DOWN, 0);
    passTo(10);
    query.clear("up == 0");
    passTo(20);
    query.set("up == 0", DOWN, 0);
    passTo(30);
    assertThat(groups.alerts()).extracting(AlertView::keepFiringSince).containsOnlyNulls();
  }

  /// Ends the process now and starts the next after `outage`.
  private void restart(List<RuleFile> files, Duration outage) {
    groups.close();
    beat = new FakeBeat(beat.now().plus(outage));
    groups = groups();
    groups.start(files, settings());
  }

  @Test
  void anAlertThatIsHeldGoesOnBeingHeldAfterARestart() {
    var files = files(held(Duration.ofMinutes(10)));
    groups.start(files, settings());
    query.set("up == 0", DOWN, 0);
    passTo(30);
    query.clear("up == 0");
    passTo(60);
    sent.clear();
    restart(files, Duration.ofMinutes(1));
    passTo(60 + 9 * 60);
    assertThat(groups.alerts()).extracting(AlertView::labels).containsExactly(ALERT);
    assertThat(sent).isNotEmpty();
    assertThat(sent.getLast().resolvedAt(beat.now())).isFalse();
    passTo(60 + 10 * 60 + 10);
    assertThat(groups.alerts()).isEmpty();
    assertThat(sent.getLast().resolvedAt(beat.now())).isTrue();
  }

  @Test
  void anAlertWhoseHoldingEndedWhileTheProcessWasDownIsOverOnceItsTargetCouldBeSeen() {
    var files = files(held(Duration.ofMinutes(5)));
    groups.start(files, settings());
    query.set("up == 0", DOWN, 0);
    passTo(30);
    query.clear("up == 0");
    restart(files, Duration.ofMinutes(20));
    passTo(21 * 60);
    assertThat(groups.alerts()).hasSize(1);
    passTo(23 * 60);
    assertThat(groups.alerts()).isEmpty();
  }

  @Test
  void anAlertOfAnotherRuleOfTheSameNameIsNotTakenUp() {
    var files = files(held(Duration.ofMinutes(5)));
    groups.start(files, settings());
    query.set("up == 0", DOWN, 0);
    passTo(30);
    query.clear("up == 0");
    var other =
        new AlertingRule(
            "TargetDown",
            "up == 0",
            Duration.ZERO,
            Duration.ofMinutes(5),
            Map.of("severity", "ticket"),
            Map.of());
    restart(files(other), Duration.ofMinutes(1));
    passTo(150);
    assertThat(groups.alerts()).isEmpty();
  }

  @Test
  void anAlertThatEndedBeforeARestartIsNotTakenUp() {
    var files = files(held(Duration.ofSeconds(20)));
    groups.start(files, settings());
    query.set("up == 0", DOWN, 0);
    passTo(10);
    query.clear("up == 0");
    passTo(50);
    assertThat(groups.alerts()).isEmpty();
    restart(files, Duration.ofMinutes(1));
    passTo(150);
    assertThat(groups.alerts()).isEmpty();
  }

  @Test
  void moreSeriesThanTheLimitAreNotStored() {
    groups.start(files(1, new RecordingRule("r", "x", Map.of())), settings());
    query.set("x", Labels.of("a", "1"), 3);
    passTo(0);
    query.set("x", Labels.of("a", "2"), 4);
    passTo(10);
    assertThat(groups.views().getFirst().rules().getFirst().lastError())
        .isEqualTo("exceeded limit of 1 with 2 series");
    assertThat(stored(Labels.of("__name__", "r", "a", "1"))).isEqualTo(Map.of(0L, "3.0"));
  }

  @Test
  void groupsAreShownByFileAndName() {
    var late = new RuleGroup("z", null, null, 0, Map.of(), List.of());
    var early = new RuleGroup("a", null, null, 0, Map.of(), List.of());
    groups.start(
        List.of(new RuleFile("z.yml", List.of(early)), new RuleFile("a.yml", List.of(late, early))),
        settings());
    assertThat(groups.views())
        .extracting(view -> view.file() + " " + view.name())
        .containsExactly("a.yml a", "a.yml z", "z.yml a");
  }

  @Test
  void theLabelsOfAGroupStandBehindThoseOfItsRules() {
    var group =
        new RuleGroup(
            "g",
            null,
            null,
            0,
            Map.of("team", "infra", "tier", "{{ $labels.job }}"),
            List.of(
                new RecordingRule("r", "x", Map.of("team", "own")),
                new AlertingRule(
                    "A", "x", Duration.ZERO, Duration.ZERO, Map.of("team", "own"), Map.of())));
    groups.start(List.of(new RuleFile("r.yml", List.of(group))), settings());
    query.set("x", Labels.of("job", "node"), 1);
    passTo(0);
    assertThat(
            stored(
                Labels.of(
                    "__name__", "r", "job", "node", "team", "own", "tier", "{{ $labels.job }}")))
        .hasSize(1);
    assertThat(groups.alerts().getFirst().labels())
        .isEqualTo(Labels.of("alertname", "A", "job", "node", "team", "own", "tier", "node"));
  }
}
