package barograph.query.parse;

import barograph.query.ast.Aggregator;
import barograph.query.ast.BinaryOperator;
import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.FunctionSignature;
import barograph.query.ast.Functions;
import barograph.query.ast.Quoting;
import barograph.query.ast.Span;
import barograph.query.ast.TimeShift;
import barograph.query.ast.ValueType;
import barograph.query.ast.VectorMatching;
import barograph.query.ast.VectorMatching.Cardinality;
import barograph.query.parse.Promql.AggregationContext;
import barograph.query.parse.Promql.ArgumentsContext;
import barograph.query.parse.Promql.BinaryModifiersContext;
import barograph.query.parse.Promql.CallContext;
import barograph.query.parse.Promql.ExpressionContext;
import barograph.query.parse.Promql.FillValueContext;
import barograph.query.parse.Promql.GroupingLabelContext;
import barograph.query.parse.Promql.GroupingLabelsContext;
import barograph.query.parse.Promql.LabelPairContext;
import barograph.query.parse.Promql.LiteralContext;
import barograph.query.parse.Promql.MatcherContext;
import barograph.query.parse.Promql.OperandContext;
import barograph.query.parse.Promql.ParenthesizedContext;
import barograph.query.parse.Promql.PostfixContext;
import barograph.query.parse.Promql.PrimaryContext;
import barograph.query.parse.Promql.SelectorContext;
import barograph.query.parse.Promql.SeriesOnlyContext;
import barograph.query.parse.Promql.SignContext;
import barograph.query.parse.Promql.TextContext;
import barograph.query.parse.Promql.VectorSelectorContext;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Builds the tree from ANTLR's, refusing what the grammar lets through.
///
/// Operators find their place as in Dijkstra's shunting yard: a stack of values, and one of
/// operators that wait for their right side.
final class TreeBuilder {
  /// A tree with its type and its number of levels, chains of binary operators counting as one.
  private record Built(Expr expr, ValueType type, int levels) {}

  /// A sign, which has no operator, or a binary operator.
  private record Waiting(
      @Nullable BinaryOperator operator, @Nullable BinaryModifiersContext modifiers, Token token) {
    int precedence() {
      return operator == null ? BinaryOperator.UNARY_PRECEDENCE : operator.precedence();
    }
  }

  private final SourceText source;
  private final Features features;
  private final DurationBuilder durations;
  private final ModifierRules modifiers;
  private int operators;

  TreeBuilder(SourceText source, Features features) {
    this.source = source;
    this.features = features;
    this.durations = new DurationBuilder(source);
    this.modifiers = new ModifierRules(source, features, durations);
  }

  Expr expression(ExpressionContext context) {
    return build(context).expr();
  }

  private Built build(ExpressionContext context) {
    var values = new ArrayDeque<Built>();
    var waiting = new ArrayDeque<Waiting>();
    List<OperandContext> operands = context.operand();
    var operatorTokens = context.binaryOperator();
    var operatorModifiers = context.binaryModifiers();
    for (int i = 0; i < operands.size(); i++) {
      if (i > 0) {
        Token token = operatorTokens.get(i - 1).getStart();
        if (++operators > QueryParser.MAX_OPERATORS) {
          throw source.complaint(
              token, "expression has more than %d operators".formatted(QueryParser.MAX_OPERATORS));
        }
        var next = new Waiting(operatorOf(token), operatorModifiers.get(i - 1), token);
        while (!waiting.isEmpty() && bindsBefore(waiting.element(), next)) {
          reduce(values, waiting.remove());
        }
        waiting.push(next);
      }
      OperandContext operand = operands.get(i);
      for (SignContext sign : operand.sign()) {
        waiting.push(new Waiting(null, null, sign.getStart()));
      }
      Built value = primary(operand.primary());
      for (PostfixContext postfix : operand.postfix()) {
        Expr modified = modifiers.apply(value.expr(), postfix);
        value = built(modified, deeper(value, postfix.getStart()));
      }
      values.push(value);
    }
    while (!waiting.isEmpty()) {
      reduce(values, waiting.remove());
    }
    return values.element();
  }

