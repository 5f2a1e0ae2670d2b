package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.inhibit.InhibitRule;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import barograph.alerting.silence.Silence;
import barograph.alerting.testkit.FakeBeat;
import barograph.alerting.testkit.FakeWeb;
import barograph.alerting.testkit.MemoryLog;
import barograph.storage.model.Labels;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A notifier in virtual time: a group waits 10 s, is looked at each 30 s and repeats after 100 s.
/// It may be killed and started again, with all that it has written.
final class Timeline {
  static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  final FakeBeat beat = new FakeBeat(START);
  final FakeWeb web = new FakeWeb(beat::now);
  MemoryLog state = new MemoryLog();
  private final NotificationConfig config;
  Notifier notifier;

  Timeline(List<TimeInterval> intervals, Route.Calendar calendar, List<InhibitRule> inhibitRules) {
    var child =
        new Route(
            null, null, MatcherText.parse("calm=1"), false, null, null, null, calendar, List.of());
    var root =
        new Route(
            "hook",
            List.of("alertname"),
            List.of(),
            false,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(100),
            List.of(child));
    var hook = new Receiver("hook", List.of(WebhookConfig.to(URI.create("http://127.0.0.1/hook"))));
    config =
        new NotificationConfig(
            Duration.ofMinutes(5), root, List.of(hook), intervals, inhibitRules, List.of(), "");
    notifier = started();
  }

  Timeline(InhibitRule... inhibitRules) {
    this(List.of(), Route.Calendar.ALWAYS, List.of(inhibitRules));
  }

  private Notifier started() {
    return new Notifier(
        config,
        new NotifyPorts(beat, Runnable::run, web, "http://baro", new NotifyFigures()),
        state,
        state.recollection(),
        new RestartPatience(
            Duration.ofSeconds(15), Duration.ofSeconds(120), Duration.ofSeconds(300)));
  }

  /// Kills the process without warning, and starts it again after `outage`.
  void restartAfter(Duration outage) {
    beat.forget();
    state = state.copy();
    beat.pass(outage);
    notifier = started();
  }

  void passTo(long seconds) {
    beat.passUntil(START.plusSeconds(seconds));
  }

  /// News from a rule that an alert fires since `since` seconds after the start.
  void fires(String instance, long since, String... more) {
    notifier.take(
        List.of(
            new Alert(
                labels(instance, more),
                Map.of(),
                START.plusSeconds(since),
                beat.now().plusSeconds(240),
                "http://g")));
  }

  /// News from a rule that it is over.
  void ends(String instance, long since, String... more) {
    notifier.take(
        List.of(
            new Alert(
                labels(instance, more),
                Map.of(),
                START.plusSeconds(since),
                beat.now(),
                "http://g")));
  }

  static Labels labels(String instance, String... more) {
    var labels = new Labels.Builder().set("alertname", "Down").set("instance", instance);
    for (int i = 0; i < more.length; i += 2) {
      labels.set(more[i], more[i + 1]);
    }
    return labels.build();
  }

  /// Silences for `seconds` from now on, and gives the silence's id.
  String silence(String matchers, long seconds) {
    return notifier
        .put(
            new Silence(
                "",
                MatcherText.parse(matchers),
                beat.now(),
                beat.now().plusSeconds(seconds),
                beat.now(),
                "me",
                "why",
                Map.of()))
        .join();
  }

  List<String> told() {
    return web.timeline(START);
  }
}
