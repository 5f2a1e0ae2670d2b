package barograph.query.promqltest;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.parse.QueryParser;

/// String literals, read by the parser itself.
final class QueryParserStrings {
  private QueryParserStrings() {}

  static String unquote(String quoted) {
    if (QueryParser.parse(quoted, Features.ALL) instanceof Expr.StringLiteral(var value, _)) {
      return value;
    }
    throw new IllegalArgumentException("no string: " + quoted);
  }
}
