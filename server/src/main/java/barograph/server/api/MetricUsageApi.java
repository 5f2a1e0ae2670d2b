package barograph.server.api;

import barograph.server.catalog.MetricCatalog;
import barograph.server.catalog.MetricRow;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.usage.MetricUsage;
import barograph.storage.Store;
import barograph.storage.StoreStatus.Count;
import barograph.storage.model.MetricMetadata;
import java.time.Instant;
import java.util.List;

/// The metrics of the newest hours, those with the most series first: what they are, and how often
/// they are asked for.
public final class MetricUsageApi {
  private static final int MOST = 10_000;

  private final Store store;
  private final MetricUsage usage;
  private final MetricCatalog catalog;

  public MetricUsageApi(Store store, MetricUsage usage, MetricCatalog catalog) {
    this.store = store;
    this.usage = usage;
    this.catalog = catalog;
  }

  public void addTo(Router router) {
    router.add("GET", "/api/v1/status/metric_usage", Lane.CONTROL, Endpoint.of(this::usage));
  }

  /// `unqueried=true` leaves out what was asked for; `limit` as everywhere.
  private Response usage(Request request) {
    boolean unqueried = request.query().first("unqueried").equals("true");
    int limit = Limits.parse(request.query());
    List<Count> metrics = store.cardinality(MOST).seriesByMetric();
    List<MetricRow> rows = catalog.of(metrics.stream().map(Count::name).toList());
    return Endpoint.success(json -> {
      json.beginObject().field("since", Times.text(usage.since())).key("metrics").beginArray();
      int shown = 0;
      for (int i = 0; i < metrics.size() && (limit == 0 || shown < limit); i++) {
        MetricUsage.Use use = rows.get(i).use();
        if (unqueried && use.queries() > 0) {
          continue;
        }
        shown++;
        json.beginObject().field("metric", metrics.get(i).name());
        json.field("series", metrics.get(i).count()).field("queries", use.queries());
        if (use.queries() > 0) {
          json.field("lastQuery", Times.text(Instant.ofEpochMilli(use.lastMillis())));
        }
        write(rows.get(i).metadata(), json);
        json.endObject();
      }
      json.endArray().endObject();
    });
  }

  /// What was told of a metric, as `/api/v1/metadata` names it; nothing if nothing was.
  private static void write(MetricMetadata metadata, Json json) {
    if (metadata.type() != MetricMetadata.Type.UNKNOWN) {
      json.field("type", metadata.type().text());
    }
    if (!metadata.help().isEmpty()) {
      json.field("help", metadata.help());
    }
    if (!metadata.unit().isEmpty()) {
      json.field("unit", metadata.unit());
    }
  }
}
