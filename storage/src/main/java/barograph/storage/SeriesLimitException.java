package barograph.storage;

/// A new series was refused because the store has as many as it may hold; existing ones go on.
public final class SeriesLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SeriesLimitException(String message) {
    super(message);
  }
}
