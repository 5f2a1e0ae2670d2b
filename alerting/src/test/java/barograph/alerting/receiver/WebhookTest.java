package barograph.alerting.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.NotificationTexts;
import barograph.alerting.testkit.FakeWeb;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The message was held against one that Alertmanager 0.33.1 sent for the same alerts.
class WebhookTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final FakeWeb web = new FakeWeb(() -> NOW);

  private static Notification notification() {
    return new Notification(
        "hook",
        "{}:{alertname=\"Down\"}",
        Labels.of("alertname", "Down"),
        List.of(
            new Alert(
                Labels.of("alertname", "Down", "instance", "a:1"),
                Map.of("summary", "<a & b>", "runbook", "x"),
                Instant.parse("2026-11-20T11:59:00.120Z"),
                NOW.plusSeconds(60),
                "http://baro/graph?g0.expr=up&g0.tab=1"),
            new Alert(
                Labels.of("alertname", "Down", "instance", "b:1"),
                Map.of("summary", "other", "runbook", "x"),
                Instant.parse("2026-11-20T11:00:00Z"),
                Instant.parse("2026-11-20T11:58:00Z"),
                "http://baro/graph?g0.expr=up&g0.tab=1")),
        Notification.Reason.FIRST,
        NOW,
        "http://baro");
  }

  @Test
  void theMessageIsWhatAlertmanagerWrites() throws Exception {
    tell(WebhookConfig.to(URI.create("http://h/x")));
    assertThat(web.messages().getFirst().body())
        .isEqualTo(
            "{\"receiver\":\"hook\",\"status\":\"firing\",\"alerts\":["
                + "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Down\",\"instance\":\"a:1\"},"
                + "\"annotations\":{\"runbook\":\"x\",\"summary\":\"\\u003ca \\u0026 b\\u003e\"},"
                + "\"startsAt\":\"2026-11-20T11:59:00.12Z\",\"endsAt\":\"0001-01-01T00:00:00Z\","
                + "\"generatorURL\":\"http://baro/graph?g0.expr=up\\u0026g0.tab=1\","
                + "\"fingerprint\":\"1e52152fa3f66253\"},"
                + "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"Down\","
                + "\"instance\":\"b:1\"},"
                + "\"annotations\":{\"runbook\":\"x\",\"summary\":\"other\"},"
                + "\"startsAt\":\"2026-11-20T11:00:00Z\",\"endsAt\":\"2026-11-20T11:58:00Z\","
                + "\"generatorURL\":\"http://baro/graph?g0.expr=up\\u0026g0.tab=1\","
                + "\"fingerprint\":\"7e580b3622d4ecb0\"}],"
                + "\"notification_reason\":\"first notification\","
                + "\"groupLabels\":{\"alertname\":\"Down\"},"
                + "\"commonLabels\":{\"alertname\":\"Down\"},"
                + "\"commonAnnotations\":{\"runbook\":\"x\"},\"externalURL\":\"http://baro\","
                + "\"version\":\"4\",\"groupKey\":\"{}:{alertname=\\\"Down\\\"}\","
                + "\"truncatedAlerts\":0}\n");
  }

  @Test
  void alertsBeyondTheMostAreCountedOnly() throws Exception {
    tell(
        new WebhookConfig(
            Secret.of("http://h/x"), true, ClientSettings.PLAIN, 1, Duration.ofSeconds(3), null));
    var message = web.messages().getFirst();
    assertThat(message.json().get("alerts").size()).isEqualTo(1);
    assertThat(message.json().get("truncatedAlerts").asInt()).isEqualTo(1);
    assertThat(message.timeout()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
    assertThat(message.headers()).containsEntry("Content-Type", "application/json");
  }

  @Test
  void onlyFailuresThatMayPassAreWorthAnotherAttempt() throws Exception {
    var webhook =
        WebhookConfig.to(URI.create("http://h/secret"))
            .connect(new Means(web, NotificationTexts.of(List.of())));
    web.answer(503, 429, 302);
    web.breakNext();
    var worth = new boolean[4];
    for (int i = 0; i < worth.length; i++) {
      var outcome = webhook.tell(notification(), Duration.ofSeconds(30));
      assertThat(outcome).isInstanceOf(Refused.class);
      worth[i] = ((Refused) outcome).worthRetrying();
      assertThat(outcome.toString()).doesNotContain("secret");
    }
    assertThat(worth).containsExactly(true, false, false, true);
  }

  @Test
  void theAddressMayBeATemplate() throws Exception {
    tell(WebhookConfig.to(URI.create("http://h/x")).at("http://h/{{ .GroupLabels.alertname }}"));
    assertThat(web.messages().getFirst().uri()).isEqualTo(URI.create("http://h/Down"));
  }

  @Test
  void aPayloadOfOnesOwnIsATreeOfTemplates() throws Exception {
    var payload =
        Map.of(
            "count", "{{ len .Alerts }}",
            "{{ .Status }}", List.of("{{ .GroupLabels.alertname }}", 7, true),
            "hosts", "{{ .CommonLabels | toJson }}",
            "address", "10.0.0.1");
    tell(WebhookConfig.to(URI.create("http://h/x")).withPayload(payload));
    assertThat(web.messages().getFirst().body())
        .isEqualTo(
            "{\"address\":\"10.0.0.1\",\"count\":2,\"firing\":[\"Down\",7,true],"
                + "\"hosts\":{\"alertname\":\"Down\"}}\n");
  }

  @Test
  void aTemplateThatFailsIsNotTriedAgain() throws Exception {
    var outcome = tell(WebhookConfig.to(URI.create("http://h/x")).at("http://h/{{ .Nope }}"));
    assertThat(outcome)
        .isEqualTo(
            new Refused(
                false,
                "template: :1:12: executing \"\" at <.Nope>: can't evaluate field Nope in type"
                    + " template.Data"));
    assertThat(web.messages()).isEmpty();
  }

  private Integration.Outcome tell(WebhookConfig config) throws InterruptedException {
    return config
        .connect(new Means(web, NotificationTexts.of(List.of())))
        .tell(notification(), Duration.ofSeconds(30));
  }
}
