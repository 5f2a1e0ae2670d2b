package barograph.query.ast;

import barograph.query.ast.VectorMatching.Cardinality;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Trees to PromQL text, as Prometheus prints them: one line, one space, matchers sorted.
///
/// Reading the text again gives the same tree but for its spans.
public final class Printer {
  /// Is told where in the text each node begins and ends.
  interface Marks {
    void mark(Expr expr, int start, int end);
  }

  private final StringBuilder text = new StringBuilder();
  private final Marks marks;

  private Printer(Marks marks) {
    this.marks = marks;
  }

  /// The text of `expr`.
  public static String print(Expr expr) {
    return print(expr, (_, _, _) -> {});
  }

  /// The text of `duration`, outside of any brackets.
  public static String print(DurationExpr duration) {
    var printer = new Printer((_, _, _) -> {});
    printer.duration(duration, true);
    return printer.text.toString();
  }

  static String print(Expr expr, Marks marks) {
    var printer = new Printer(marks);
    printer.expression(expr);
    return printer.text.toString();
  }

  /// What stands between the operands, without spaces around it.
  static String operator(Expr.Binary binary) {
    var printer = new Printer((_, _, _) -> {});
    printer.operatorWithModifiers(binary);
    return printer.text.toString();
  }

  /// What stands before the parentheses.
  static String head(Expr.Aggregate aggregate) {
    var printer = new Printer((_, _, _) -> {});
    printer.aggregateHead(aggregate);
    return printer.text.toString();
  }

  /// What stands behind the inner expression.
  static String suffix(Expr.Subquery subquery) {
    var printer = new Printer((_, _, _) -> {});
    printer.subquerySuffix(subquery);
    return printer.text.toString();
  }

  private void expression(Expr expr) {
    int start = text.length();
    switch (expr) {
      case Expr.NumberLiteral(double value, boolean asDuration, _) -> number(value, asDuration);
      case Expr.StringLiteral(var value, _) -> text.append(Quoting.quote(value));
      case Expr.Selector selector -> {
        conditions(selector);
        at(selector.shift());
        mode(selector.mode());
        offset(selector.shift());
      }
      case Expr.RangeSelector(var selector, var range, _) -> {
        conditions(selector);
        text.append('[');
        duration(range, true);
        text.append(']');
        mode(selector.mode());
        at(selector.shift());
        offset(selector.shift());
      }
      case Expr.Subquery subquery -> {
        expression(subquery.inner());
        subquerySuffix(subquery);
      }
      case Expr.Aggregate aggregate -> {
        aggregateHead(aggregate);
        text.append('(');
        if (aggregate.parameter() != null) {
          expression(aggregate.parameter());
          text.append(", ");
        }
        expression(aggregate.operand());
        text.append(')');
      }
      case Expr.Call(var function, var arguments, _) -> {
        text.append(function.name()).append('(');
        for (int i = 0; i < arguments.size(); i++) {
          text.append(i > 0 ? ", " : "");
          expression(arguments.get(i));
        }
        text.append(')');
      }
      case Expr.Binary binary -> chain(binary);
      case Expr.Unary(boolean negative, var operand, _) -> {
        text.append(negative ? '-' : '+');
        expression(operand);
      }
      case Expr.Paren(var inner, _) -> {
        text.append('(');
        expression(inner);
        text.append(')');
      }
    }
    marks.mark(expr, start, text.length());
  }

  /// A chain leans to the left and may be long: a loop, not a recursion.
  private void chain(Expr.Binary root) {
    int start = text.length();
    var chain = new ArrayDeque<Expr.Binary>();
    Expr first = root;
    while (first instanceof Expr.Binary binary) {
      chain.push(binary);
      first = binary.left();
    }
    expression(first);
    for (Expr.Binary binary : chain) {
      text.append(' ');
      operatorWithModifiers(binary);
      text.append(' ');
      expression(binary.right());
      marks.mark(binary, start, text.length());
    }
  }

  private void operatorWithModifiers(Expr.Binary binary) {
    text.append(binary.operator().symbol()).append(binary.returnBool() ? " bool" : "");
    VectorMatching matching = binary.matching();
    if (matching == null) {
      return;
    }
    boolean left = matching.cardinality() == Cardinality.MANY_TO_ONE;
    boolean right = matching.cardinality() == Cardinality.ONE_TO_MANY;
    if (!matching.labels().isEmpty() || matching.on() || left || right) {
      text.append(matching.on() ? " on (" : " ignoring (");
      labels(matching.labels());
      text.append(')');
    }
    if (left || right) {
      text.append(left ? " group_left (" : " group_right (");
      labels(matching.include());
      text.append(')');
    }
    Double fillLeft = matching.fillLeft();
    Double fillRight = matching.fillRight();
    if (fillLeft != null && fillRight != null && fillLeft.doubleValue() == fillRight) {
      fill("fill", fillLeft);
      return;
    }
    if (fillLeft != null) {
      fill("fill_left", fillLeft);
    }
    if (fillRight != null) {
      fill("fill_right", fillRight);
    }
  }

