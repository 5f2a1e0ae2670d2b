package barograph.server.trace;

import barograph.alerting.evaluate.RuleFailure;
import barograph.alerting.evaluate.RuleQuery;
import barograph.query.value.Sample;
import java.util.List;

/// Makes a span of each expression that a rule asks.
public final class TracedRules implements RuleQuery {
  private final RuleQuery query;
  private final Tracer tracer;

  public TracedRules(RuleQuery query, Tracer tracer) {
    this.query = query;
    this.tracer = tracer;
  }

  @Override
  public List<Sample> at(String expr, long timeMillis) throws RuleFailure {
    var span = tracer.begin("", "rule", SpanKind.INTERNAL);
    if (span == null) {
      return query.at(expr, timeMillis);
    }
    span.with("query", expr);
    try {
      var found = query.at(expr, timeMillis);
      span.with("series", found.size());
      return found;
    } catch (RuleFailure e) {
      span.failed(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      span.end(tracer.now());
    }
  }
}
