package barograph.query.plan;

import barograph.query.ast.Expr;
import barograph.query.ast.TimeShift;
import barograph.query.plan.Planner.Vector;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of the planner that knows `info`.
record InfoPlanner(Planner planner) {
  private static final Matcher TARGET_INFO = Matcher.equal(Labels.METRIC_NAME, "target_info");
  private static final Matcher ANY_INFO =
      new Matcher(Matcher.Type.REGEX, Labels.METRIC_NAME, ".+_info");

  Vector plan(Expr.Call call) {
    var argument = call.arguments().getFirst();
    var vector = planner.vector(argument);
    var names = new ArrayList<Matcher>();
    var data = new ArrayList<Matcher>();
    if (call.arguments().size() > 1
        && Planner.bare(call.arguments().get(1)) instanceof Expr.Selector selector) {
      for (var matcher : selector.matchers()) {
        (matcher.name().equals(Labels.METRIC_NAME) ? names : data).add(matcher);
      }
    }
    var timing = timing(argument);
    return new Vector(
        new VectorPlan.WithInfo(vector.plan(), effective(names), data, timing),
        vector.invariant() && timing.isPinned());
  }

  /// What the names must pass: `target_info` if nothing is said, and something like an info metric
  /// if it is only said what they must not.
  private static List<Matcher> effective(List<Matcher> names) {
    if (names.isEmpty()) {
      return List.of(TARGET_INFO);
    }
    boolean onlyNegative =
        names.stream()
            .allMatch(
                m -> m.type() == Matcher.Type.NOT_EQUAL || m.type() == Matcher.Type.NOT_REGEX);
    if (onlyNegative) {
      names.addFirst(ANY_INFO);
    }
    return names;
  }

  /// When the first selector of the argument looks: what it and the subqueries around it say, from
  /// the inside out, until one of them is pinned.
  private Timing timing(Expr argument) {
    var shifts = new ArrayList<TimeShift>();
    if (!findSelector(argument, shifts)) {
      return new Timing(null, 0);
    }
    Long pinned = null;
    long offset = 0;
    for (var shift : shifts) {
      var timing = planner.timing(shift);
      offset += timing.offsetMillis();
      pinned = timing.pinnedMillis();
      if (pinned != null) {
        break;
      }
    }
    return new Timing(pinned, offset);
  }

  /// Looks for the first selector in `expr` and gathers its shift and those of the subqueries
  /// around it, the innermost first.
  private static boolean findSelector(@Nullable Expr expr, List<TimeShift> shifts) {
    return switch (expr) {
      case null -> false;
      case Expr.Selector selector -> shifts.add(selector.shift());
      case Expr.RangeSelector(var selector, _, _) -> shifts.add(selector.shift());
      case Expr.Subquery subquery ->
          findSelector(subquery.inner(), shifts) && shifts.add(subquery.shift());
      case Expr.Aggregate aggregate ->
          findSelector(aggregate.operand(), shifts) || findSelector(aggregate.parameter(), shifts);
      case Expr.Call call -> call.arguments().stream().anyMatch(a -> findSelector(a, shifts));
      case Expr.Binary binary -> findInChain(binary, shifts);
      case Expr.Unary unary -> findSelector(unary.operand(), shifts);
      case Expr.Paren paren -> findSelector(paren.inner(), shifts);
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> false;
    };
  }

  private static boolean findInChain(Expr.Binary last, List<TimeShift> shifts) {
    var rights = new ArrayList<Expr>();
    Expr at = last;
    while (at instanceof Expr.Binary binary) {
      rights.addFirst(binary.right());
      at = binary.left();
    }
    rights.addFirst(at);
    return rights.stream().anyMatch(side -> findSelector(side, shifts));
  }
}
