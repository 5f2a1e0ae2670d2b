package barograph.query.parse;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PromqlException;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;

/// PromQL text to checked trees, for any number of threads at once.
///
/// Hostile text costs little: its length, its nesting and its chains are limited, and the limits
/// strike before anything recurses.
public final class QueryParser {
  /// The longest text, in characters.
  public static final int MAX_LENGTH = 1 << 20;

  /// How many levels an expression may have, chains of operators counting as one.
  public static final int MAX_NESTING = 250;

  /// How many binary operators an expression may have.
  public static final int MAX_OPERATORS = 10_000;

  static final String TOO_DEEP =
      "expression is nested more than %d levels deep".formatted(MAX_NESTING);

  private QueryParser() {}

  /// The tree of `query`.
  ///
  /// @throws PromqlException if it has none
  public static Expr parse(String query, Features features) {
    var lexer = lexer(query);
    SourceText source = lexer.source();
    var context = parser(lexer).query();
    Expr tree = new TreeBuilder(source, features).expression(context.expression());
    new TypeChecker(source).check(tree);
    return tree;
  }

  /// The conditions of a selector alone, as `match[]` gives it.
  ///
  /// @throws PromqlException if it is no selector
  public static List<Matcher> parseSelector(String selector) {
    var lexer = lexer(selector);
    var context = parser(lexer).selectorOnly();
    return new TreeBuilder(lexer.source(), Features.STABLE)
        .selector(context.vectorSelector())
        .matchers();
  }

  /// The labels that `series` spells, as in `up{job="node"}`.
  ///
  /// @throws PromqlException if it names no series
  public static Labels parseSeries(String series) {
    var lexer = lexer(series);
    var context = parser(lexer).seriesOnly();
    return new TreeBuilder(lexer.source(), Features.STABLE).series(context);
  }

  private static PromqlLexer lexer(String text) {
    if (text.length() > MAX_LENGTH) {
      throw PromqlException.anywhere(
          "expression has %d characters, more than %d".formatted(text.length(), MAX_LENGTH));
    }
    var lexer = new PromqlLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    return lexer;
  }

  private static Promql parser(PromqlLexer lexer) {
    var parser = new Promql(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    parser.setErrorHandler(new SyntaxComplaints(lexer.source()));
    // The grammar needs no more than a few words of look-ahead and never its callers' context.
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    return parser;
  }
}
