package barograph.query.plan;

import barograph.query.ast.BinaryOperator;
import barograph.query.function.GoMath;

/// What the binary operators do with two numbers.
public final class Arithmetic {
  private Arithmetic() {}

  /// The value of a scalar operation; a comparison answers 0 or 1.
  public static double scalar(BinaryOperator operator, double left, double right) {
    if (operator.isComparison()) {
      return holds(operator, left, right) ? 1 : 0;
    }
    return compute(operator, left, right);
  }

  /// The value of an arithmetic operator.
  public static double compute(BinaryOperator operator, double left, double right) {
    return switch (operator) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case MODULO -> left % right;
      case POWER -> GoMath.pow(left, right);
      case ATAN2 -> GoMath.atan2(left, right);
      case EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          TRIM_UPPER,
          TRIM_LOWER,
          AND,
          OR,
          UNLESS ->
          throw new IllegalArgumentException(operator.symbol() + " computes no number");
    };
  }

  /// Whether a comparison holds.
  public static boolean holds(BinaryOperator operator, double left, double right) {
    return switch (operator) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case LESS -> left < right;
      case LESS_EQUAL -> left <= right;
      case GREATER -> left > right;
      case GREATER_EQUAL -> left >= right;
      case ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          MODULO,
          POWER,
          ATAN2,
          TRIM_UPPER,
          TRIM_LOWER,
          AND,
          OR,
          UNLESS ->
          throw new IllegalArgumentException(operator.symbol() + " compares nothing");
    };
  }
}
