package barograph.query;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PrettyPrinter;
import barograph.query.ast.Printer;
import barograph.query.ast.PromqlException;
import barograph.query.parse.QueryParser;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// PromQL as text, for those who check, show or format queries and do not run them.
public final class PromqlText {
  private PromqlText() {}

  /// The checked tree of `query`.
  ///
  /// @throws PromqlException with Prometheus's words and the position, if it has none
  public static Expr parse(String query, Set<EngineOptions.Feature> features) {
    return QueryParser.parse(query, featuresOf(features));
  }

  /// The tree as one line of text.
  public static String print(Expr expr) {
    return Printer.print(expr);
  }

  /// The tree as text of lines of about 100 columns.
  public static String pretty(Expr expr) {
    return PrettyPrinter.print(expr);
  }

  /// The conditions of a `match[]` parameter.
  ///
  /// @throws PromqlException if it is no selector, or one that would select everything
  public static List<Matcher> matchers(String selector) {
    List<Matcher> matchers = QueryParser.parseSelector(selector);
    if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
      throw PromqlException.plain("match[] must contain at least one non-empty matcher");
    }
    return matchers;
  }

  /// The conditions of every selector in the tree, in the order of the text.
  public static List<List<Matcher>> selectors(Expr expr) {
    var found = new ArrayList<List<Matcher>>();
    collectSelectors(expr, found);
    return found;
  }

  private static void collectSelectors(Expr expr, List<List<Matcher>> into) {
    var rights = new ArrayDeque<Expr>();
    Expr at = expr;
    while (at instanceof Expr.Binary binary) {
      rights.push(binary.right());
      at = binary.left();
    }
    switch (at) {
      case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.Binary _ -> {}
      case Expr.Selector selector -> into.add(selector.matchers());
      case Expr.RangeSelector range -> into.add(range.selector().matchers());
      case Expr.Subquery subquery -> collectSelectors(subquery.inner(), into);
      case Expr.Aggregate aggregate -> {
        Expr parameter = aggregate.parameter();
        if (parameter != null) {
          collectSelectors(parameter, into);
        }
        collectSelectors(aggregate.operand(), into);
      }
      case Expr.Call call -> call.arguments().forEach(each -> collectSelectors(each, into));
      case Expr.Unary unary -> collectSelectors(unary.operand(), into);
      case Expr.Paren paren -> collectSelectors(paren.inner(), into);
    }
    rights.forEach(right -> collectSelectors(right, into));
  }

  /// The labels that a series' description spells, as in `up{job="node"}`.
  ///
  /// @throws PromqlException if it names no series
  public static Labels series(String description) {
    return QueryParser.parseSeries(description);
  }

  /// The switches of the grammar among those of the engine.
  static Features featuresOf(Set<EngineOptions.Feature> features) {
    return new Features(
        features.contains(EngineOptions.Feature.EXPERIMENTAL_FUNCTIONS),
        features.contains(EngineOptions.Feature.EXTENDED_RANGE_SELECTORS),
        features.contains(EngineOptions.Feature.BINOP_FILL_MODIFIERS));
  }
}
