package barograph.query.parse;

import barograph.query.ast.DurationExpr;
import barograph.query.ast.DurationExpr.Operator;
import barograph.query.ast.Durations;
import barograph.query.ast.Span;
import barograph.query.parse.Promql.DurationChoiceContext;
import barograph.query.parse.Promql.DurationContext;
import barograph.query.parse.Promql.DurationLiteralContext;
import barograph.query.parse.Promql.DurationOfQueryContext;
import barograph.query.parse.Promql.DurationOperandContext;
import barograph.query.parse.Promql.DurationOperatorContext;
import barograph.query.parse.Promql.DurationParenthesizedContext;
import barograph.query.parse.Promql.DurationPrimaryContext;
import barograph.query.parse.Promql.NumberContext;
import barograph.query.parse.Promql.OffsetDurationContext;
import barograph.query.parse.Promql.SignContext;
import java.util.ArrayDeque;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// Builds the durations within `[ ]` and after `offset`.
final class DurationBuilder {
  /// How many signs and operators the durations of one expression may have together: their trees
  /// are walked by recursion.
  private static final int MAX_OPERATORS = 250;

  private static final double MAX_SECONDS = 0x1p63 / 1e9;

  /// A sign or a binary operator that waits for its right side.
  private record Waiting(@Nullable Operator operator, Token token) {
    int precedence() {
      return operator == null ? Operator.UNARY_PRECEDENCE : operator.precedence();
    }
  }

  private final SourceText source;
  private int operators;

  DurationBuilder(SourceText source) {
    this.source = source;
  }

  /// What stands after `offset`; null if it is a plain 0, which is no offset.
  @Nullable DurationExpr offset(OffsetDurationContext context) {
    DurationExpr built = primary(context.durationPrimary());
    List<SignContext> signs = context.sign();
    for (int i = signs.size() - 1; i >= 0; i--) {
      built = signed(signs.get(i).getStart(), built);
    }
    return built instanceof DurationExpr.Literal(double seconds, _, _) && seconds == 0
        ? null
        : built;
  }

  /// A range or a step: more than nothing, as far as that shows without evaluating.
  DurationExpr positive(DurationContext context) {
    DurationExpr built = duration(context);
    if (built instanceof DurationExpr.Literal(double seconds, _, Span span) && seconds <= 0) {
      throw source.complaint(span, "duration must be greater than 0");
    }
    return built;
  }

  /// The value of a number or duration, in seconds if it is the latter.
  double value(NumberContext context) {
    Token token = context.getStart();
    try {
      return token.getType() == Promql.DURATION
          ? Durations.parseMillis(token.getText()) / 1e3
          : NumberSyntax.value(token.getText());
    } catch (IllegalArgumentException e) {
      throw source.complaint(token, String.valueOf(e.getMessage()));
    }
  }

  private DurationExpr duration(DurationContext context) {
    var values = new ArrayDeque<DurationExpr>();
    var waiting = new ArrayDeque<Waiting>();
    List<DurationOperandContext> operands = context.durationOperand();
    for (int i = 0; i < operands.size(); i++) {
      if (i > 0) {
        DurationOperatorContext operator = context.durationOperator(i - 1);
        Operator next = operatorOf(operator.getStart());
        while (!waiting.isEmpty()
            && (waiting.element().precedence() > next.precedence()
                || (waiting.element().precedence() == next.precedence()
                    && next != Operator.POWER))) {
          reduce(values, waiting.remove());
        }
        waiting.push(new Waiting(next, operator.getStart()));
      }
      for (SignContext sign : operands.get(i).sign()) {
        waiting.push(new Waiting(null, sign.getStart()));
      }
      values.push(primary(operands.get(i).durationPrimary()));
    }
    while (!waiting.isEmpty()) {
      reduce(values, waiting.remove());
    }
    return values.element();
  }

  private void reduce(ArrayDeque<DurationExpr> values, Waiting waiting) {
    Operator operator = waiting.operator();
    DurationExpr right = values.pop();
    if (operator == null) {
      values.push(signed(waiting.token(), right));
      return;
    }
    count(waiting.token());
    DurationExpr left = values.pop();
    if (right instanceof DurationExpr.Literal(double seconds, _, _) && seconds == 0) {
      if (operator == Operator.DIVIDE) {
        throw source.complaint(waiting.token(), "division by zero");
      }
      if (operator == Operator.MODULO) {
        throw source.complaint(waiting.token(), "modulo by zero");
      }
    }
    values.push(new DurationExpr.Binary(operator, left, right, left.span().to(right.span())));
  }

  private DurationExpr signed(Token sign, DurationExpr operand) {
    if (sign.getType() == Promql.ADD) {
      return operand;
    }
    Span span = source.span(sign).to(operand.span());
    if (operand instanceof DurationExpr.Literal(double seconds, boolean asDuration, _)) {
      return new DurationExpr.Literal(-seconds, asDuration, span);
    }
    count(sign);
    return new DurationExpr.Negation(operand, span);
  }

  private void count(Token at) {
    if (++operators > MAX_OPERATORS) {
      throw source.complaint(at, "durations have more than %d operators".formatted(MAX_OPERATORS));
    }
  }

  private DurationExpr primary(DurationPrimaryContext context) {
    Span span = source.span(context);
    return switch (context) {
      case DurationLiteralContext literal -> {
        double seconds = value(literal.number());
        if (!(Math.abs(seconds) <= MAX_SECONDS)) {
          throw source.complaint(span, "duration out of range");
        }
        yield new DurationExpr.Literal(
            seconds, literal.getStart().getType() == Promql.DURATION, span);
      }
      case DurationOfQueryContext ofQuery ->
          ofQuery.STEP() != null ? new DurationExpr.Step(span) : new DurationExpr.Range(span);
      case DurationChoiceContext choice -> {
        DurationExpr left = duration(choice.duration(0));
        DurationExpr right = duration(choice.duration(1));
        yield choice.MIN_OF() != null
            ? new DurationExpr.MinOf(left, right, span)
            : new DurationExpr.MaxOf(left, right, span);
      }
      case DurationParenthesizedContext parenthesized -> {
        DurationExpr inner = duration(parenthesized.duration());
        yield inner instanceof DurationExpr.Paren ? inner : new DurationExpr.Paren(inner, span);
      }
      default -> throw new AssertionError(context);
    };
  }

  private static Operator operatorOf(Token token) {
    return switch (token.getType()) {
      case Promql.ADD -> Operator.ADD;
      case Promql.SUBTRACT -> Operator.SUBTRACT;
      case Promql.MULTIPLY -> Operator.MULTIPLY;
      case Promql.DIVIDE -> Operator.DIVIDE;
      case Promql.MODULO -> Operator.MODULO;
      case Promql.POWER -> Operator.POWER;
      default -> throw new AssertionError(token);
    };
  }
}
