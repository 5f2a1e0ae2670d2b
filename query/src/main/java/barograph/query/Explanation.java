package barograph.query;

import java.util.List;

/// How a query was answered: its operators, from the top, and what they took.
///
/// @param operators that of the query, and those of its scalars
/// @param stats of the whole query
public record Explanation(List<Operator> operators, QueryStats stats) {
  public Explanation {
    operators = List.copyOf(operators);
  }

  /// One operator.
  ///
  /// @param name its kind
  /// @param detail what it does in particular, in PromQL's words
  /// @param series that it has yielded
  /// @param points of these series
  /// @param samples read from the store, by it and by what is below it
  /// @param nanos that it and what is below it took
  /// @param inner what it has its series from
  public record Operator(
      String name,
      String detail,
      long series,
      long points,
      long samples,
      long nanos,
      List<Operator> inner) {
    public Operator {
      inner = List.copyOf(inner);
    }
  }
}
