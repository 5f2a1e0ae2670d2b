package barograph.query.parse;

import static barograph.query.ast.ValueType.INSTANT_VECTOR;
import static barograph.query.ast.ValueType.SCALAR;

import barograph.query.ast.BinaryOperator;
import barograph.query.ast.Expr;
import barograph.query.ast.PromqlException;
import barograph.query.ast.Quoting;
import barograph.query.ast.Span;
import barograph.query.ast.ValueType;
import barograph.query.ast.VectorMatching;
import barograph.query.ast.VectorMatching.Cardinality;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/// Checks that every part of a tree gets what it can work with, in the order of Prometheus, so that
/// of several errors the same one is told.
final class TypeChecker {
  private final SourceText source;

  TypeChecker(SourceText source) {
    this.source = source;
  }

  /// The type of `expr`, all of whose parts fit.
  ///
  /// @throws PromqlException at the first part that does not
  ValueType check(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _ -> SCALAR;
      case Expr.StringLiteral _ -> ValueType.STRING;
      case Expr.Selector selector -> selector(selector, true);
      case Expr.RangeSelector range -> {
        selector(range.selector(), true);
        yield ValueType.RANGE_VECTOR;
      }
      case Expr.Subquery subquery -> {
        ValueType inner = check(subquery.inner());
        if (inner != INSTANT_VECTOR) {
          throw complaint(
              subquery,
              "subquery is only allowed on instant vector, got %s instead"
                  .formatted(shortName(inner)));
        }
        yield ValueType.RANGE_VECTOR;
      }
      case Expr.Aggregate aggregate -> aggregate(aggregate);
      case Expr.Call call -> call(call);
      case Expr.Binary binary -> chain(binary);
      case Expr.Unary unary -> {
        ValueType operand = check(unary.operand());
        if (operand != SCALAR && operand != INSTANT_VECTOR) {
          throw complaint(
              unary,
              "unary expression only allowed on expressions of type scalar or instant vector,"
                  + " got \"%s\"".formatted(operand.documented()));
        }
        yield operand;
      }
      case Expr.Paren paren -> check(paren.inner());
    };
  }

  private ValueType selector(Expr.Selector selector, boolean mustSelect) {
    List<Matcher> matchers = selector.matchers();
    if (!selector.name().isEmpty()) {
      for (Matcher matcher : matchers.subList(0, matchers.size() - 1)) {
        if (matcher.name().equals(Labels.METRIC_NAME)) {
          throw complaint(
              selector,
              "metric name must not be set twice: %s or %s"
                  .formatted(Quoting.quote(selector.name()), Quoting.quote(matcher.value())));
        }
      }
    } else if (mustSelect && matchers.stream().allMatch(Matcher::matchesEmpty)) {
      throw complaint(selector, "vector selector must contain at least one non-empty matcher");
    }
    return INSTANT_VECTOR;
  }

  private ValueType aggregate(Expr.Aggregate aggregate) {
    expect(aggregate.operand(), INSTANT_VECTOR, "aggregation expression");
    ValueType parameter = aggregate.aggregator().parameter();
    if (parameter != null && aggregate.parameter() != null) {
      expect(aggregate.parameter(), parameter, "aggregation parameter");
    }
    return INSTANT_VECTOR;
  }

  private void expect(Expr expr, ValueType wanted, String context) {
    ValueType found = check(expr);
    if (found != wanted) {
      throw complaint(
          expr,
          "expected type %s in %s, got %s"
              .formatted(wanted.documented(), context, found.documented()));
    }
  }

  private ValueType call(Expr.Call call) {
    var function = call.function();
    List<Expr> arguments = call.arguments();
    String name = Quoting.quote(function.name());
    int count = arguments.size();
    if (!function.isVariadic() && count != function.minArguments()) {
      throw complaint(
          call,
          "expected %d argument(s) in call to %s, got %d"
              .formatted(function.minArguments(), name, count));
    }
    if (count < function.minArguments()) {
      throw complaint(
          call,
          "expected at least %d argument(s) in call to %s, got %d"
              .formatted(function.minArguments(), name, count));
    }
    if (count > function.maxArguments()) {
      throw complaint(
          call,
          "expected at most %d argument(s) in call to %s, got %d"
              .formatted(function.maxArguments(), name, count));
    }
    boolean info = function.name().equals("info") && count > 1;
    if (info) {
      infoLabels(arguments.get(1));
    }
    for (int i = 0; i < count; i++) {
      Expr argument = arguments.get(i);
      if (info && i == 1) {
        // Its selector may match everything.
        continue;
      }
      expect(argument, function.argument(i), "call to function " + name);
    }
    return function.returns();
  }

  private void infoLabels(Expr labels) {
    ValueType type = Expr.typeOf(labels);
    if (type != INSTANT_VECTOR) {
      throw complaint(
          labels,
          "expected type instant vector in call to function \"info\", got " + type.documented());
    }
    if (!(labels instanceof Expr.Selector selector)) {
      throw complaint(labels, "expected label selectors only");
    }
    if (!selector.name().isEmpty()) {
      throw complaint(labels, "expected label selectors only, got vector selector instead");
    }
    selector(selector, false);
  }

  /// Checks a chain `a + b + c`, which leans to the left, from its first operand on.
  private ValueType chain(Expr.Binary root) {
    var chain = new ArrayDeque<Expr.Binary>();
    Expr first = root;
    while (first instanceof Expr.Binary binary) {
      chain.push(binary);
      first = binary.left();
    }
    ValueType type = check(first);
    for (Expr.Binary binary : chain) {
      type = binary(binary, type, check(binary.right()));
    }
    return type;
  }

  private ValueType binary(Expr.Binary binary, ValueType left, ValueType right) {
    BinaryOperator operator = binary.operator();
    if (binary.returnBool() && !operator.isComparison()) {
      throw source.complaint(
          operatorSpan(binary), "bool modifier can only be used on comparison operators");
    }
    if (operator.isComparison() && !binary.returnBool() && left == SCALAR && right == SCALAR) {
      throw source.complaint(
          operatorSpan(binary), "comparisons between scalars must use BOOL modifier");
    }
    VectorMatching matching = binary.matching();
    if (matching != null && matching.on()) {
      for (String label : matching.labels()) {
        if (matching.include().contains(label)) {
          throw source.complaint(
              operatorSpan(binary),
              "label %s must not occur in ON and GROUP clause at once"
                  .formatted(Quoting.quote(label)));
        }
      }
    }
    operand(binary.left(), left);
    operand(binary.right(), right);
    if (matching != null) {
      matching(binary, matching, left == INSTANT_VECTOR && right == INSTANT_VECTOR);
    }
    if (operator.isSet() && (left == SCALAR || right == SCALAR)) {
      throw complaint(
          binary,
          "set operator \"%s\" not allowed in binary scalar expression"
              .formatted(operator.symbol()));
    }
    return left == SCALAR && right == SCALAR ? SCALAR : INSTANT_VECTOR;
  }

  private void operand(Expr operand, ValueType type) {
    if (type != SCALAR && type != INSTANT_VECTOR) {
      throw complaint(
          operand, "binary expression must contain only scalar and instant vector types");
    }
  }

  private void matching(Expr.Binary binary, VectorMatching matching, boolean vectors) {
    boolean fills = matching.fillLeft() != null || matching.fillRight() != null;
    if (!vectors) {
      if (!matching.labels().isEmpty()) {
        throw complaint(binary, "vector matching only allowed between instant vectors");
      }
      if (fills) {
        throw complaint(binary, "filling in missing series only allowed between instant vectors");
      }
    } else if (binary.operator().isSet()) {
      if (matching.cardinality() != Cardinality.MANY_TO_MANY) {
        throw complaint(
            binary,
            "no grouping allowed for \"%s\" operation".formatted(binary.operator().symbol()));
      }
      if (fills) {
        throw complaint(binary, "filling in missing series not allowed for set operators");
      }
    }
  }

  /// The words between the operands.
  private Span operatorSpan(Expr.Binary binary) {
    byte[] bytes = source.text().getBytes(StandardCharsets.UTF_8);
    int start = binary.left().span().end();
    while (start < bytes.length && bytes[start] <= ' ' && bytes[start] >= 0) {
      start++;
    }
    return new Span(start, Math.max(start, binary.right().span().start()));
  }

  private PromqlException complaint(Expr at, String detail) {
    return source.complaint(at.span(), detail);
  }

  private static String shortName(ValueType type) {
    return switch (type) {
      case SCALAR -> "scalar";
      case INSTANT_VECTOR -> "vector";
      case RANGE_VECTOR -> "matrix";
      case STRING -> "string";
    };
  }
}
