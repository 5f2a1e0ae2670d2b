package barograph.storage;

/// A new series was refused because there are as many as there may be; existing ones go on.
public final class SeriesLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Which limit has been reached.
  public enum Limit {
    /// Series altogether.
    TOTAL,
    /// The memory that series take.
    MEMORY,
    /// Series of one target.
    TARGET,
    /// Series with the same label `job`.
    JOB
  }

  private final Limit limit;

  /// Has no stack trace: a sender with a million new series causes a million of these.
  public SeriesLimitException(Limit limit, String message) {
    super(message, null, false, false);
    this.limit = limit;
  }

  public Limit limit() {
    return limit;
  }
}
