package barograph.query.plan;

/// The times that a query asks for: `startMillis`, every `stepMillis` after it, up to `endMillis`.
///
/// An instant query has one time and a step of 0.
public record QueryWindow(long startMillis, long endMillis, long stepMillis) {
  public QueryWindow {
    if (endMillis < startMillis) {
      throw new IllegalArgumentException(
          "query ends at %d, before its start at %d".formatted(endMillis, startMillis));
    }
    if (stepMillis < 0 || (stepMillis == 0 && startMillis != endMillis)) {
      throw new IllegalArgumentException("query step is %d ms".formatted(stepMillis));
    }
  }

  public static QueryWindow instant(long timeMillis) {
    return new QueryWindow(timeMillis, timeMillis, 0);
  }
}
