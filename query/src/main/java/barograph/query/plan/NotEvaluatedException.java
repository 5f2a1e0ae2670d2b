package barograph.query.plan;

/// A query that is understood but that this engine cannot answer yet; the message names what.
public final class NotEvaluatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotEvaluatedException(String what) {
    super(what + " is not evaluated yet");
  }
}
