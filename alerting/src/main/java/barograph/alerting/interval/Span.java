package barograph.alerting.interval;

/// Whole numbers from `first` to `last`, both included: weekdays, months, years.
public record Span(int first, int last) {
  public Span {
    if (first > last) {
      throw new IllegalArgumentException(
          "range starts at %d, after its end at %d".formatted(first, last));
    }
  }

  boolean contains(int number) {
    return first <= number && number <= last;
  }
}
