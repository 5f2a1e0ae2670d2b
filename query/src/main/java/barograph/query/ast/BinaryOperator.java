package barograph.query.ast;

/// An operator between two expressions; a higher [#precedence()] binds tighter.
public enum BinaryOperator {
  OR("or", 1, Kind.SET),
  AND("and", 2, Kind.SET),
  UNLESS("unless", 2, Kind.SET),
  EQUAL("==", 3, Kind.COMPARISON),
  NOT_EQUAL("!=", 3, Kind.COMPARISON),
  LESS("<", 3, Kind.COMPARISON),
  LESS_EQUAL("<=", 3, Kind.COMPARISON),
  GREATER(">", 3, Kind.COMPARISON),
  GREATER_EQUAL(">=", 3, Kind.COMPARISON),
  /// `</` keeps the part of a native histogram below the right side.
  TRIM_UPPER("</", 3, Kind.TRIM),
  /// `>/` keeps the part of a native histogram above the right side.
  TRIM_LOWER(">/", 3, Kind.TRIM),
  ADD("+", 4, Kind.ARITHMETIC),
  SUBTRACT("-", 4, Kind.ARITHMETIC),
  MULTIPLY("*", 5, Kind.ARITHMETIC),
  DIVIDE("/", 5, Kind.ARITHMETIC),
  MODULO("%", 5, Kind.ARITHMETIC),
  ATAN2("atan2", 5, Kind.ARITHMETIC),
  POWER("^", 6, Kind.ARITHMETIC);

  /// What family an operator belongs to.
  public enum Kind {
    ARITHMETIC,
    TRIM,
    COMPARISON,
    SET
  }

  /// The precedence of the unary signs: that of multiplication, so that `-2^2` is -4.
  public static final int UNARY_PRECEDENCE = 5;

  private final String symbol;
  private final int precedence;
  private final Kind kind;

  BinaryOperator(String symbol, int precedence, Kind kind) {
    this.symbol = symbol;
    this.precedence = precedence;
    this.kind = kind;
  }

  /// As PromQL writes it.
  public String symbol() {
    return symbol;
  }

  public int precedence() {
    return precedence;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isComparison() {
    return kind == Kind.COMPARISON;
  }

  /// Whether its results still are the metric that went in, unless they are 0 or 1 for `bool`.
  public boolean keepsName() {
    return kind != Kind.ARITHMETIC;
  }

  public boolean isSet() {
    return kind == Kind.SET;
  }

  /// Whether `a op b op c` is `a op (b op c)`.
  public boolean isRightAssociative() {
    return this == POWER;
  }
}
