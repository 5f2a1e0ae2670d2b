package barograph.alerting.evaluate;

import barograph.query.PreparedQuery;
import barograph.query.QueryEngine;
import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.query.value.Sample;
import barograph.query.value.Value;
import barograph.storage.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Asks the server's own engine, and keeps what it has parsed: rules ask the same again and again.
public final class EngineQuery implements RuleQuery {
  /// Templates ask for expressions that never end, with a label's value in each.
  private static final int MOST_KEPT = 20_000;

  private final QueryEngine engine;
  private final QueryLimits limits;
  private final Map<String, PreparedQuery> prepared = new ConcurrentHashMap<>();

  /// Asks `engine` within `limits`.
  public EngineQuery(QueryEngine engine, QueryLimits limits) {
    this.engine = engine;
    this.limits = limits;
  }

  @Override
  public List<Sample> at(String expr, long timeMillis) throws RuleFailure {
    Value value;
    try {
      value = engine.instant(prepared(expr), timeMillis, limits).value();
    } catch (QueryException e) {
      throw new RuleFailure(String.valueOf(e.getMessage()), e);
    }
    return switch (value) {
      case Value.Vector(var samples) -> samples;
      case Value.Scalar(long time, double number) ->
          List.of(new Sample(Labels.EMPTY, time, number));
      case Value.Text _, Value.Matrix _ ->
          throw new RuleFailure("rule result is not a vector or scalar");
    };
  }

  private PreparedQuery prepared(String expr) {
    var known = prepared.get(expr);
    if (known != null) {
      return known;
    }
    if (prepared.size() >= MOST_KEPT) {
      prepared.clear();
    }
    var fresh = engine.prepare(expr);
    prepared.put(expr, fresh);
    return fresh;
  }
}
