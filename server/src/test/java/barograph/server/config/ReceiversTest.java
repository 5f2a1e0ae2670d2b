package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Means;
import barograph.alerting.receiver.Notification;
import barograph.alerting.receiver.Web;
import barograph.alerting.template.NotificationTexts;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every kind of receiver against what Alertmanager 0.33.1 sent for the same configuration and the
/// same alerts: method, path, headers and body, byte for byte.
class ReceiversTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant STARTED = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final Instant ENDED = Instant.parse("2026-11-21T12:30:00Z");

  /// The service at the other end: remembers what it is sent and says what a service of that kind
  /// says.
  private static final class Services implements Web {
    final List<String> told = new ArrayList<>();

    @Override
    public Answer send(Request request) {
      var uri = request.uri();
      var path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
      var headers = new TreeMap<String, String>();
      addSettings(request.settings(), headers);
      request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
      var body = new String(request.body(), StandardCharsets.UTF_8);
      told.add(line(request.method(), path, headers, body));
      return new Answer(200, answerType(path), answer(path));
    }

    /// What the client makes of the settings.
    private static void addSettings(ClientSettings settings, Map<String, String> headers) {
      settings
          .headers()
          .forEach((name, values) ->
              headers.put(
                  name.toLowerCase(Locale.ROOT),
                  values.stream().map(Services::revealed).collect(Collectors.joining(","))));
      switch (settings.credentials()) {
        case Credentials.None _, Credentials.OAuth2 _, Credentials.SigV4 _ -> {}
        case Credentials.Basic(var name, var password) ->
            headers.put(
                "authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(
                            (revealed(name) + ":" + revealed(password))
                                .getBytes(StandardCharsets.UTF_8)));
        case Credentials.Token(var type, var token) ->
            headers.put("authorization", type + " " + revealed(token));
      }
    }

    private static String revealed(Secret secret) {
      try {
        return secret.reveal();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String answerType(String path) {
      return path.startsWith("/slack") ? "text/plain" : "application/json";
    }

    private static String answer(String path) {
      if (path.contains("gettoken")) {
        return "{\"access_token\":\"TOK\"}";
      }
      if (path.contains("/search")) {
        return path.contains("jira2")
            ? "{\"issues\":[{\"key\":\"P-1\",\"fields\":{\"status\":{\"name\":\"x\","
                + "\"statusCategory\":{\"key\":\"new\"}}}}]}"
            : "{\"issues\":[]}";
      }
      if (path.contains("transitions")) {
        return "{\"transitions\":[{\"id\":\"31\",\"name\":\"Done\"}]}";
      }
      return path.startsWith("/slack") ? "ok" : "{\"success\":true,\"errcode\":0}";
    }
  }

  /// A request as it is compared. The time of sending is in Amazon's signatures, whose client also
  /// sends no headers of one's own.
  private static String line(String method, String path, Map<String, String> headers, String body) {
    var shown = new TreeMap<>(headers);
    shown.remove("x-amz-date");
    boolean amazon = path.startsWith("/sns");
    if (amazon) {
      shown.remove("authorization");
      shown.remove("x-custom");
    }
    var text =
        amazon
            ? Arrays.stream(body.split("&", -1)).sorted().collect(Collectors.joining("&"))
            : body;
    return "%s %s %s %s".formatted(method, path, shown, text.strip());
  }

  private static Notification notification(boolean firing) {
    var ends = firing ? Instant.parse("2036-01-01T00:00:00Z") : ENDED;
    var summary = "CPU > 90% & \"rising\" + more";
    return new Notification(
        "all",
        "{}:{alertname=\"High\"}",
        Labels.of("alertname", "High"),
        List.of(
            new Alert(
                labels("a<b>:9090"),
                Map.of("summary", summary, "runbook", "r"),
                STARTED,
                ends,
                "http://p:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"),
            new Alert(
                labels("c:9090"), Map.of("summary", summary), STARTED, ends, "http://p:9090/g")),
        firing ? Notification.Reason.FIRST : Notification.Reason.ALL_RESOLVED,
        ENDED.plusSeconds(1),
        "http://am.example:9093");
  }

  private static Labels labels(String instance) {
    return Labels.of(
        "alertname", "High", "instance", instance, "job", "node", "severity", "critical");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"firing", "resolved"})
  void everyPlaceIsToldWhatAlertmanagerTells(String status) throws InterruptedException {
    var services = new Services();
    var means = new Means(services, NotificationTexts.of(List.of()));
    var notification = notification(status.equals("firing"));
    for (var place : config().receivers().getFirst().places()) {
      if (status.equals("firing") || place.sendResolved()) {
        assertThat(place.connect(means).tell(notification, Duration.ofSeconds(10)))
            .as(place.kind())
            .isInstanceOf(Delivered.class);
      }
    }
    // Alertmanager goes on with the token that it was given before.
    if (status.equals("resolved")) {
      services.told.removeIf(request -> request.contains("/gettoken?"));
    }
    var missing = new ArrayList<>(recorded(status));
    services.told.forEach(missing::remove);
    var surplus = new ArrayList<>(services.told);
    recorded(status).forEach(surplus::remove);
    assertThat(surplus).isEmpty();
    assertThat(missing).isEmpty();
  }

  private static NotificationConfig config() {
    return AlertmanagerFile.read("receivers.yml", resource("receivers.yml"));
  }

  private static List<String> recorded(String status) {
    return resource("receivers-told.jsonl")
        .lines()
        .map(JSON::readTree)
        .filter(request -> request.get("when").asString().equals(status))
        .map(request ->
            line(
                request.get("method").asString(),
                request.get("path").asString(),
                headers(request.get("headers")),
                request.get("body").asString()))
        .toList();
  }

  private static Map<String, String> headers(JsonNode node) {
    var headers = new TreeMap<String, String>();
    node.properties().forEach(header -> headers.put(header.getKey(), header.getValue().asString()));
    return headers;
  }

  private static String resource(String name) {
    try (InputStream in = ReceiversTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
