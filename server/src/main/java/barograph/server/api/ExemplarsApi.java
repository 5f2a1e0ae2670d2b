package barograph.server.api;

import barograph.query.PromqlText;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.ast.PromqlException;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.ExemplarsOfSeries;
import barograph.storage.Reader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.function.Consumer;

/// Examples of what series are made of: `/api/v1/query_exemplars`.
public final class ExemplarsApi {
  private final QueryEngine engine;
  private final Reader reader;

  /// @param engine whose switched-on features decide what is a query
  public ExemplarsApi(QueryEngine engine, Reader reader) {
    this.engine = engine;
    this.reader = reader;
  }

  public void addTo(Router router) {
    router.add("GET,POST", "/api/v1/query_exemplars", Lane.QUERY, Endpoint.of(this::exemplars));
  }

  private Response exemplars(Request request) {
    var form = request.form();
    var range = SeriesApi.range(form);
    List<List<Matcher>> selectors;
    try {
      selectors =
          PromqlText.selectors(PromqlText.parse(form.first("query"), engine.options().features()));
    } catch (PromqlException e) {
      throw ApiError.badData(String.valueOf(e.getMessage()));
    }
    return engine.within(
        "exemplars of " + form.first("query"),
        QueryLimits.DEFAULT,
        memory -> answer(selectors, range, memory));
  }

  private Response answer(List<List<Matcher>> selectors, TimeRange range, Allowance memory) {
    List<ExemplarsOfSeries> found =
        selectors.isEmpty() ? List.of() : reader.exemplars(selectors, range);
    Consumer<Json> data =
        json -> {
          json.beginArray();
          for (ExemplarsOfSeries series : found) {
            json.beginObject().key("seriesLabels").labels(series.series());
            json.key("exemplars").beginArray();
            for (Exemplar exemplar : series.exemplars()) {
              json.beginObject().key("labels").labels(exemplar.labels());
              json.key("value").sample(exemplar.value());
              json.key("timestamp").timestamp(exemplar.timestampMillis()).endObject();
            }
            json.endArray().endObject();
          }
          json.endArray();
        };
    return Endpoint.success(memory, data, List.of(), List.of());
  }
}
