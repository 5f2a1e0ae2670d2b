package barograph.server.api;

import barograph.query.QueryStats;
import barograph.server.trace.Span;
import barograph.server.trace.Tracer;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The spans of a query, named as Prometheus names them: how long it waited, was prepared, computed
/// and sorted. Nothing, if the request that asks it is not recorded.
final class QueryTrace {
  private final @Nullable Span span;
  private final InstantSource clock;
  private final long startNanos;

  private QueryTrace(@Nullable Span span, InstantSource clock, long startNanos) {
    this.span = span;
    this.clock = clock;
    this.startNanos = startNanos;
  }

  /// What `work` gives, as a part of the present request.
  static <T> T of(String query, InstantSource clock, Function<QueryTrace, T> work) {
    @Nullable Span request = Span.current();
    if (request == null) {
      return work.apply(new QueryTrace(null, clock, 0));
    }
    long start = Tracer.nanos(clock.instant());
    var span = request.part("promqlExec", start).with("query", query);
    try {
      return work.apply(new QueryTrace(span, clock, start));
    } catch (RuntimeException e) {
      span.failed(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      span.end(Tracer.nanos(clock.instant()));
    }
  }

  /// Says that the value is there.
  void evaluated(QueryStats stats) {
    if (span == null) {
      return;
    }
    long end = Tracer.nanos(clock.instant());
    span.with("series", stats.series()).with("samples", stats.samplesRead());
    long prepared = Math.max(startNanos, end - stats.totalNanos());
    long evaluated = prepared + stats.prepareNanos();
    long sorted = evaluated + stats.evaluateNanos();
    span.part("promqlExecQueue", startNanos).end(prepared);
    span.part("promqlPrepare", prepared).end(evaluated);
    span.part("promqlInnerEval", evaluated).end(sorted);
    span.part("promqlSort", sorted).end(sorted + stats.sortNanos());
  }
}
