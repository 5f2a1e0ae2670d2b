package barograph.server.api;

import barograph.alerting.notify.Notifier;
import barograph.server.http.Handler;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.time.Instant;
import java.util.Map;

/// What Alertmanager's clients ask of the server itself: `/api/v2/status`, `/api/v2/receivers`, and
/// under `/alertmanager` whether it is well.
public final class AlertmanagerStatusApi {
  private final Notifier notifier;
  private final StatusApi.Build build;
  private final Instant startedAt;

  public AlertmanagerStatusApi(Notifier notifier, StatusApi.Build build, Instant startedAt) {
    this.notifier = notifier;
    this.build = build;
    this.startedAt = startedAt;
  }

  public void addTo(Router router) {
    var routes = new V2Routes(router);
    routes.add("/status", Map.of("GET", Handler.of(request -> status())));
    routes.add("/receivers", Map.of("GET", Handler.of(this::receivers)));
    routes.add(
        "/*",
        Map.of(
            "GET",
            Handler.of(request -> {
              throw V2Refusal.coded(404, "path %s was not found".formatted(request.path()));
            })));
    for (String path : new String[] {"/alertmanager/-/healthy", "/alertmanager/-/ready"}) {
      router.add("GET,HEAD", path, Lane.CONTROL, request -> Response.text(200, "OK"));
    }
    router.add("GET,POST,DELETE", "/alertmanager/api/v1/*", Lane.CONTROL, request -> removed());
  }

  private static Response removed() {
    var json = new Json();
    json.beginObject()
        .field("status", "deprecated")
        .field(
            "error",
            "Alertmanager's API v1 is gone since its version 0.27, use the same path in v2")
        .endObject();
    return Response.json(410, json.toBody());
  }

  private Response status() {
    var json = new Json();
    json.beginObject().key("cluster").beginObject();
    json.key("peers").beginArray().endArray().field("status", "disabled").endObject();
    json.key("config").beginObject().field("original", notifier.config().yaml()).endObject();
    json.field("uptime", V2Times.text(startedAt)).key("versionInfo").beginObject();
    json.field("branch", build.branch())
        .field("buildDate", build.builtAt())
        .field("buildUser", "")
        .field("goVersion", "")
        .field("revision", build.commit())
        .field("version", build.version());
    return Response.json(200, json.endObject().endObject().toBody());
  }

  private Response receivers(Request request) {
    var filters = V2Filters.of(request.query());
    var json = new Json().beginArray();
    for (var receiver : notifier.config().receivers()) {
      if (filters.passes(receiver)) {
        json.beginObject().key("labels").plainMap(receiver.labels());
        json.field("name", receiver.name()).endObject();
      }
    }
    return Response.json(200, json.endArray().toBody());
  }
}
