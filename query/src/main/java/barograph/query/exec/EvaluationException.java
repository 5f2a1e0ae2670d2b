package barograph.query.exec;

/// Why an evaluation came to no value.
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What stopped it.
  public enum Kind {
    /// The query asks for what has no result.
    NO_RESULT,
    TOO_MANY_SAMPLES,
    TIMEOUT,
    CANCELLED,
    /// Too many others are at work.
    REFUSED,
    /// More than a moment's work, where no more than that is wanted.
    NOT_BRIEF
  }

  private final Kind kind;

  EvaluationException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static EvaluationException noResult(String message) {
    return new EvaluationException(Kind.NO_RESULT, message);
  }

  static EvaluationException sameLabels() {
    return noResult("vector cannot contain metrics with the same labelset");
  }

  public Kind kind() {
    return kind;
  }
}
