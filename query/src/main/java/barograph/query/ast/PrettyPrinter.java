package barograph.query.ast;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;

/// Trees to PromQL text over several lines, as Prometheus's `format_query` lays them out: what does
/// not fit into a line is split at its parentheses and operators.
public final class PrettyPrinter {
  /// The longest line that is not split, in bytes, indentation not counted.
  private static final int MAX_LINE_BYTES = 100;

  /// Deeper levels are not indented further: a long chain would become mostly blanks.
  private static final int MAX_INDENT = 100;

  private final StringBuilder text = new StringBuilder();

  /// What each node looks like on one line.
  private final IdentityHashMap<Expr, String> lines = new IdentityHashMap<>();

  private PrettyPrinter(Expr root) {
    record Mark(Expr expr, int start, int end) {}
    var marks = new ArrayDeque<Mark>();
    String whole = Printer.print(root, (expr, start, end) -> marks.add(new Mark(expr, start, end)));
    for (Mark mark : marks) {
      // A node that is too long as it is needs no line.
      if (mark.end() - mark.start() <= MAX_LINE_BYTES) {
        lines.put(mark.expr(), whole.substring(mark.start(), mark.end()));
      }
    }
    lines.values().removeIf(line -> line.getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES);
  }

  /// The text of `expr`, without a line break at its end.
  public static String print(Expr expr) {
    var printer = new PrettyPrinter(expr);
    printer.expression(expr, 0);
    return printer.text.toString();
  }

  private void expression(Expr expr, int level) {
    String line = lines.get(expr);
    if (line != null) {
      // Prometheus does not indent a short subquery.
      indent(expr instanceof Expr.Subquery ? 0 : level);
      text.append(line);
      return;
    }
    switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.Selector _, Expr.RangeSelector _ -> {
        indent(level);
        text.append(Printer.print(expr));
      }
      case Expr.Subquery subquery -> {
        expression(subquery.inner(), level);
        text.append(Printer.suffix(subquery));
      }
      case Expr.Aggregate aggregate -> {
        Expr parameter = aggregate.parameter();
        parenthesized(
            Printer.head(aggregate),
            parameter == null
                ? List.of(aggregate.operand())
                : List.of(parameter, aggregate.operand()),
            level);
      }
      case Expr.Call(var function, var arguments, _) ->
          parenthesized(function.name(), arguments, level);
      case Expr.Paren(var inner, _) -> parenthesized("", List.of(inner), level);
      case Expr.Unary(boolean negative, var operand, _) -> {
        indent(level);
        int sign = text.length();
        text.append(negative ? '-' : '+');
        expression(operand, level);
        int blanks = sign + 1;
        while (text.charAt(blanks) == ' ') {
          blanks++;
        }
        text.delete(sign + 1, blanks);
      }
      case Expr.Binary binary -> chain(binary, level);
    }
  }

  private void parenthesized(String head, List<Expr> parts, int level) {
    indent(level);
    text.append(head).append("(\n");
    for (int i = 0; i < parts.size(); i++) {
      text.append(i > 0 ? ",\n" : "");
      expression(parts.get(i), level + 1);
    }
    text.append('\n');
    indent(level);
    text.append(')');
  }

  /// A chain leans to the left and may be long: a loop, not a recursion.
  private void chain(Expr.Binary root, int level) {
    var chain = new ArrayDeque<Expr.Binary>();
    Expr first = root;
    while (first instanceof Expr.Binary binary && !lines.containsKey(binary)) {
      chain.push(binary);
      first = binary.left();
    }
    int inner = level + chain.size();
    expression(first, inner);
    for (Expr.Binary binary : chain) {
      text.append('\n');
      indent(inner - 1);
      text.append(Printer.operator(binary)).append('\n');
      expression(binary.right(), inner);
      inner--;
    }
  }

  private void indent(int level) {
    text.repeat("  ", Math.min(level, MAX_INDENT));
  }
}
