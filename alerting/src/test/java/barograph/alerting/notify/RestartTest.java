package barograph.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.inhibit.InhibitRule;
import barograph.alerting.route.MatcherText;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rules are asked within 15 s of a start; their alerts are awaited for 120 s, others for 300 s.
class RestartTest {

  @Test
  void whatIsToldIsNotToldAgain() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofSeconds(20));
    line.fires("a", 0);
    line.passTo(100);
    assertThat(line.told()).containsExactly("10: firing a+");
  }

  @Test
  void theTimerOfAGroupGoesOn() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofSeconds(2));
    line.fires("a", 0);
    line.passTo(32);
    line.fires("b", 32);
    line.passTo(60);
    assertThat(line.told()).containsExactly("10: firing a+", "40: firing a+ b+");
  }

  @Test
  void aGroupThatWaitedTellsOnceItsAlertIsHeardOfAgain() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(5);
    line.restartAfter(Duration.ofSeconds(60));
    line.passTo(70);
    line.fires("a", 0);
    line.passTo(100);
    assertThat(line.told()).containsExactly("80: firing a+");
  }

  @Test
  void anAlertThatNobodyWasToldOfAndThatIsGoneIsNeverTold() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(5);
    line.restartAfter(Duration.ofSeconds(60));
    line.passTo(1000);
    assertThat(line.told()).isEmpty();
    assertThat(line.notifier.groupCount()).isZero();
  }

  @Test
  void theEndOfAnAlertThatWentAwayMeanwhileIsTold() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofHours(3));
    var back = line.beat.now();
    line.beat.pass(Duration.ofMinutes(5));
    assertThat(line.told()).hasSize(2).last().asString().endsWith("resolved a-");
    assertThat(line.web.messages().getLast().at())
        .isBetween(back.plusSeconds(120), back.plusSeconds(150));
  }

  @Test
  void anEndThatWasKnownBeforeIsToldAfter() {
    var line = new Timeline();
    line.fires("a", 0);
    line.fires("b", 0);
    line.passTo(20);
    line.ends("a", 0);
    line.restartAfter(Duration.ofSeconds(60));
    line.fires("b", 0);
    line.passTo(200);
    assertThat(line.told()).element(1).isEqualTo("95: firing a- b+");
  }

  @Test
  void anEndThatWasToldIsNotToldAgain() {
    var line = new Timeline();
    line.fires("a", 0);
    line.fires("b", 0);
    line.passTo(20);
    line.ends("a", 0);
    line.passTo(50);
    line.fires("c", 50);
    line.passTo(75);
    line.restartAfter(Duration.ofSeconds(5));
    line.fires("b", 0);
    line.fires("c", 50);
    line.passTo(160);
    assertThat(line.told())
        .containsExactly("10: firing a+ b+", "40: firing a- b+", "70: firing b+ c+");
  }

  @Test
  void nothingIsRepeatedAboutAnAlertBeforeItIsKnownToGoOn() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofSeconds(200));
    line.passTo(300);
    assertThat(line.told()).containsExactly("10: firing a+");
    line.fires("a", 0);
    line.passTo(330);
    assertThat(line.told()).containsExactly("10: firing a+", "325: firing a+");
  }

  @Test
  void whatComesNewIsToldThoughOthersOfItsGroupAreAwaited() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofSeconds(20));
    line.fires("b", 40);
    line.passTo(60);
    assertThat(line.told()).containsExactly("10: firing a+", "55: firing a+ b+");
  }

  @Test
  void aSourceThatIsFoundOnlyAfterTheRestartStillInhibits() {
    var line =
        new Timeline(
            new InhibitRule(
                "", MatcherText.parse("size=big"), MatcherText.parse("size=small"), List.of()));
    line.fires("x", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofSeconds(60));
    // Older than the group would wait, so that Alertmanager would tell at once.
    line.fires("a", 25, "size", "small", "alertname", "Small");
    line.passTo(85);
    line.fires("a", 25, "size", "big", "alertname", "Big");
    line.fires("x", 0);
    line.passTo(130);
    assertThat(line.told()).filteredOn(text -> text.contains("a+")).hasSize(1);
  }

  @Test
  void silencesAreThereBeforeAnythingIsTold() {
    var line = new Timeline();
    var id = line.silence("instance=a", 3600);
    line.fires("a", 0);
    line.passTo(5);
    line.restartAfter(Duration.ofSeconds(60));
    line.fires("a", 0);
    line.passTo(200);
    assertThat(line.told()).isEmpty();
    assertThat(line.notifier.silence(id).comment()).isEqualTo("why");
  }

  @Test
  void anAlertFromOutsideDoesNotAgeWhileNobodyListens() {
    var line = new Timeline();
    var posted =
        new PostedAlert(
            Map.of("alertname", "Down", "instance", "a"), Map.of(), null, null, "http://g");
    line.notifier.take(List.of(posted), line.beat.now()).join();
    line.passTo(20);
    line.restartAfter(Duration.ofHours(1));
    line.beat.pass(Duration.ofSeconds(60));
    line.notifier.take(List.of(posted), line.beat.now()).join();
    line.beat.pass(Duration.ofSeconds(90));
    assertThat(line.told()).allSatisfy(text -> assertThat(text).doesNotContain("resolved"));
    line.beat.pass(Duration.ofMinutes(10));
    assertThat(line.told()).last().asString().endsWith("resolved a-");
  }

  @Test
  void aRuleLearnsSinceWhenItsAlertFires() {
    var line = new Timeline();
    line.fires("a", 7);
    line.passTo(20);
    assertThat(line.notifier.awaited(Timeline.labels("a"))).isNull();
    line.restartAfter(Duration.ofSeconds(60));
    assertThat(line.notifier.awaited(Timeline.labels("a")))
        .extracting(Alert::startsAt)
        .isEqualTo(Timeline.START.plusSeconds(7));
    assertThat(line.notifier.awaited(Labels.of("alertname", "Other"))).isNull();
    line.fires("a", 7);
    assertThat(line.notifier.awaited(Timeline.labels("a"))).isNull();
  }

  @Test
  void aSecondRestartBeforeAnythingIsHeardChangesNothing() {
    var line = new Timeline();
    line.fires("a", 0);
    line.passTo(20);
    line.restartAfter(Duration.ofMinutes(10));
    line.beat.pass(Duration.ofSeconds(5));
    line.restartAfter(Duration.ofMinutes(10));
    line.fires("a", 0);
    line.beat.pass(Duration.ofSeconds(10));
    assertThat(line.told()).containsExactly("10: firing a+");
  }
}
