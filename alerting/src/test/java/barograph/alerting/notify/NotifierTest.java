package barograph.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.SlackConfig;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import barograph.alerting.testkit.FakeBeat;
import barograph.alerting.testkit.FakeWeb;
import barograph.alerting.testkit.MemoryLog;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A timeline in virtual time: a group waits 10 s, is looked at each 30 s and repeats after 100 s.
class NotifierTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private final FakeBeat beat = new FakeBeat(START);
  private final FakeWeb web = new FakeWeb(beat::now);
  private final MemoryLog state = new MemoryLog();
  private final NotifyFigures figures = new NotifyFigures();

  private Notifier notifier(Route route, Receiver... receivers) {
    return new Notifier(
        new NotificationConfig(Duration.ofMinutes(5), route, List.of(receivers)),
        new NotifyPorts(beat, Runnable::run, web, "http://baro", figures),
        state,
        state.recollection(),
        new RestartPatience(
            Duration.ofSeconds(15), Duration.ofSeconds(120), Duration.ofSeconds(300)));
  }

  private Notifier notifier() {
    return notifier(route("hook", List.of()), hook("hook", true));
  }

  private static Route route(String receiver, List<Route> children) {
    return new Route(
        receiver,
        List.of("alertname"),
        List.of(),
        false,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(100),
        children);
  }

  private static Route child(String receiver, String matchers, boolean continueMatching) {
    return new Route(
        receiver, null, MatcherText.parse(matchers), continueMatching, null, null, null, List.of());
  }

  private static Receiver hook(String name, boolean sendResolved) {
    return new Receiver(
        name,
        List.of(
            new WebhookConfig(
                Secret.of("http://127.0.0.1/" + name),
                sendResolved,
                ClientSettings.PLAIN,
                0,
                Duration.ZERO,
                null)));
  }

  private static Labels labels(String instance) {
    return Labels.of("alertname", "Down", "instance", instance, "severity", "page");
  }

  /// An alert that fires from now on.
  private Alert firing(String instance) {
    return new Alert(
        labels(instance), Map.of(), beat.now(), beat.now().plus(Duration.ofHours(9)), "http://g");
  }

  private Alert over(Alert alert) {
    return new Alert(
        alert.labels(), alert.annotations(), alert.startsAt(), beat.now(), alert.generatorUrl());
  }

  private void passTo(long seconds) {
    beat.passUntil(START.plusSeconds(seconds));
  }

  @Test
  void aGroupWaitsThenTellsThenTellsWhatIsNewAtItsInterval() {
    var notifier = notifier();
    notifier.take(List.of(firing("a")));
    passTo(5);
    notifier.take(List.of(firing("b")));
    passTo(12);
    notifier.take(List.of(firing("c")));
    passTo(100);
    assertThat(web.timeline(START)).containsExactly("10: firing a+ b+", "40: firing a+ b+ c+");
  }

  @Test
  void theSameThingIsToldAgainAtTheFirstLookAfterTheRepeatInterval() {
    notifier().take(List.of(firing("a")));
    passTo(300);
    assertThat(web.timeline(START))
        .containsExactly("10: firing a+", "130: firing a+", "250: firing a+");
  }

  @Test
  void theEndOfAnAlertIsToldOnceAndTheGroupIsGone() {
    var notifier = notifier();
    var a = firing("a");
    var b = firing("b");
    notifier.take(List.of(a, b));
    passTo(20);
    notifier.take(List.of(over(a)));
    passTo(50);
    notifier.take(List.of(over(b)));
    passTo(500);
    assertThat(web.timeline(START))
        .containsExactly("10: firing a+ b+", "40: firing a- b+", "70: resolved b-");
    assertThat(notifier.groupCount()).isZero();
    assertThat(beat.waiting()).isZero();
  }

  @Test
  void anAlertThatEndsBeforeItIsToldIsNotToldAtAll() {
    var notifier = notifier();
    var a = firing("a");
    notifier.take(List.of(a));
    passTo(5);
    notifier.take(List.of(over(a)));
    passTo(100);
    assertThat(web.messages()).isEmpty();
    assertThat(notifier.groupCount()).isZero();
  }

  @Test
  void anAlertOfWhichNothingMoreIsHeardEndsByItself() {
    var notifier = notifier();
    notifier.take(
        List.of(new Alert(labels("a"), Map.of(), START, START.plusSeconds(60), "http://g")));
    passTo(200);
    assertThat(web.timeline(START)).containsExactly("10: firing a+", "70: resolved a-");
  }

  @Test
  void aReceiverThatDoesNotWantEndsIsToldWhenTheAlertComesBack() {
    var notifier = notifier(route("hook", List.of()), hook("hook", false));
    var a = firing("a");
    notifier.take(List.of(a));
    passTo(20);
    notifier.take(List.of(over(a)));
    passTo(60);
    notifier.take(List.of(firing("a")));
    passTo(100);
    assertThat(web.timeline(START)).containsExactly("10: firing a+", "70: firing a+");
  }

  @Test
  void aGroupWaitsFromWhenItsFirstAlertFiresHoweverLongItsRuleTook() {
    var notifier = notifier();
    var alert = firing("a");
    passTo(4);
    notifier.take(List.of(alert));
    passTo(30);
    assertThat(web.timeline(START)).containsExactly("10: firing a+");
  }

  @Test
  void aGroupWaitsFromWhenItsFirstAlertIsPosted() {
    var notifier = notifier();
    passTo(4);
    var posted =
        new PostedAlert(Map.of("alertname", "Down", "instance", "a"), Map.of(), START, null, "");
    assertThat(notifier.take(List.of(posted), beat.now()).join()).isEmpty();
    passTo(30);
    assertThat(web.timeline(START)).containsExactly("14: firing a+");
  }

  @ParameterizedTest(name = "grouped by {0}")
  @CsvSource({"alertname, 1", "..., 10000"})
  void tenThousandAlertsAtOnceAreAllTold(String groupBy, int messages) {
    var route =
        new Route(
            "hook",
            List.of(groupBy),
            List.of(),
            false,
            Duration.ofSeconds(10),
            null,
            null,
            List.of());
    notifier(route, hook("hook", true))
        .take(IntStream.range(0, 10_000).mapToObj(i -> firing("i" + i)).toList());
    passTo(11);
    assertThat(web.messages()).hasSize(messages);
    assertThat(
            web.messages().stream().mapToInt(message -> message.json().get("alerts").size()).sum())
        .isEqualTo(10_000);
  }

  private static Receiver slackApp() {
    return new Receiver(
        "hook",
        List.of(
            new SlackConfig(
                Secret.of("http://slack/api/chat.postMessage"),
                true,
                ClientSettings.PLAIN,
                SlackConfig.DEFAULTS.with("channel", "#x"),
                List.of(),
                List.of(),
                false,
                false,
                List.of(),
                true,
                Duration.ZERO)));
  }

  private List<String> slackRequests() {
    return web.messages().stream()
        .map(message ->
            "%s %s %s"
                .formatted(
                    message.uri().getPath(),
                    message.json().path("channel").asString(),
                    message.json().path("ts").asString("-")))
        .toList();
  }

  @Test
  void anAppWritesItsMessageAnewWhileTheTroubleLastsAlsoAfterARestart() {
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.5\"}");
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.5\"}");
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.5\"}");
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"2.5\"}");
    var route = route("hook", List.of());
    var first = notifier(route, slackApp());
    var alert = firing("a");
    first.take(List.of(alert));
    passTo(15);
    first.take(List.of(firing("b")));
    passTo(45);
    beat.forget();
    var second =
        new Notifier(
            new NotificationConfig(Duration.ofMinutes(5), route, List.of(slackApp())),
            new NotifyPorts(beat, Runnable::run, web, "http://baro", figures),
            state.copy(),
            state.copy().recollection(),
            new RestartPatience(
                Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60)));
    second.take(List.of(over(alert), over(firing("b"))));
    passTo(80);
    second.take(List.of(firing("a")));
    passTo(120);
    assertThat(slackRequests())
        .containsExactly(
            "/api/chat.postMessage #x -",
            "/api/chat.update C1 1.5",
            "/api/chat.update C1 1.5",
            "/api/chat.postMessage #x -");
  }

  @Test
  void aMessageThatCannotBeWrittenAnewHasAnotherBehindIt() {
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.5\"}");
    web.answer(200, "application/json", "{\"ok\":false,\"error\":\"message_not_found\"}");
    web.answer(200, "application/json", "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"2.5\"}");
    var notifier = notifier(route("hook", List.of()), slackApp());
    notifier.take(List.of(firing("a")));
    passTo(15);
    notifier.take(List.of(firing("b")));
    passTo(45);
    assertThat(slackRequests())
        .containsExactly(
            "/api/chat.postMessage #x -", "/api/chat.update C1 1.5", "/api/chat.postMessage #x -");
  }

  @Test
  void anAlertThatIsOlderThanTheWaitIsToldAtOnce() {
    notifier()
        .take(
            List.of(
                new Alert(
                    labels("a"),
                    Map.of(),
                    START.minusSeconds(60),
                    START.plusSeconds(600),
                    "http://g")));
    passTo(0);
    assertThat(web.timeline(START)).containsExactly("0: firing a+");
  }

  @Test
  void aFailingServerIsTriedAgainAfterGrowingPauses() {
    web.answer(500, 503);
    web.breakNext();
    notifier().take(List.of(firing("a")));
    passTo(39);
    assertThat(web.messages())
        .extracting(message -> Duration.between(START, message.at()).toMillis())
        .containsExactly(10_000L, 10_500L, 11_250L, 12_375L);
    assertThat(figures.delivered()).isEqualTo(Map.of("webhook", 1L));
    assertThat(figures.refused()).isEqualTo(Map.of("webhook", 3L));
  }

  @Test
  void aServerThatFailsUntilTheNextLookIsToldThen() {
    web.answer(500, 500, 500, 500, 500, 500, 500, 500, 500);
    var notifier = notifier();
    var a = firing("a");
    notifier.take(List.of(a));
    passTo(39);
    assertThat(web.messages()).hasSize(9);
    assertThat(figures.lost()).isEqualTo(Map.of("webhook", 1L));
    passTo(45);
    assertThat(figures.delivered()).isEqualTo(Map.of("webhook", 1L));
  }

  @Test
  void aGroupGoesOnAfterAMessageForWhichThereWasNoMemory() {
    web.runOutOfMemoryNext();
    notifier().take(List.of(firing("a")));
    passTo(45);
    assertThat(web.timeline(START)).containsExactly("10: firing a+", "40: firing a+");
    assertThat(figures.lost()).isEqualTo(Map.of("webhook", 1L));
  }

  @Test
  void aRefusedMessageIsNotSentAgainBeforeTheNextLook() {
    web.answer(400);
    notifier().take(List.of(firing("a")));
    passTo(45);
    assertThat(web.timeline(START)).containsExactly("10: firing a+", "40: firing a+");
  }

  @Test
  void theEndOfAnAlertIsNotLostWhenTellingItFails() {
    var notifier = notifier();
    var a = firing("a");
    notifier.take(List.of(a));
    passTo(20);
    notifier.take(List.of(over(a)));
    web.answer(404);
    passTo(100);
    assertThat(web.timeline(START))
        .containsExactly("10: firing a+", "40: resolved a-", "70: resolved a-");
  }

  @Test
  void alertsGoToTheFirstChildThatTakesThemAndFurtherIfItSaysSo() {
    var notifier =
        notifier(
            route(
                "hook",
                List.of(
                    child("copy", "severity=page", true),
                    child("first", "{severity=~\"pa.*\"}", false),
                    child("second", "instance=a", false))),
            hook("hook", true),
            hook("copy", true),
            hook("first", true),
            hook("second", true));
    notifier.take(
        List.of(
            firing("a"),
            new Alert(
                labels("b").with("severity", "info"),
                Map.of(),
                START,
                START.plusSeconds(600),
                "http://g")));
    passTo(10);
    assertThat(web.messages())
        .extracting(message -> message.uri().getPath() + " " + message.summary())
        .containsExactlyInAnyOrder("/copy firing a+", "/first firing a+", "/hook firing b+");
    assertThat(web.messages())
        .extracting(message -> message.json().get("groupKey").asString())
        .containsExactlyInAnyOrder(
            "{}/{severity=\"page\"}:{alertname=\"Down\"}",
            "{}/{severity=~\"pa.*\"}:{alertname=\"Down\"}",
            "{}:{alertname=\"Down\"}");
  }

  @Test
  void aReloadTellsNobodyWhatTheyKnow() {
    var notifier = notifier();
    notifier.take(List.of(firing("a")));
    passTo(15);
    notifier.reload(
        new NotificationConfig(
            Duration.ofMinutes(1),
            route("hook", List.of()),
            List.of(hook("hook", true), hook("other", true))));
    passTo(60);
    assertThat(web.timeline(START)).containsExactly("10: firing a+");
  }

  @Test
  void aReloadTellsNobodyAgainOfAnEndThatTheyKnow() {
    var notifier = notifier();
    var a = firing("a");
    notifier.take(List.of(a, firing("b")));
    passTo(15);
    notifier.take(List.of(over(a)));
    passTo(50);
    notifier.reload(
        new NotificationConfig(
            Duration.ofMinutes(1),
            route("hook", List.of()),
            List.of(hook("hook", true), hook("other", true))));
    passTo(150);
    assertThat(web.timeline(START)).containsExactly("10: firing a+ b+", "40: firing a- b+");
  }

  @Test
  void whatComesAfterAllWasOverIsToldAsTheFirst() {
    var notifier = notifier();
    var a = firing("a");
    notifier.take(List.of(a));
    passTo(15);
    notifier.take(List.of(over(a)));
    passTo(60);
    notifier.take(List.of(firing("b")));
    passTo(75);
    notifier.take(List.of(firing("c")));
    passTo(120);
    assertThat(web.messages())
        .extracting(message -> message.json().get("notification_reason").asString())
        .containsExactly(
            "first notification", "all alerts resolved", "first notification", "new alerts added");
  }

  @Test
  void nothingIsSentAfterTheEnd() {
    var notifier = notifier();
    notifier.take(List.of(firing("a")));
    notifier.close();
    passTo(100);
    assertThat(web.messages()).isEmpty();
    assertThat(beat.waiting()).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whoeverWasToldOfAnAlertIsToldOfItsEndWhateverFailsMeanwhile(long seed) {
    var random = new Random(seed);
    var notifier = notifier();
    var alive = new TreeMap<String, Alert>();
    for (int step = 0; step < 400; step++) {
      var name = "i" + random.nextInt(6);
      var known = alive.remove(name);
      if (known == null) {
        var fresh = firing(name);
        alive.put(name, fresh);
        notifier.take(List.of(fresh));
      } else {
        notifier.take(List.of(over(known)));
      }
      if (random.nextInt(4) == 0) {
        web.answer(random.nextBoolean() ? 500 : 404);
      }
      beat.pass(Duration.ofMillis(1 + random.nextInt(20_000)));
    }
    alive.values().forEach(alert -> notifier.take(List.of(over(alert))));
    beat.pass(Duration.ofHours(1));

    var last = new TreeMap<String, String>();
    for (var message : web.messages().stream().filter(FakeWeb.Message::taken).toList()) {
      for (var alert : message.json().get("alerts")) {
        last.put(alert.get("labels").get("instance").asString(), alert.get("status").asString());
      }
    }
    assertThat(last).hasSize(6).allSatisfy((_, status) -> assertThat(status).isEqualTo("resolved"));
    assertThat(notifier.groupCount()).isZero();
    assertThat(beat.waiting()).isZero();
  }
}
