package barograph.server.api;

import barograph.query.ActiveQuery;
import barograph.query.QueryEngine;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;

/// Queries under way: `GET /api/v1/status/active_queries` lists them, the longest first, and `POST`
/// or `DELETE /api/v1/status/active_queries/<id>` ends one.
///
/// An id is only known to whoever has seen the list, so that no foreign page can end a query.
public final class ActiveQueriesApi {
  private static final String PATH = "/api/v1/status/active_queries";

  private final QueryEngine engine;
  private final InstantSource clock;

  public ActiveQueriesApi(QueryEngine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  public void addTo(Router router) {
    router.add("GET", PATH, Lane.CONTROL, Endpoint.of(request -> list()));
    router.add("POST,DELETE", PATH + "/*", Lane.CONTROL, Endpoint.of(this::end));
  }

  private Response list() {
    var now = clock.instant();
    var longestFirst =
        engine.active().stream().sorted(Comparator.comparing(ActiveQuery::startedAt)).toList();
    return Endpoint.success(json -> {
      json.beginObject();
      json.field("heavyRunning", engine.heavyRunning());
      json.field("heavyWaiting", engine.heavyWaiting());
      json.key("queries").beginArray();
      for (var query : longestFirst) {
        json.beginObject()
            .field("id", query.id())
            .field("query", query.text())
            .field("startedAt", Times.text(query.startedAt()))
            .field("elapsedMs", Duration.between(query.startedAt(), now).toMillis())
            .field("heavy", query.isHeavy())
            .field("series", query.series())
            .field("samples", query.samples())
            .field("bytes", query.bytes())
            .endObject();
      }
      json.endArray().endObject();
    });
  }

  private Response end(Request request) {
    String id = request.path().substring(PATH.length() + 1);
    if (!engine.cancel(id)) {
      throw new ApiError(
          ApiError.Kind.NOT_FOUND, "no query under way has the id \"%s\"".formatted(id));
    }
    return Response.empty(204);
  }
}
