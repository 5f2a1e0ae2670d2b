package barograph.storage.model;

/// What a histogram's sender says of its relation to the sample before.
public enum CounterReset {
  /// Nothing: whoever wants to know compares the two.
  UNKNOWN(0),
  /// Counting began anew in between.
  RESET(1),
  /// Counting went on.
  NOT_RESET(2),
  /// It counts nothing: its numbers may go down.
  GAUGE(3);

  private final int number;

  CounterReset(int number) {
    this.number = number;
  }

  /// The number, 0 to 3, that stands for it in stored bytes.
  public int number() {
    return number;
  }

  /// What a stored number stands for; only its lowest two bits count.
  public static CounterReset of(int number) {
    return switch (number & 3) {
      case 0 -> UNKNOWN;
      case 1 -> RESET;
      case 2 -> NOT_RESET;
      default -> GAUGE;
    };
  }
}
