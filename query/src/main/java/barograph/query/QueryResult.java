package barograph.query;

import barograph.query.value.Value;
import java.util.List;

/// What a query answers: the value, what its reader should be warned of, and what it took.
///
/// @param warnings each with the place of the expression that it is about, `… (1:5)`; at most ten
/// @param infos likewise, less grave
public record QueryResult(
    Value value, List<String> warnings, List<String> infos, QueryStats stats) {
  public QueryResult {
    warnings = List.copyOf(warnings);
    infos = List.copyOf(infos);
  }
}
