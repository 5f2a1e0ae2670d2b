package barograph.server.api;

import barograph.alerting.forward.AlertForwarder;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Router;

/// Which other Alertmanagers are told of alerts: `/api/v1/alertmanagers`.
public final class AlertmanagersApi {
  private final AlertForwarder forwarder;

  public AlertmanagersApi(AlertForwarder forwarder) {
    this.forwarder = forwarder;
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
              json.endArray().key("droppedAlertmanagers").beginArray().endArray().endObject();
            }));
  }
}
