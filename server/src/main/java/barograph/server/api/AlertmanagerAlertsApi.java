package barograph.server.api;

import barograph.alerting.notify.AlertStanding;
import barograph.alerting.notify.Notifier;
import barograph.alerting.notify.PostedAlert;
import barograph.server.http.Handler;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Alerts as Alertmanager's clients send and see them: `/api/v2/alerts`, `/api/v2/alerts/groups`.
public final class AlertmanagerAlertsApi {
  private final Notifier notifier;
  private final InstantSource clock;

  public AlertmanagerAlertsApi(Notifier notifier, InstantSource clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  public void addTo(Router router) {
    var routes = new V2Routes(router);
    routes.add("/alerts", Map.of("GET", Handler.of(this::alerts), "POST", this::post));
    routes.add("/alerts/groups", Map.of("GET", Handler.of(this::groups)));
  }

  private CompletableFuture<Response> post(Request request) {
    var posted = new ArrayList<PostedAlert>();
    for (var item : V2Body.of(request, "alerts").items()) {
      posted.add(
          new PostedAlert(
              item.need("labels").strings(),
              item.strings("annotations"),
              item.time("startsAt"),
              item.time("endsAt"),
              link(item)));
    }
    CompletableFuture<List<String>> taken;
    try {
      taken = notifier.take(posted, clock.instant());
    } catch (IllegalStateException e) {
      throw V2Refusal.objection(503, String.valueOf(e.getMessage()));
    }
    return taken.thenApply(problems -> {
      if (!problems.isEmpty()) {
        throw V2Refusal.objection(400, String.join("\n", problems));
      }
      return Response.empty(200);
    });
  }

  private static String link(V2Body item) {
    @Nullable V2Body link = item.get("generatorURL");
    if (link == null || link.string().isEmpty()) {
      return "";
    }
    var text = link.string();
    try {
      if (new URI(text).getScheme() != null || text.startsWith("/")) {
        return text;
      }
    } catch (URISyntaxException e) {
      // Told below, like an address without a scheme.
    }
    throw V2Refusal.wrongType(link.place() + " in body", "uri", text);
  }

  /// Which alerts a request wants, by what keeps them quiet.
  private record Wanted(
      V2Filters filters, boolean active, boolean silenced, boolean inhibited, boolean muted) {

    static Wanted by(Request request) {
      var query = request.query();
      return new Wanted(
          V2Filters.of(query),
          V2Filters.flag(query, "active"),
          V2Filters.flag(query, "silenced"),
          V2Filters.flag(query, "inhibited"),
          V2Filters.flag(query, "muted"));
    }

    boolean passes(AlertStanding alert) {
      boolean quietWithoutCalendar =
          !alert.silencedBy().isEmpty() || !alert.inhibitedBy().isEmpty();
      return filters.passes(alert.alert().labels()::get)
          && (active || quietWithoutCalendar)
          && (silenced || alert.silencedBy().isEmpty())
          && (inhibited || alert.inhibitedBy().isEmpty())
          && (muted || alert.mutedBy().isEmpty());
    }
  }

  private Response alerts(Request request) {
    var wanted = Wanted.by(request);
    var receivers = wanted.filters().wanted(notifier.config().receivers());
    var json = new Json().beginArray();
    for (var alert : notifier.alerts()) {
      if (wanted.passes(alert) && alert.receivers().stream().anyMatch(receivers::contains)) {
        write(json, alert);
      }
    }
    return Response.json(200, json.endArray().toBody());
  }

  private Response groups(Request request) {
    var wanted = Wanted.by(request);
    var receivers = wanted.filters().wanted(notifier.config().receivers());
    var json = new Json().beginArray();
    for (var group : notifier.groups()) {
      var alerts = group.alerts().stream().filter(wanted::passes).toList();
      if (alerts.isEmpty() || !receivers.contains(group.receiver())) {
        continue;
      }
      json.beginObject().key("alerts").beginArray();
      alerts.forEach(alert -> write(json, alert));
      json.endArray().key("labels");
      strings(json, group.labels().toMap());
      json.key("receiver").beginObject().field("name", group.receiver()).endObject();
      json.endObject();
    }
    return Response.json(200, json.endArray().toBody());
  }

  private static void write(Json json, AlertStanding standing) {
    var alert = standing.alert();
    json.beginObject().key("annotations");
    strings(json, alert.annotations());
    json.field("endsAt", V2Times.text(alert.endsAt()));
    json.field("fingerprint", alert.fingerprint()).key("receivers").beginArray();
    standing.receivers().forEach(name -> json.beginObject().field("name", name).endObject());
    json.endArray().field("startsAt", V2Times.text(alert.startsAt())).key("status").beginObject();
    json.key("inhibitedBy").strings(standing.inhibitedBy());
    json.key("mutedBy").strings(standing.mutedBy());
    json.key("silencedBy").strings(standing.silencedBy());
    json.field("state", standing.suppressed() ? "suppressed" : "active").endObject();
    json.field("updatedAt", V2Times.text(standing.updatedAt()));
    if (!alert.generatorUrl().isEmpty()) {
      json.field("generatorURL", alert.generatorUrl());
    }
    json.key("labels");
    strings(json, alert.labels().toMap());
    json.endObject();
  }

  private static void strings(Json json, Map<String, String> map) {
    json.beginObject();
    map.forEach((name, value) -> json.name(name).string(value));
    json.endObject();
  }
}
