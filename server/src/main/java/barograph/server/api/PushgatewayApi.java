package barograph.server.api;

import barograph.ingest.gateway.Group;
import barograph.ingest.gateway.Measure;
import barograph.ingest.gateway.PushGateway;
import barograph.ingest.gateway.PushGateway.Answer;
import barograph.ingest.gateway.PushGateway.Push;
import barograph.query.ast.Durations;
import barograph.query.value.NumberText;
import barograph.server.http.Handler;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.http.Router.Route;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a Pushgateway answers: `/metrics/job/…` for batch jobs, `/api/v1/metrics` for those who
/// look after them, `/api/v1/admin/wipe`.
public final class PushgatewayApi {
  private static final int MAX_BODY_BYTES = 12 << 20;
  private static final String ROOT = "/metrics/";
  private static final String TTL_HEADER = "x-group-ttl";

  private final Supplier<PushGateway> gateway;
  private final boolean admin;

  /// @param gateway asked for with each request: it may not be open yet
  /// @param admin whether everything may be wiped
  public PushgatewayApi(Supplier<PushGateway> gateway, boolean admin) {
    this.gateway = gateway;
    this.admin = admin;
  }

  /// Adds what is pushed to, which may be before the gateway is open if the router holds it back.
  public void addPushesTo(Router router) {
    for (String job : new String[] {"job", "job@base64"}) {
      String path = ROOT + job + "/*";
      router.add("PUT", path, route(request -> push(request, true)));
      router.add("POST", path, route(request -> push(request, false)));
      router.add("DELETE", path, route(this::delete));
    }
    router.add("PUT", "/api/v1/admin/wipe", route(request -> wipe()));
  }

  /// Adds what groups are looked at by.
  public void addTo(Router router) {
    router.add("GET", "/api/v1/metrics", Lane.QUERY, Endpoint.of(request -> metrics()));
  }

  private static Route route(Handler handler) {
    return new Route(Lane.WRITE, MAX_BODY_BYTES, handler);
  }

  private CompletableFuture<Response> push(Request request, boolean replace) {
    @Nullable Duration ttl;
    try {
      ttl = ttl(request);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(
          Response.text(400, "ttl: %s\n".formatted(e.getMessage())));
    }
    return gateway
        .get()
        .push(
            new Push(
                request.path().substring(ROOT.length()),
                replace,
                request.header("content-type"),
                request.header("content-encoding"),
                ByteBuffer.wrap(request.body()),
                ttl))
        .thenApply(PushgatewayApi::response);
  }

  /// How long the group is to be kept: the parameter `ttl`, or a header for clients that leave the
  /// address no room; null where neither is given.
  private static @Nullable Duration ttl(Request request) {
    String parameter = request.query().first("ttl");
    String text = parameter.isEmpty() ? request.header(TTL_HEADER) : parameter;
    return text.isEmpty() ? null : Duration.ofMillis(Durations.parseMillis(text));
  }

  private CompletableFuture<Response> delete(Request request) {
    return gateway
        .get()
        .delete(request.path().substring(ROOT.length()))
        .thenApply(PushgatewayApi::response);
  }

  private CompletableFuture<Response> wipe() {
    if (!admin) {
      return CompletableFuture.completedFuture(Response.text(404, "404 page not found\n"));
    }
    return gateway.get().wipe().thenApply(PushgatewayApi::response);
  }

  private static Response response(Answer answer) {
    return answer.message().isEmpty()
        ? Response.empty(answer.status())
        : Response.text(answer.status(), answer.message() + "\n");
  }

  private Response metrics() {
    var groups = gateway.get().groups();
    return Endpoint.success(json -> {
      json.beginArray();
      groups.forEach(group -> write(json, group));
      json.endArray();
    });
  }

  private static void write(Json json, Group group) {
    json.beginObject();
    json.key("labels").plainMap(group.labels());
    json.field("last_push_successful", group.lastPushSuccessful());
    group
        .families()
        .forEach((name, kept) -> {
          var family = kept.family();
          json.key(name).beginObject();
          json.field("time_stamp", kept.at().toString()).field("type", family.type().name());
          if (!family.help().isEmpty()) {
            json.field("help", family.help());
          }
          json.key("metrics").beginArray();
          family
              .metrics()
              .forEach(metric -> {
                json.beginObject().key("labels").plainMap(metric.labels());
                write(json, metric.measure());
                json.endObject();
              });
          json.endArray().endObject();
        });
    json.endObject();
  }

  private static void write(Json json, Measure measure) {
    switch (measure) {
      case Measure.Single(double value) -> json.field("value", NumberText.general(value));
      case Measure.Summary(double count, double sum, var quantiles) ->
          distribution(json, count, sum, "quantiles", quantiles);
      case Measure.Buckets(double count, double sum, var buckets) ->
          distribution(json, count, sum, "buckets", buckets);
    }
  }

  private static void distribution(
      Json json, double count, double sum, String name, Map<Double, Double> parts) {
    json.field("count", NumberText.general(count)).field("sum", NumberText.general(sum));
    var texts = new TreeMap<String, String>();
    parts.forEach(
        (bound, value) -> texts.put(NumberText.general(bound), NumberText.general(value)));
    json.key(name).plainMap(texts);
  }
}
