package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.Store;
import java.io.IOException;

/// What changes the store as a whole: `/api/v1/admin/tsdb/*`, closed unless the operator opens it.
public final class AdminApi {
  private static final String PATH = "/api/v1/admin/tsdb/";

  /// Something asked of the store that may find the disk full or failing.
  @FunctionalInterface
  private interface Order {
    Response carryOut(Request request) throws IOException;
  }

  private final Store store;
  private final boolean enabled;

  public AdminApi(Store store, boolean enabled) {
    this.store = store;
    this.enabled = enabled;
  }

  public void addTo(Router router) {
    add(router, "compact", request -> compact());
    add(router, "delete_series", this::deleteSeries);
    add(router, "clean_tombstones", request -> cleanTombstones());
    add(router, "snapshot", this::snapshot);
    add(router, "forget_damage", request -> forgetDamage());
  }

  private void add(Router router, String name, Order order) {
    router.add(
        "POST,PUT", PATH + name, Lane.QUERY, Endpoint.of(request -> guarded(order, request)));
  }

  private Response guarded(Order order, Request request) {
    if (!enabled) {
      throw new ApiError(ApiError.Kind.UNAVAILABLE, "admin APIs disabled");
    }
    try {
      return order.carryOut(request);
    } catch (IOException e) {
      throw new ApiError(ApiError.Kind.INTERNAL, String.valueOf(e.getMessage()));
    }
  }

  /// Writes everything that the head holds into blocks now and merges them, before a move or a
  /// backup.
  private Response compact() throws IOException {
    store.compactNow();
    return Response.empty(204);
  }

  private Response deleteSeries(Request request) throws IOException {
    var form = request.form();
    if (form.all("match[]").isEmpty()) {
      throw ApiError.badData("no match[] parameter provided");
    }
    store.delete(SeriesApi.selectors(form), SeriesApi.range(form));
    return Response.empty(204);
  }

  private Response cleanTombstones() throws IOException {
    store.cleanTombstones();
    return Response.empty(204);
  }

  /// Says that somebody has seen what `/api/v1/status/damage` tells.
  private Response forgetDamage() throws IOException {
    store.forgetDamages();
    return Response.empty(204);
  }

  private Response snapshot(Request request) throws IOException {
    String name = store.snapshot(!skipsHead(request.form().first("skip_head")));
    return Endpoint.success(json -> json.beginObject().field("name", name).endObject());
  }

  /// What Go takes for a truth value; nothing at all is false.
  private static boolean skipsHead(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "", "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw ApiError.badParameter(
              "skip_head",
              "unable to parse boolean: strconv.ParseBool: parsing \"%s\": invalid syntax"
                  .formatted(text));
    };
  }
}
