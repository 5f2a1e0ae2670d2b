package barograph.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.inhibit.InhibitRule;
import barograph.alerting.interval.MinuteSpan;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.interval.TimeWindow;
import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifierMutingTest {
  private static final String[] CALM = {"calm", "1"};
  private static final InhibitRule BIG_OVER_SMALL =
      new InhibitRule(
          "", MatcherText.parse("size=big"), MatcherText.parse("size=small"), List.of("instance"));

  /// Noon and the minute after it.
  private static final TimeInterval LUNCH =
      new TimeInterval(
          "lunch",
          List.of(
              new TimeWindow(
                  List.of(new MinuteSpan(720, 721)),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  ZoneOffset.UTC)));

  private static Timeline calendar(List<String> muted, List<String> active) {
    return new Timeline(List.of(LUNCH), new Route.Calendar(muted, active), List.of());
  }

  @Test
  void aSilencedAlertIsNotToldUntilItsSilenceIsOver() {
    var line = new Timeline();
    line.silence("instance=a", 45);
    line.fires("a", 0);
    line.fires("b", 0);
    line.passTo(90);
    assertThat(line.told()).containsExactly("10: firing b+", "70: firing a+ b+");
  }

  @Test
  void theEndOfASilencedAlertIsNotTold() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.silence("instance=a", 3600);
    line.ends("a", 0);
    line.passTo(300);
    assertThat(line.told()).containsExactly("10: firing a+");
    assertThat(line.notifier.groupCount()).isZero();
  }

  @Test
  void endingASilenceLetsItsAlertsBeToldAtTheNextLook() {
    var line = new Timeline();
    var id = line.silence("alertname=Down", 3600);
    line.fires("a", 0);
    line.passTo(15);
    assertThat(line.notifier.alerts().getFirst().silencedBy()).containsExactly(id);
    line.notifier.expireSilence(id).join();
    assertThat(line.notifier.alerts().getFirst().suppressed()).isFalse();
    line.passTo(60);
    assertThat(line.told()).containsExactly("40: firing a+");
  }

  @Test
  void anInhibitedAlertIsToldOnceItsSourceIsOver() {
    var line = new Timeline(BIG_OVER_SMALL);
    line.fires("a", 0, "size", "small");
    line.fires("b", 0, "size", "small");
    line.fires("a", 0, "size", "big");
    line.passTo(30);
    assertThat(line.notifier.alerts())
        .filteredOn(alert -> !alert.inhibitedBy().isEmpty())
        .singleElement()
        .satisfies(alert -> assertThat(alert.alert().labels().get("size")).isEqualTo("small"));
    line.ends("a", 0, "size", "big");
    line.passTo(60);
    assertThat(line.told()).containsExactly("10: firing a+ b+", "40: firing a- a+ b+");
  }

  @Test
  void aSilencedSourceStillInhibits() {
    var line = new Timeline(BIG_OVER_SMALL);
    line.silence("size=big", 3600);
    line.fires("a", 0, "size", "big");
    line.fires("a", 0, "size", "small");
    line.passTo(90);
    assertThat(line.told()).isEmpty();
  }

  @Test
  void aRouteIsQuietInItsMuteIntervalsAndItsParentIsNot() {
    var line = calendar(List.of("lunch"), List.of());
    line.fires("a", 0, CALM);
    line.fires("b", 0);
    line.passTo(45);
    assertThat(line.notifier.groups())
        .extracting(group -> group.alerts().getFirst().mutedBy())
        .containsExactlyInAnyOrder(List.of(), List.of("lunch"));
    line.passTo(90);
    assertThat(line.told()).containsExactly("10: firing b+", "70: firing a+");
  }

  @Test
  void aRouteIsQuietOutsideOfItsActiveIntervals() {
    var line = calendar(List.of(), List.of("lunch"));
    line.fires("a", 0, CALM);
    line.passTo(65);
    line.ends("a", 0, CALM);
    line.passTo(300);
    assertThat(line.told()).containsExactly("10: firing a+");
    assertThat(line.notifier.groupCount()).isZero();
  }

  @Test
  void anAlertFromOutsideEndsAfterTheResolveTimeoutUnlessItIsHeardOfAgain() {
    var line = new Timeline();
    var labels = Map.of("alertname", "Down", "instance", "a", "empty", "");
    var posted = new PostedAlert(labels, Map.of(), null, null, "");
    line.notifier.take(List.of(posted), line.beat.now()).join();
    line.passTo(200);
    line.notifier.take(List.of(posted), line.beat.now()).join();
    line.passTo(495);
    assertThat(line.notifier.alerts()).hasSize(1);
    line.passTo(600);
    assertThat(line.told())
        .containsExactly(
            "10: firing a+",
            "130: firing a+",
            "250: firing a+",
            "370: firing a+",
            "490: firing a+",
            "520: resolved a-");
  }

  @Test
  void anEndThatIsNamedCountsOverOneThatIsAssumed() {
    var line = new Timeline();
    var labels = Map.of("alertname", "Down", "instance", "a");
    var end = line.beat.now().plusSeconds(3600);
    line.notifier
        .take(List.of(new PostedAlert(labels, Map.of(), line.beat.now(), end, "")), line.beat.now())
        .join();
    line.passTo(20);
    line.notifier
        .take(List.of(new PostedAlert(labels, Map.of(), null, null, "")), line.beat.now())
        .join();
    assertThat(line.notifier.alerts().getFirst().alert().endsAt()).isEqualTo(end);
  }

  @Test
  void ofAlertsFromOutsideThoseAreTakenThatCanBe() {
    var line = new Timeline();
    Instant now = line.beat.now();
    var problems =
        line.notifier
            .take(
                List.of(
                    new PostedAlert(Map.of("a", ""), Map.of(), null, null, ""),
                    new PostedAlert(Map.of("alertname", "V"), Map.of(), null, null, ""),
                    new PostedAlert(
                        Map.of("alertname", "W"), Map.of(), now, now.minusSeconds(1), "")),
                now)
            .join();
    assertThat(problems)
        .containsExactly("at least one label pair required", "start time must be before end time");
    assertThat(line.notifier.alerts())
        .singleElement()
        .satisfies(alert -> assertThat(alert.alert().name()).isEqualTo("V"));
  }
}
