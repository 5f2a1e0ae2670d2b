package barograph.query.ast;

/// What an expression yields.
public enum ValueType {
  SCALAR("scalar"),
  INSTANT_VECTOR("instant vector"),
  RANGE_VECTOR("range vector"),
  STRING("string");

  private final String documented;

  ValueType(String documented) {
    this.documented = documented;
  }

  /// The name that error messages use, as `instant vector`.
  public String documented() {
    return documented;
  }
}
