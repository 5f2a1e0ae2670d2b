package barograph.server.api;

import barograph.alerting.forward.AlertForwarder;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Router;
import java.util.List;
import java.util.function.Supplier;

/// Which other Alertmanagers are told of alerts: `/api/v1/alertmanagers`.
public final class AlertmanagersApi {
  private final AlertForwarder forwarder;
  private final Supplier<List<String>> dropped;

  /// @param dropped addresses that were found and left out
  public AlertmanagersApi(AlertForwarder forwarder, Supplier<List<String>> dropped) {
    this.forwarder = forwarder;
    this.dropped = dropped;
  }

  public void addTo(Router router) {
    router.add(
        "GET",
        "/api/v1/alertmanagers",
        Lane.CONTROL,
        request ->
            Endpoint.success(json -> {
              json.beginObject().key("activeAlertmanagers").beginArray();
              forwarder.urls().forEach(url -> json.beginObject().field("url", url).endObject());
              json.endArray().key("droppedAlertmanagers").beginArray();
              dropped.get().forEach(url -> json.beginObject().field("url", url).endObject());
              json.endArray().endObject();
            }));
  }
}
