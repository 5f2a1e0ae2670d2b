package barograph.alerting.forward;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.testkit.FakeWeb;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertForwarderTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private static final ClientSettings CLIENT =
      ClientSettings.PLAIN.with(new Credentials.Token("Bearer", Secret.of("x")));

  private final FakeWeb web = new FakeWeb(() -> START);
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final AlertForwarder forwarder = new AlertForwarder(web, threads::add);

  private static Alert alert(String name) {
    return new Alert(
        Labels.of("alertname", name, "env", "test"),
        Map.of("summary", "<so>"),
        START,
        START.plusSeconds(240),
        "http://g");
  }

  private static Alertmanager at(String host, AlertRelabeling relabeling) {
    return new Alertmanager(
        URI.create("http://" + host + "/api/v2/alerts"),
        CLIENT,
        Duration.ofSeconds(10),
        relabeling);
  }

  private void work() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }

  @Test
  void everyAlertmanagerIsToldInTheFormOfItsApi() {
    forwarder.apply(
        List.of(at("a", AlertRelabeling.NONE), at("b", labels -> labels.without("env"))));
    forwarder.take(List.of(alert("X")));
    work();
    assertThat(web.messages())
        .extracting(message -> message.uri().getHost() + " " + message.body())
        .containsExactly(
            "a [{\"annotations\":{\"summary\":\"<so>\"},\"endsAt\":\"2026-11-20T12:04:00.000Z\","
                + "\"startsAt\":\"2026-11-20T12:00:00.000Z\",\"generatorURL\":\"http://g\","
                + "\"labels\":{\"alertname\":\"X\",\"env\":\"test\"}}]",
            "b [{\"annotations\":{\"summary\":\"<so>\"},\"endsAt\":\"2026-11-20T12:04:00.000Z\","
                + "\"startsAt\":\"2026-11-20T12:00:00.000Z\",\"generatorURL\":\"http://g\","
                + "\"labels\":{\"alertname\":\"X\"}}]");
    assertThat(web.messages().getFirst().headers())
        .containsEntry("Content-Type", "application/json");
    assertThat(web.messages().getFirst().settings()).isEqualTo(CLIENT);
    assertThat(forwarder.figures().sent())
        .isEqualTo(Map.of("http://a/api/v2/alerts", 1L, "http://b/api/v2/alerts", 1L));
  }

  @Test
  void anAlertThatIsRelabeledAwayIsNotSent() {
    forwarder.apply(
        List.of(at("a", labels -> labels.get("alertname").equals("X") ? null : labels)));
    forwarder.take(List.of(alert("X")));
    forwarder.take(List.of(alert("X"), alert("Y")));
    work();
    assertThat(web.messages()).singleElement().asString().contains("\"Y\"").doesNotContain("\"X\"");
  }

  @Test
  void whatGathersMeanwhileIsSentInBatches() {
    forwarder.apply(List.of(at("a", AlertRelabeling.NONE)));
    for (int i = 0; i < 600; i++) {
      forwarder.take(List.of(alert("A" + i)));
    }
    assertThat(threads).hasSize(1);
    work();
    assertThat(web.messages())
        .extracting(message -> message.json().size())
        .containsExactly(256, 256, 88);
    forwarder.take(List.of(alert("last")));
    work();
    assertThat(web.messages()).hasSize(4);
  }

  @Test
  void theOldestAreGivenUpWhenTooManyWait() {
    forwarder.apply(List.of(at("a", AlertRelabeling.NONE)));
    var many = new ArrayList<Alert>();
    for (int i = 0; i < 10_005; i++) {
      many.add(alert("A" + i));
    }
    forwarder.take(many);
    work();
    assertThat(forwarder.figures().droppedCount()).isEqualTo(5);
    assertThat(web.messages().getFirst().json().path(0).path("labels").path("alertname").asString())
        .isEqualTo("A5");
  }

  @Test
  void aRefusalIsCountedAndTheNextMessageGoesOut() {
    web.answer(500);
    web.breakNext();
    forwarder.apply(List.of(at("a", AlertRelabeling.NONE)));
    for (int i = 0; i < 3; i++) {
      forwarder.take(List.of(alert("A" + i)));
      work();
    }
    assertThat(forwarder.figures().failed()).isEqualTo(Map.of("http://a/api/v2/alerts", 2L));
    assertThat(forwarder.figures().sent()).isEqualTo(Map.of("http://a/api/v2/alerts", 1L));
  }

  @Test
  void aReloadThatKeepsAnAlertmanagerLosesNothingThatWaitsForIt() {
    var stays = at("a", AlertRelabeling.NONE);
    forwarder.apply(List.of(stays, at("b", AlertRelabeling.NONE)));
    forwarder.take(List.of(alert("X")));
    forwarder.apply(List.of(stays));
    work();
    assertThat(web.messages()).extracting(message -> message.uri().getHost()).containsExactly("a");
    assertThat(forwarder.urls()).containsExactly("http://a/api/v2/alerts");
  }
}