  private static boolean bindsBefore(Waiting earlier, Waiting next) {
    int order = Integer.compare(earlier.precedence(), next.precedence());
    return order > 0
        || (order == 0 && next.operator() != null && !next.operator().isRightAssociative());
  }

  private void reduce(ArrayDeque<Built> values, Waiting waiting) {
    Built right = values.pop();
    BinaryOperator operator = waiting.operator();
    BinaryModifiersContext context = waiting.modifiers();
    if (operator == null || context == null) {
      values.push(signed(waiting.token(), right));
      return;
    }
    Built left = values.pop();
    Span span = left.expr().span().to(right.expr().span());
    VectorMatching matching = matching(context);
    if (!features.fillModifiers()
        && (matching.fillLeft() != null || matching.fillRight() != null)) {
      throw source.complaint(span, "binop fill modifiers are experimental and not enabled");
    }
    if (operator.isSet() && matching.cardinality() == Cardinality.ONE_TO_ONE) {
      matching = matching.withCardinality(Cardinality.MANY_TO_MANY);
    }
    boolean scalar = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
    boolean vectors =
        left.type() == ValueType.INSTANT_VECTOR && right.type() == ValueType.INSTANT_VECTOR;
    boolean matters =
        vectors
            || !matching.labels().isEmpty()
            || matching.fillLeft() != null
            || matching.fillRight() != null;
    int leftLevels =
        left.expr() instanceof Expr.Binary ? left.levels() : deeper(left, waiting.token());
    values.push(
        new Built(
            new Expr.Binary(
                operator,
                left.expr(),
                right.expr(),
                context.BOOL() != null,
                matters ? matching : null,
                span),
            scalar ? ValueType.SCALAR : ValueType.INSTANT_VECTOR,
            Math.max(leftLevels, deeper(right, waiting.token()))));
  }

  private Built signed(Token sign, Built operand) {
    Span span = source.span(sign).to(operand.expr().span());
    boolean negative = sign.getType() == Promql.SUBTRACT;
    if (operand.expr() instanceof Expr.NumberLiteral(double value, boolean asDuration, _)) {
      return new Built(
          new Expr.NumberLiteral(negative ? -value : value, asDuration, span),
          ValueType.SCALAR,
          operand.levels());
    }
    return new Built(
        new Expr.Unary(negative, operand.expr(), span), operand.type(), deeper(operand, sign));
  }

  private int deeper(Built inner, Token at) {
    if (inner.levels() >= QueryParser.MAX_NESTING) {
      throw source.complaint(at, QueryParser.TOO_DEEP);
    }
    return inner.levels() + 1;
  }

  private Built primary(PrimaryContext context) {
    return switch (context) {
      case LiteralContext literal ->
          leaf(
              new Expr.NumberLiteral(
                  durations.value(literal.number()),
                  literal.getStart().getType() == Promql.DURATION,
                  source.span(literal)));
      case TextContext text ->
          leaf(new Expr.StringLiteral(StringSyntax.literal(text.getText()), source.span(text)));
      case ParenthesizedContext parenthesized -> {
        Built inner = build(parenthesized.expression());
        yield new Built(
            new Expr.Paren(inner.expr(), source.span(parenthesized)),
            inner.type(),
            deeper(inner, parenthesized.getStart()));
      }
      case AggregationContext aggregation -> aggregation(aggregation);
      case CallContext call -> call(call);
      case SelectorContext selector -> leaf(selector(selector.vectorSelector()));
      default -> throw new AssertionError(context);
    };
  }

  private static Built leaf(Expr expr) {
    return built(expr, 1);
  }

  /// Of anything but operators and parentheses, whose types depend on what is in them.
  private static Built built(Expr expr, int levels) {
    return new Built(expr, Expr.typeOf(expr), levels);
  }

