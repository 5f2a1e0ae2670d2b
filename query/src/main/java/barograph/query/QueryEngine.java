package barograph.query;

import barograph.query.QueryException.Kind;
import barograph.storage.Reader;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Answers PromQL from a store, from any number of threads at once.
public final class QueryEngine {
  private final Reader reader;
  private final EngineOptions options;
  private final InstantSource clock;
  private final Set<ActiveQuery> active = ConcurrentHashMap.newKeySet();

  public QueryEngine(Reader reader, EngineOptions options) {
    this(reader, options, InstantSource.system());
  }

  /// @param clock dates the entries of [#active()]
  public QueryEngine(Reader reader, EngineOptions options, InstantSource clock) {
    this.reader = reader;
    this.options = options;
    this.clock = clock;
  }

  /// The value of `query` at one time.
  ///
  /// @throws QueryException if there is none
  public QueryResult instant(String query, long timeMillis, QueryLimits limits) {
    return run(query);
  }

  /// The values of `query` at `startMillis` and every `stepMillis` after it, up to `endMillis`.
  ///
  /// @return a matrix, also for scalars
  /// @throws QueryException if there is none
  public QueryResult range(
      String query, long startMillis, long endMillis, long stepMillis, QueryLimits limits) {
    return run(query);
  }

  private QueryResult run(String query) {
    var entry = new ActiveQuery(query, clock.instant());
    active.add(entry);
    try {
      throw new QueryException(Kind.EXECUTION, "%s %s".formatted(reader, options));
    } finally {
      active.remove(entry);
    }
  }

  /// The queries under way, oldest first or not: in no order.
  public List<ActiveQuery> active() {
    return List.copyOf(active);
  }
}
