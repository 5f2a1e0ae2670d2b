package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.usage.MetricUsage;
import barograph.storage.Store;
import barograph.storage.StoreStatus.Count;
import java.time.Instant;
import java.util.List;

/// The metrics of the newest hours, those with the most series first: how often they are asked for.
public final class MetricUsageApi {
  private static final int MOST = 10_000;

  private final Store store;
  private final MetricUsage usage;

  public MetricUsageApi(Store store, MetricUsage usage) {
    this.store = store;
    this.usage = usage;
  }

  public void addTo(Router router) {
    router.add("GET", "/api/v1/status/metric_usage", Lane.CONTROL, Endpoint.of(this::usage));
  }

  /// `unqueried=true` leaves out what was asked for; `limit` as everywhere.
  private Response usage(Request request) {
    boolean unqueried = request.query().first("unqueried").equals("true");
    int limit = Limits.parse(request.query());
    List<Count> metrics = store.cardinality(MOST).seriesByMetric();
    List<MetricUsage.Use> uses = usage.of(metrics.stream().map(Count::name).toList());
    return Endpoint.success(json -> {
      json.beginObject().field("since", Times.text(usage.since())).key("metrics").beginArray();
      int shown = 0;
      for (int i = 0; i < metrics.size() && (limit == 0 || shown < limit); i++) {
        MetricUsage.Use use = uses.get(i);
        if (unqueried && use.queries() > 0) {
          continue;
        }
        shown++;
        json.beginObject().field("metric", metrics.get(i).name());
        json.field("series", metrics.get(i).count()).field("queries", use.queries());
        if (use.queries() > 0) {
          json.field("lastQuery", Times.text(Instant.ofEpochMilli(use.lastMillis())));
        }
        json.endObject();
      }
      json.endArray().endObject();
    });
  }
}