  private Built aggregation(AggregationContext context) {
    Aggregator aggregator =
        Aggregator.valueOf(context.aggregator().getText().toUpperCase(Locale.ROOT));
    List<Built> arguments = arguments(context.arguments());
    Span span = source.span(context);
    if (arguments.isEmpty()) {
      throw source.complaint(span, "no arguments for aggregate expression provided");
    }
    if (aggregator.isExperimental() && !features.experimentalFunctions()) {
      throw source.complaint(
          span,
          aggregator.symbol()
              + "() is experimental and must be enabled with"
              + " --enable-feature=promql-experimental-functions");
    }
    int expected = aggregator.parameter() == null ? 1 : 2;
    if (arguments.size() != expected) {
      throw source.complaint(
          span,
          "wrong number of arguments for aggregate expression provided, expected %d, got %d"
              .formatted(expected, arguments.size()));
    }
    var grouping = context.grouping();
    return built(
        new Expr.Aggregate(
            aggregator,
            grouping != null && grouping.WITHOUT() != null,
            grouping == null ? List.of() : labels(grouping.groupingLabels()),
            expected == 2 ? arguments.getFirst().expr() : null,
            arguments.getLast().expr(),
            span),
        levelsAbove(arguments, context.getStart()));
  }

  private Built call(CallContext context) {
    List<Built> arguments = arguments(context.arguments());
    String name = context.functionName().getText();
    FunctionSignature function = Functions.find(name);
    if (function == null) {
      throw source.complaint(
          context.getStart(), "unknown function with name " + Quoting.quote(name));
    }
    if (function.experimental() && !features.experimentalFunctions()) {
      throw source.complaint(
          context.getStart(), "function " + Quoting.quote(name) + " is not enabled");
    }
    return built(
        new Expr.Call(function, arguments.stream().map(Built::expr).toList(), source.span(context)),
        levelsAbove(arguments, context.getStart()));
  }

  private List<Built> arguments(ArgumentsContext context) {
    var built = new ArrayList<Built>();
    for (ExpressionContext argument : context.expression()) {
      built.add(build(argument));
    }
    return built;
  }

  private int levelsAbove(List<Built> inner, Token at) {
    int levels = 1;
    for (Built built : inner) {
      levels = Math.max(levels, deeper(built, at));
    }
    return levels;
  }

  private List<String> labels(GroupingLabelsContext context) {
    var labels = new ArrayList<String>();
    for (GroupingLabelContext label : context.groupingLabel()) {
      String name = label.STRING() == null ? label.getText() : unquoted(label.STRING());
      if (name.isEmpty()) {
        throw source.complaint(
            label.getStart(), "invalid label name for grouping: " + Quoting.quote(name));
      }
      labels.add(name);
    }
    return labels;
  }

  private String unquoted(TerminalNode word) {
    try {
      return StringSyntax.unquote(word.getText());
    } catch (IllegalArgumentException e) {
      throw source.complaint(word.getSymbol(), String.valueOf(e.getMessage()));
    }
  }

  private VectorMatching matching(BinaryModifiersContext context) {
    var cardinality = Cardinality.ONE_TO_ONE;
    List<String> labels = List.of();
    List<String> include = List.of();
    List<GroupingLabelsContext> lists = context.groupingLabels();
    if (!lists.isEmpty()) {
      labels = labels(lists.getFirst());
      if (context.GROUP_LEFT() != null) {
        cardinality = Cardinality.MANY_TO_ONE;
      } else if (context.GROUP_RIGHT() != null) {
        cardinality = Cardinality.ONE_TO_MANY;
      }
      if (lists.size() > 1) {
        include = labels(lists.get(1));
      }
    }
    Double fillLeft = null;
    Double fillRight = null;
    if (context.fill() != null) {
      fillLeft = fillValue(context.fill().fillValue());
      fillRight = fillLeft;
    }
    if (context.fillLeft() != null) {
      fillLeft = fillValue(context.fillLeft().fillValue());
    }
    if (context.fillRight() != null) {
      fillRight = fillValue(context.fillRight().fillValue());
    }
    return new VectorMatching(
        cardinality, context.ON() != null, labels, include, fillLeft, fillRight);
  }

