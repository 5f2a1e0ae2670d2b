package barograph.query;

/// Says why a query has no answer; the message is what its asker reads.
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What went wrong, in the words that decide how the HTTP API answers.
  public enum Kind {
    /// The text is no PromQL, or asks for what this query may not be: the asker's fault.
    BAD_QUERY,
    /// Evaluation met something that has no result, such as two series with the same labels.
    EXECUTION,
    /// It would take more samples or memory than the query may have.
    TOO_MANY_SAMPLES,
    /// Its time was over.
    TIMEOUT,
    /// Somebody cancelled it.
    CANCELLED,
    /// Too many others are at work; it may be asked again later.
    REFUSED,
    /// It was to be answered in a moment and is more work than that: whoever asks where it may take
    /// its time gets an answer.
    NOT_BRIEF,
    /// The store could not be read.
    STORAGE
  }

  private final Kind kind;

  public QueryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public QueryException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
