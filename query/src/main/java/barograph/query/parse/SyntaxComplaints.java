package barograph.query.parse;

import barograph.query.ast.PromqlException;
import barograph.query.ast.Quoting;
import barograph.query.ast.Span;
import barograph.query.parse.Promql.AggregationContext;
import barograph.query.parse.Promql.ArgumentsContext;
import barograph.query.parse.Promql.AtContext;
import barograph.query.parse.Promql.GroupingLabelsContext;
import barograph.query.parse.Promql.LabelSetContext;
import barograph.query.parse.Promql.MatchersContext;
import barograph.query.parse.Promql.OffsetContext;
import barograph.query.parse.Promql.RangeContext;
import barograph.query.parse.Promql.SelectorOnlyContext;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// Words the first syntax error as Prometheus does, and stops there.
///
/// Prometheus names the innermost construct that has something to say about what it expects, and
/// only says "unexpected …" where none has.
final class SyntaxComplaints extends DefaultErrorStrategy {
  private final SourceText source;

  SyntaxComplaints(SourceText source) {
    this.source = source;
  }

  @Override
  public void recover(Parser parser, RecognitionException e) {
    throw complaint(parser, e.getOffendingToken());
  }

  @Override
  public Token recoverInline(Parser parser) {
    throw complaint(parser, parser.getCurrentToken());
  }

  @Override
  public void reportError(Parser parser, RecognitionException e) {
    // What follows is a call of recover, which throws.
  }

  @Override
  public void sync(Parser parser) {
    // Nothing is skipped and nothing made up.
  }

  private PromqlException complaint(Parser parser, Token offending) {
    Token before = parser.getInputStream().LT(-1);
    int previous =
        before == null || offending.getTokenIndex() == 0
            ? Token.EOF
            : typeBefore(parser, offending);
    if (offending.getType() == Token.EOF && previous == Token.EOF) {
      if (isInSelector(parser)) {
        String end = "unexpected " + describe(offending);
        return source.text().isEmpty()
            ? PromqlException.anywhere(end)
            : source.complaint(offending, end);
      }
      String nothing = "no expression found in input";
      return source.text().isEmpty()
          ? PromqlException.anywhere(nothing)
          : source.complaint(Span.NONE, nothing);
    }
    RuleContext innermost = parser.getContext();
    for (RuleContext at = innermost; at != null; at = at.getParent()) {
      String context =
          switch (at) {
            case ArgumentsContext _ when previous == Promql.COMMA ->
                throw source.complaint(
                    parser.getTokenStream().get(offending.getTokenIndex() - 1),
                    "trailing commas not allowed in function call args");
            case MatchersContext _ -> inMatchers(previous);
            case LabelSetContext _ -> inLabelSet(previous);
            case GroupingLabelsContext _ -> inGrouping(previous);
            case OffsetContext _ -> " in offset, expected number, duration, step(), or range()";
            case AtContext _ -> " in @, expected timestamp";
            case RangeContext range -> inRange(range, at.equals(innermost), previous);
            case AggregationContext _ -> " in aggregation";
            default -> "";
          };
      if (!context.isEmpty()) {
        return source.complaint(offending, "unexpected " + describe(offending) + context);
      }
    }
    return source.complaint(offending, "unexpected " + describe(offending));
  }

  /// Whether a selector alone is read, of which nothing is not an expression that is missing.
  private static boolean isInSelector(Parser parser) {
    RuleContext at = parser.getContext();
    while (at.getParent() != null) {
      at = at.getParent();
    }
    return at instanceof SelectorOnlyContext;
  }

  private static int typeBefore(Parser parser, Token offending) {
    return parser.getTokenStream().get(offending.getTokenIndex() - 1).getType();
  }

  private static String inMatchers(int previous) {
    return " in label matching, expected "
        + switch (previous) {
          case Promql.LEFT_BRACE, Promql.COMMA -> "identifier or \"}\"";
          case Promql.IDENTIFIER -> "label matching operator";
          case Promql.ASSIGN, Promql.NOT_EQUAL, Promql.MATCH, Promql.NOT_MATCH -> "string";
          default -> "\",\" or \"}\"";
        };
  }

  private static String inLabelSet(int previous) {
    return " in label set, expected "
        + switch (previous) {
          case Promql.LEFT_BRACE, Promql.COMMA -> "identifier or \"}\"";
          case Promql.IDENTIFIER -> "\"=\"";
          case Promql.ASSIGN -> "string";
          default -> "\",\" or \"}\"";
        };
  }

  private static String inGrouping(int previous) {
    return " in grouping opts, expected "
        + switch (previous) {
          case Promql.BY,
              Promql.WITHOUT,
              Promql.ON,
              Promql.IGNORING,
              Promql.GROUP_LEFT,
              Promql.GROUP_RIGHT ->
              "\"(\"";
          case Promql.LEFT_PAREN, Promql.COMMA -> "label";
          default -> "\",\" or \")\"";
        };
  }

  private static String inRange(RangeContext range, boolean complete, int previous) {
    if (range.COLON() == null) {
      return complete && previous != Promql.LEFT_BRACKET
          ? " in subquery or range, expected \":\" or \"]\""
          : " in subquery or range selector, expected number, duration, step(), or range()";
    }
    return complete && previous != Promql.COLON
        ? " in subquery selector, expected \"]\""
        : " in subquery selector, expected number, duration, step(), range(), or \"]\"";
  }

  /// A word as errors name it: its class, if that says more than the word, and the word.
  static String describe(Token token) {
    String word = token.getText();
    int type = token.getType();
    return switch (type) {
      case Token.EOF -> "end of input";
      case Promql.IDENTIFIER -> "identifier " + Quoting.quote(word);
      case Promql.METRIC_IDENTIFIER -> "metric identifier " + Quoting.quote(word);
      case Promql.STRING -> "string " + shortened(word);
      case Promql.NUMBER -> "number " + shortened(word);
      case Promql.DURATION -> "duration " + shortened(word);
      case Promql.LEFT_PAREN,
          Promql.RIGHT_PAREN,
          Promql.LEFT_BRACE,
          Promql.RIGHT_BRACE,
          Promql.LEFT_BRACKET,
          Promql.RIGHT_BRACKET,
          Promql.COMMA,
          Promql.COLON,
          Promql.ASSIGN,
          Promql.START,
          Promql.END,
          Promql.STEP,
          Promql.RANGE,
          Promql.MIN_OF,
          Promql.MAX_OF ->
          Quoting.quote(word);
      default -> {
        String kind = kindOf(type);
        yield kind == null ? Quoting.quote(word) : "<" + kind + word + ">";
      }
    };
  }

  private static @Nullable String kindOf(int type) {
    if (type >= Promql.SUM && type <= Promql.LIMIT_RATIO) {
      return "aggr:";
    }
    if (type >= Promql.BOOL && type <= Promql.SMOOTHED) {
      return "";
    }
    return type == Promql.MATCH
            || type == Promql.NOT_MATCH
            || (type >= Promql.ADD && type <= Promql.AT)
        ? "op:"
        : null;
  }

  private static String shortened(String word) {
    return word.codePointCount(0, word.length()) > 10
        ? Quoting.quote(word.substring(0, word.offsetByCodePoints(0, 10))) + "..."
        : Quoting.quote(word);
  }
}
