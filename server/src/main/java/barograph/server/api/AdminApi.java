package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.Store;
import java.io.IOException;

/// What changes the store as a whole: `/api/v1/admin/tsdb/*`, closed unless the operator opens it.
public final class AdminApi {
  private final Store store;
  private final boolean enabled;

  public AdminApi(Store store, boolean enabled) {
    this.store = store;
    this.enabled = enabled;
  }

  public void addTo(Router router) {
    router.add(
        "POST,PUT", "/api/v1/admin/tsdb/compact", Lane.QUERY, Endpoint.of(request -> compact()));
  }

  /// Writes everything that the head holds into blocks now, before a move or a backup.
  private Response compact() {
    if (!enabled) {
      throw new ApiError(ApiError.Kind.UNAVAILABLE, "admin APIs disabled");
    }
    try {
      store.compactNow();
    } catch (IOException e) {
      throw new ApiError(ApiError.Kind.INTERNAL, "compaction failed: " + e.getMessage());
    }
    return Response.empty(204);
  }
}
