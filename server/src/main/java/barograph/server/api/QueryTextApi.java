package barograph.server.api;

import barograph.query.PromqlText;
import barograph.query.QueryEngine;
import barograph.query.ast.Expr;
import barograph.query.ast.PromqlException;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;

/// PromQL as text, never run: `/api/v1/format_query` and `/api/v1/parse_query`.
public final class QueryTextApi {
  private final QueryEngine engine;

  /// @param engine whose switched-on features decide what is a query
  public QueryTextApi(QueryEngine engine) {
    this.engine = engine;
  }

  public void addTo(Router router) {
    router.add("GET,POST", "/api/v1/format_query", Lane.CONTROL, Endpoint.of(this::format));
    router.add("GET,POST", "/api/v1/parse_query", Lane.CONTROL, Endpoint.of(this::parse));
  }

  private Response format(Request request) {
    String pretty = PromqlText.pretty(parsed(request));
    return Endpoint.success(json -> json.string(pretty));
  }

  private Response parse(Request request) {
    Expr tree = parsed(request);
    return Endpoint.success(json -> new TreeJson(json).expression(tree));
  }

  private Expr parsed(Request request) {
    try {
      return PromqlText.parse(request.form().first("query"), engine.options().features());
    } catch (PromqlException e) {
      throw ApiError.badParameter("query", String.valueOf(e.getMessage()));
    }
  }
}