  private void fill(String keyword, double value) {
    text.append(' ').append(keyword).append(" (").append(NumberText.general(value)).append(')');
  }

  private void aggregateHead(Expr.Aggregate aggregate) {
    text.append(aggregate.aggregator().symbol());
    if (aggregate.without() || !aggregate.grouping().isEmpty()) {
      text.append(aggregate.without() ? " without (" : " by (");
      labels(aggregate.grouping());
      text.append(") ");
    }
  }

  private void labels(List<String> labels) {
    for (int i = 0; i < labels.size(); i++) {
      text.append(i > 0 ? ", " : "").append(label(labels.get(i)));
    }
  }

  private void conditions(Expr.Selector selector) {
    text.append(selector.name());
    var conditions = new ArrayList<String>();
    for (Matcher matcher : selector.matchers()) {
      boolean isName =
          matcher.name().equals(Labels.METRIC_NAME)
              && matcher.type() == Matcher.Type.EQUAL
              && matcher.value().equals(selector.name())
              && !matcher.value().isEmpty();
      if (!isName) {
        conditions.add(
            label(matcher.name()) + matcher.type().symbol() + Quoting.quote(matcher.value()));
      }
    }
    if (!conditions.isEmpty()) {
      conditions.sort(Labels.UTF8_ORDER);
      text.append('{').append(String.join(",", conditions)).append('}');
    }
  }

  /// A label's name, in quotes unless it is of letters, digits and underscores.
  private static String label(String name) {
    return isPlain(name) ? name : Quoting.quote(name);
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private void subquerySuffix(Expr.Subquery subquery) {
    text.append('[');
    duration(subquery.range(), true);
    text.append(':');
    if (subquery.step() != null) {
      duration(subquery.step(), true);
    }
    text.append(']');
    at(subquery.shift());
    offset(subquery.shift());
  }

  private void at(TimeShift shift) {
    switch (shift.at()) {
      case At.EachStep _ -> {}
      case At.Fixed(long millis) ->
          text.append(" @ ")
              .append(new BigDecimal(millis / 1e3).setScale(3, RoundingMode.HALF_EVEN));
      case At.Start _ -> text.append(" @ start()");
      case At.End _ -> text.append(" @ end()");
    }
  }

  private void offset(TimeShift shift) {
    if (shift.offset() != null) {
      text.append(" offset ");
      duration(shift.offset(), true);
    }
  }

  private void mode(Expr.RangeMode mode) {
    text.append(
        switch (mode) {
          case PLAIN -> "";
          case ANCHORED -> " anchored";
          case SMOOTHED -> " smoothed";
        });
  }

  private void number(double value, boolean asDuration) {
    if (asDuration) {
      text.append(value < 0 ? "-" : "")
          .append(Durations.format((long) (Math.abs(value) * 1e9) / 1_000_000));
    } else {
      text.append(NumberText.shortest(value));
    }
  }

  /// @param alone whether it is a whole duration and not a part: then 300 is printed as `5m`
  private void duration(DurationExpr duration, boolean alone) {
    switch (duration) {
      case DurationExpr.Literal literal -> {
        if (alone) {
          text.append(Durations.format(literal.millis(DurationExpr.Clock.INSTANT)));
        } else {
          number(literal.seconds(), literal.asDuration());
        }
      }
      case DurationExpr.Step _ -> text.append("step()");
      case DurationExpr.Range _ -> text.append("range()");
      case DurationExpr.Negation(var operand, _) -> {
        text.append('-');
        duration(operand, false);
      }
      case DurationExpr.Paren(var inner, _) -> {
        text.append('(');
        duration(inner, false);
        text.append(')');
      }
      case DurationExpr.Binary(var operator, var left, var right, _) -> {
        duration(left, false);
        text.append(' ').append(operator.symbol()).append(' ');
        duration(right, false);
      }
      case DurationExpr.MinOf(var left, var right, _) -> choice("min_of(", left, right);
      case DurationExpr.MaxOf(var left, var right, _) -> choice("max_of(", left, right);
    }
  }

  private void choice(String head, DurationExpr left, DurationExpr right) {
    text.append(head);
    duration(left, false);
    text.append(", ");
    duration(right, false);
    text.append(')');
  }
}
