package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.Printer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which operands belong to which operator.
class PrecedenceTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a + b * c, (a + (b * c))",
    "a * b + c, ((a * b) + c)",
    "a - b - c, ((a - b) - c)",
    "a / b % c atan2 d, (((a / b) % c) atan2 d)",
    "a ^ b ^ c, (a ^ (b ^ c))",
    "a * b ^ c * d, ((a * (b ^ c)) * d)",
    "a == b + c, (a == (b + c))",
    "a < b < c, ((a < b) < c)",
    "a </ b >/ c, ((a </ b) >/ c)",
    "a or b and c, (a or (b and c))",
    "a unless b and c, ((a unless b) and c)",
    "a and b == c or d, ((a and (b == c)) or d)",
    "-a ^ b, (-(a ^ b))",
    "-a * b, ((-a) * b)",
    "a ^ -b ^ c, (a ^ (-(b ^ c)))",
    "a ^ -b * c, ((a ^ (-b)) * c)",
    "a + -b * c, (a + ((-b) * c))",
    "- -a, (-(-a))",
    "-2 ^ 2, (-(2 ^ 2))",
    "-a offset 5m, (-a offset 5m)",
    "a + b offset 5m, (a + b offset 5m)",
    "a offset 5m + b, (a offset 5m + b)",
    "a offset -2 ^ b, (a offset -2s ^ b)",
    "a @ 5 * b, (a @ 5.000 * b)",
  })
  void groups(String query, String grouped) {
    assertThat(grouped(QueryParser.parse(query, Features.ALL))).isEqualTo(grouped);
  }

  private static String grouped(Expr expr) {
    return switch (expr) {
      case Expr.Binary(var operator, var left, var right, _, _, _) ->
          "(" + grouped(left) + " " + operator.symbol() + " " + grouped(right) + ")";
      case Expr.Unary(boolean negative, var operand, _) ->
          "(" + (negative ? "-" : "+") + grouped(operand) + ")";
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Selector _,
          Expr.RangeSelector _,
          Expr.Subquery _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Paren _ ->
          Printer.print(expr);
    };
  }
}