  private double fillValue(FillValueContext context) {
    double value = durations.value(context.number());
    SignContext sign = context.sign();
    return sign != null && sign.SUBTRACT() != null ? -value : value;
  }

  Expr.Selector selector(VectorSelectorContext context) {
    String name = context.metricName() == null ? "" : context.metricName().getText();
    var matchers = new ArrayList<Matcher>();
    if (context.matchers() != null) {
      for (MatcherContext matcher : context.matchers().matcher()) {
        matchers.add(matcher(matcher));
      }
    }
    if (!name.isEmpty()) {
      matchers.add(Matcher.equal(Labels.METRIC_NAME, name));
    }
    return new Expr.Selector(
        name, matchers, Expr.RangeMode.PLAIN, TimeShift.NONE, source.span(context));
  }

  private Matcher matcher(MatcherContext context) {
    List<TerminalNode> strings = context.STRING();
    if (context.getChildCount() == 1) {
      return Matcher.equal(Labels.METRIC_NAME, unquoted(strings.getFirst()));
    }
    String label =
        context.IDENTIFIER() != null
            ? context.IDENTIFIER().getText()
            : unquoted(strings.getFirst());
    var type =
        context.ASSIGN() != null
            ? Matcher.Type.EQUAL
            : context.NOT_EQUAL() != null
                ? Matcher.Type.NOT_EQUAL
                : context.MATCH() != null ? Matcher.Type.REGEX : Matcher.Type.NOT_REGEX;
    try {
      return new Matcher(type, label, unquoted(strings.getLast()));
    } catch (IllegalArgumentException e) {
      throw source.complaint(source.span(context), String.valueOf(e.getMessage()));
    }
  }

  Labels series(SeriesOnlyContext context) {
    var labels = Labels.EMPTY.toBuilder();
    if (context.labelSet() != null) {
      for (LabelPairContext pair : context.labelSet().labelPair()) {
        List<TerminalNode> strings = pair.STRING();
        String value = unquoted(strings.getLast());
        String name =
            pair.ASSIGN() == null
                ? Labels.METRIC_NAME
                : pair.IDENTIFIER() != null
                    ? pair.IDENTIFIER().getText()
                    : unquoted(strings.getFirst());
        try {
          labels.add(name, value);
        } catch (IllegalArgumentException e) {
          throw source.complaint(source.span(pair), String.valueOf(e.getMessage()));
        }
      }
    }
    if (context.metricName() != null) {
      labels.set(Labels.METRIC_NAME, context.metricName().getText());
    }
    return labels.build();
  }

  private static BinaryOperator operatorOf(Token token) {
    return switch (token.getType()) {
      case Promql.ADD -> BinaryOperator.ADD;
      case Promql.SUBTRACT -> BinaryOperator.SUBTRACT;
      case Promql.MULTIPLY -> BinaryOperator.MULTIPLY;
      case Promql.DIVIDE -> BinaryOperator.DIVIDE;
      case Promql.MODULO -> BinaryOperator.MODULO;
      case Promql.POWER -> BinaryOperator.POWER;
      case Promql.ATAN2 -> BinaryOperator.ATAN2;
      case Promql.EQUAL -> BinaryOperator.EQUAL;
      case Promql.NOT_EQUAL -> BinaryOperator.NOT_EQUAL;
      case Promql.LESS -> BinaryOperator.LESS;
      case Promql.LESS_EQUAL -> BinaryOperator.LESS_EQUAL;
      case Promql.GREATER -> BinaryOperator.GREATER;
      case Promql.GREATER_EQUAL -> BinaryOperator.GREATER_EQUAL;
      case Promql.TRIM_UPPER -> BinaryOperator.TRIM_UPPER;
      case Promql.TRIM_LOWER -> BinaryOperator.TRIM_LOWER;
      case Promql.AND -> BinaryOperator.AND;
      case Promql.OR -> BinaryOperator.OR;
      case Promql.UNLESS -> BinaryOperator.UNLESS;
      default -> throw new AssertionError(token);
    };
  }
}
