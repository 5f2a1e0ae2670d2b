package barograph.alerting.evaluate;

import barograph.query.QueryEngine;
import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.query.value.Sample;
import barograph.query.value.Value;
import barograph.storage.model.Labels;
import java.util.List;

/// Asks the server's own engine.
public record EngineQuery(QueryEngine engine, QueryLimits limits) implements RuleQuery {

  @Override
  public List<Sample> at(String expr, long timeMillis) throws RuleFailure {
    Value value;
    try {
      value = engine.instant(expr, timeMillis, limits).value();
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
}
