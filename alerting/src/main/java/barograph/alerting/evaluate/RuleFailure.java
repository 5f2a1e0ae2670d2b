package barograph.alerting.evaluate;

/// A rule could not do its work this time: the query failed, or its answer makes no valid result.
public final class RuleFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public RuleFailure(String message) {
    super(message);
  }

  public RuleFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
