package barograph.server.api;

import barograph.query.value.Value;
import barograph.server.http.Parameters;
import java.util.List;

/// The `limit` parameter: how many series, names or values an answer may have; 0 means all.
final class Limits {
  static final String TRUNCATED = "results truncated due to limit";

  private Limits() {}

  static int parse(Parameters form) {
    String text = form.first("limit");
    if (text.isEmpty()) {
      return 0;
    }
    int limit;
    try {
      limit = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ApiError.badParameter("limit", "cannot parse \"%s\" to a valid limit".formatted(text));
    }
    if (limit < 0) {
      throw ApiError.badParameter("limit", "limit must be non-negative");
    }
    return limit;
  }

  /// The first `limit` of `items`, and a warning if there were more.
  static <T> List<T> cut(List<T> items, int limit, List<String> warnings) {
    if (limit == 0 || items.size() <= limit) {
      return items;
    }
    warnings.add(TRUNCATED);
    return items.subList(0, limit);
  }

  static Value cut(Value value, int limit, List<String> warnings) {
    return switch (value) {
      case Value.Scalar _, Value.Text _ -> value;
      case Value.Vector(var samples) -> new Value.Vector(cut(samples, limit, warnings));
      case Value.Matrix(var series) -> new Value.Matrix(cut(series, limit, warnings));
    };
  }
}
